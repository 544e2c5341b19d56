package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

/** Rocket.Chat, whose colours are numbers. */
public record Rocket() implements WebNotifier {

    @Override
    public String type() {
        return "rocket";
    }

    @Override
    public boolean isFlaggers() {
        return true;
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        String colour =
                switch (message.severity()) {
                    case ERROR -> "#FF0000";
                    case WARN -> "#FFA500";
                    case INFO -> "#0076D7";
                };
        return SlackMessage.of(message, destination, colour, this::escaped, this::escaped);
    }

    /**
     * It knows no escape for links ({@code [a](b)}, {@code <b|a>}) and mentions ({@code @all}): a
     * space of no width after their first sign leaves them what they are, a text.
     */
    @Override
    public String escaped(String text) {
        return text.replaceAll("(<|(?<!\\w)@)(?=\\S)|\\](?=\\()", "$0\u200B");
    }
}
