package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.stream.StreamSupport;

/** Texts of a JSON list. */
final class Texts {

    private Texts() {}

    static List<String> of(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
