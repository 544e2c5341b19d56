package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Which objects a list or watch is about. */
final class Selectors {

    private Selectors() {}

    /** True when an object has the labels and fields that a query asks for. */
    static boolean match(Map<String, String> query, JsonNode object) {
        JsonNode labels = object.path("metadata").path("labels");
        for (String term : terms(query.get("labelSelector"))) {
            String[] pair = term.split("==?", 2);
            if (pair.length == 2
                    ? !labels.path(pair[0]).asText().equals(pair[1])
                    : !labels.has(term)) {
                return false;
            }
        }
        for (String term : terms(query.get("fieldSelector"))) {
            boolean not = term.contains("!=");
            String[] pair = term.split(not ? "!=" : "==?", 2);
            String value = object.at("/" + pair[0].replace('.', '/')).asText();
            if (value.equals(pair[1]) == not) {
                return false;
            }
        }
        return true;
    }

    private static List<String> terms(@Nullable String selector) {
        return selector == null || selector.isEmpty() ? List.of() : List.of(selector.split(","));
    }
}
