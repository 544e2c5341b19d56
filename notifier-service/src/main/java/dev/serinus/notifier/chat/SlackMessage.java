package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.function.UnaryOperator;

/** The message that Slack understands and that Discord and Rocket.Chat accept too. */
final class SlackMessage {

    private SlackMessage() {}

    /**
     * The message.
     *
     * @param escaped how the receiver has a text that is to be read as it is
     * @param values likewise in the value of a field
     */
    static JsonNode of(
            Message message,
            Destination destination,
            String colour,
            UnaryOperator<String> escaped,
            UnaryOperator<String> values) {
        var body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("channel", destination.channel())
                        .put("username", destination.username())
                        .put("icon_url", "")
                        .put("icon_emoji", ":rocket:");
        var attachment =
                body.putArray("attachments")
                        .addObject()
                        .put("color", colour)
                        .put("author_name", message.canary())
                        .put(
                                "text",
                                message.written() ? message.text() : escaped.apply(message.text()));
        if (message.subject().link() != null) {
            attachment.put("author_link", message.subject().link());
        }
        attachment.putArray("mrkdwn_in").add("text");
        var fields = attachment.putArray("fields");
        for (var field : message.titled()) {
            fields.addObject()
                    .put("title", field.getName())
                    .put("value", values.apply(field.getValue()))
                    .put("short", false);
        }
        return body;
    }

    /**
     * Slack's named colours. Flagger shows warnings in the colour of success, so that a rollback
     * somebody asked for looks like good news.
     */
    static String colour(Message message) {
        return switch (message.severity()) {
            case ERROR -> "danger";
            case WARN -> "warning";
            case INFO -> "good";
        };
    }
}
