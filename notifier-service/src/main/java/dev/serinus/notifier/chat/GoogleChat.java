package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Google Chat, by its cards: one section for the message and one for each field. */
public record GoogleChat() implements WebNotifier {

    @Override
    public String type() {
        return "gchat";
    }

    @Override
    public boolean isFlaggers() {
        return true;
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        var body = JsonNodeFactory.instance.objectNode();
        var card = body.putArray("cards").addObject();
        card.putObject("header")
                .put("title", "Flagger")
                .put("subtitle", message.canary())
                .put("imageUrl", "https://flagger.app/favicon.png");
        var sections = card.putArray("sections");
        paragraph(sections, message.written() ? message.text() : strong(message.text()));
        for (var field : message.titled()) {
            paragraph(
                    sections,
                    Html.betweenTags(field.getName()) + "<br>" + strong(field.getValue()));
        }
        if (message.subject().link() != null) {
            sections.addObject()
                    .putArray("widgets")
                    .addObject()
                    .putArray("buttons")
                    .addObject()
                    .putObject("textButton")
                    .put("text", message.subject().linkTitle())
                    .putObject("onClick")
                    .putObject("openLink")
                    .put("url", message.subject().link());
        }
        return body;
    }

    /**
     * Cards are HTML; Flagger inserts texts as they are, and {@code 97% < 99%} ends the message.
     */
    @Override
    public String escaped(String text) {
        return Html.betweenTags(text);
    }

    private static void paragraph(ArrayNode sections, String html) {
        sections.addObject()
                .putArray("widgets")
                .addObject()
                .putObject("textParagraph")
                .put("text", html);
    }

    private static String strong(String text) {
        return "<font color=#848484><strong>" + Html.betweenTags(text) + "</strong></font>";
    }
}
