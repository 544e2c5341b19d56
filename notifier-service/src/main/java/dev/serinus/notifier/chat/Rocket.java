package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.function.UnaryOperator;

/** Rocket.Chat, whose colours are numbers. */
public record Rocket() implements Notifier {

    @Override
    public String type() {
        return "rocket";
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        String colour =
                switch (message.severity()) {
                    case ERROR -> "#FF0000";
                    case WARN -> "#FFA500";
                    case INFO -> "#0076D7";
                };
        return SlackMessage.of(message, destination, colour, UnaryOperator.identity());
    }
}
