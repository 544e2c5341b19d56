package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.stream.StreamSupport;

/** Texts of the API's JSON. */
final class Texts {

    private Texts() {}

    static List<String> of(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    /** The phase of a rollout, and whether it is only tried. */
    static String phase(JsonNode rollout) {
        return marked(rollout, rollout.path("phase").asText());
    }

    /** The type of an event, and whether it was only tried. */
    static String type(JsonNode event) {
        return marked(event, event.path("type").asText());
    }

    private static String marked(JsonNode one, String text) {
        return one.path("dryRun").asBoolean() ? text + " (dry run)" : text;
    }
}
