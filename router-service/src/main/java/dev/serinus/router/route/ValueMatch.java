package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.stream.Collectors;

/**
 * How the value of a header or of a query parameter has to be, for meshes that compare by an exact
 * text and by a regular expression that has to cover all of it.
 */
public sealed interface ValueMatch {

    /** Any value, as long as there is one. */
    record Present() implements ValueMatch {}

    /** This text, which is not empty. */
    record Exact(String text) implements ValueMatch {}

    /** A regular expression in RE2's syntax. */
    record Regex(String expression) implements ValueMatch {}

    /** A condition that is written as Istio's. */
    static ValueMatch of(JsonNode condition) {
        if (condition.has("exact")) {
            String text = condition.path("exact").asText();
            // An empty text is no condition at all to Contour, and any value to Gloo.
            return text.isEmpty() ? new Regex("^$") : new Exact(text);
        }
        if (condition.has("regex")) {
            return new Regex(condition.path("regex").asText());
        }
        String prefix = condition.path("prefix").asText();
        String suffix = condition.path("suffix").asText();
        if (!prefix.isEmpty()) {
            return new Regex(quoted(prefix) + ".*");
        }
        return suffix.isEmpty() ? new Present() : new Regex(".*" + quoted(suffix));
    }

    private static String quoted(String text) {
        String special = "\\.+*?()|[]{}^$";
        return text.codePoints()
                .mapToObj(it -> (special.indexOf(it) < 0 ? "" : "\\") + Character.toString(it))
                .collect(Collectors.joining());
    }
}
