package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.outgoing.Addresses;

/**
 * Microsoft Teams, by the MessageCard of its connectors, or by the card of a workflow where the
 * address is one's.
 */
public record MsTeams() implements WebNotifier {

    private static final MsTeamsWorkflow WORKFLOW = new MsTeamsWorkflow();

    @Override
    public String type() {
        return "msteams";
    }

    @Override
    public boolean isFlaggers() {
        return true;
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        if (Addresses.parse(destination.address()).filter(MsTeamsWorkflow::serves).isPresent()) {
            return WORKFLOW.payload(message, destination);
        }
        String colour =
                switch (message.severity()) {
                    case ERROR -> "FF0000";
                    case WARN -> "FFA500";
                    case INFO -> "0076D7";
                };
        var card =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("@type", "MessageCard")
                        .put("@context", "http://schema.org/extensions")
                        .put("themeColor", colour)
                        .put("summary", message.canary());
        var section =
                card.putArray("sections")
                        .addObject()
                        .put(
                                "activityTitle",
                                message.written() ? message.text() : escaped(message.text()))
                        .put("activitySubtitle", message.canary());
        var facts = section.putArray("facts");
        for (var field : message.titled()) {
            facts.addObject()
                    .put("name", escaped(field.getName()))
                    .put("value", escaped(field.getValue()));
        }
        if (message.subject().link() != null) {
            var action =
                    card.putArray("potentialAction")
                            .addObject()
                            .put("@type", "OpenUri")
                            .put("name", message.subject().linkTitle());
            action.putArray("targets")
                    .addObject()
                    .put("os", "default")
                    .put("uri", message.subject().link());
        }
        return card;
    }

    /** Both kinds of cards read Markdown. */
    @Override
    public String escaped(String text) {
        return WORKFLOW.escaped(text);
    }
}
