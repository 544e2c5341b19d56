package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Microsoft Teams, by the Adaptive Card that a workflow posts; it says times in its reader's zone.
 */
public record MsTeamsWorkflow() implements WebNotifier {

    @Override
    public String type() {
        return "msteams-workflow";
    }

    /** True for the addresses that Power Automate gives its workflows. */
    static boolean serves(URI address) {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(".logic.azure.com")
                || host.endsWith(".logic.azure.us")
                || host.endsWith(".api.powerplatform.com");
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        var body = JsonNodeFactory.instance.objectNode().put("type", "message");
        var card =
                body.putArray("attachments")
                        .addObject()
                        .put("contentType", "application/vnd.microsoft.card.adaptive")
                        .putNull("contentUrl")
                        .putObject("content")
                        .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                        .put("type", "AdaptiveCard")
                        .put("version", "1.4");
        var blocks = card.putArray("body");
        blocks.addObject()
                .put("type", "TextBlock")
                .put("text", escaped(message.canary()))
                .put("size", "Medium")
                .put("weight", "Bolder")
                .put("wrap", true);
        blocks.addObject()
                .put("type", "TextBlock")
                .put(
                        "text",
                        message.written()
                                ? message.text()
                                : Instants.shown(escaped(message.text()), MsTeamsWorkflow::local))
                .put(
                        "color",
                        switch (message.severity()) {
                            case ERROR -> "Attention";
                            case WARN -> "Warning";
                            case INFO -> subject.status() == Status.SUCCEEDED ? "Good" : "Default";
                        })
                .put("wrap", true);
        if (!message.explainedFields().isEmpty()) {
            var facts = blocks.addObject().put("type", "FactSet").putArray("facts");
            for (var field : message.explainedFields()) {
                facts.addObject()
                        .put("title", escaped(field.getName()))
                        .put("value", escaped(field.getValue()));
            }
        }
        if (subject.at().getEpochSecond() > 0) {
            blocks.addObject()
                    .put("type", "TextBlock")
                    .put("text", local(subject.at()))
                    .put("isSubtle", true)
                    .put("spacing", "None");
        }
        if (subject.link() != null) {
            card.putArray("actions")
                    .addObject()
                    .put("type", "Action.OpenUrl")
                    .put("title", subject.linkTitle())
                    .put("url", subject.link());
        }
        return body;
    }

    /** In the zone of whoever reads; facts know no such thing. */
    private static String local(Instant at) {
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        return "{{DATE(%s, SHORT)}} {{TIME(%s)}}".formatted(second, second);
    }

    /**
     * Texts are Markdown, of which cards know emphasis, lists and links. Older ones know HTML too,
     * and two braces begin a time.
     */
    @Override
    public String escaped(String text) {
        return text.replaceAll("([\\\\*_\\[\\]])", "\\\\$1")
                .replaceAll("<(?=\\S)", "<\u200B")
                .replace("{{", "{\u200B{");
    }
}
