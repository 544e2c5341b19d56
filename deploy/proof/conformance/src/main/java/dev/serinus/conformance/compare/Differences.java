package dev.serinus.conformance.compare;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How two trees differ, a line for each place. */
final class Differences {

    private static final int SHOWN = 160;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    /** Lines that begin with the path and a colon; none when the trees are equal. */
    static List<String> between(JsonNode expected, JsonNode actual, String path) {
        var differences = new Differences();
        differences.compare(expected, actual, path);
        return List.copyOf(differences.found);
    }

    private void compare(JsonNode expected, JsonNode actual, String path) {
        if (expected.isObject() && actual.isObject()) {
            objects(expected, actual, path);
        } else if (expected.isArray() && actual.isArray()) {
            lists(expected, actual, path);
        } else if (!same(expected, actual)) {
            found.add(path + ": " + unequal(Json.text(expected), Json.text(actual)));
        }
    }

    private void objects(JsonNode expected, JsonNode actual, String path) {
        Set<String> names = new TreeSet<>();
        expected.fieldNames().forEachRemaining(names::add);
        actual.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String below = path + "/" + name;
            if (!actual.has(name)) {
                found.add(below + ": only expected " + shown(expected.get(name)));
            } else if (!expected.has(name)) {
                found.add(below + ": only actual " + shown(actual.get(name)));
            } else {
                compare(expected.get(name), actual.get(name), below);
            }
        }
    }

    private void lists(JsonNode expected, JsonNode actual, String path) {
        int common = Math.min(expected.size(), actual.size());
        for (int i = 0; i < common; i++) {
            compare(expected.get(i), actual.get(i), path + "[" + i + "]");
        }
        if (expected.size() != actual.size()) {
            JsonNode longer = expected.size() > actual.size() ? expected : actual;
            found.add(
                    "%s: %d != %d entries, next %s"
                            .formatted(
                                    path,
                                    expected.size(),
                                    actual.size(),
                                    shown(longer.get(common))));
        }
    }

    /** A whole number and the same number with a fraction are two values, as in the JSON text. */
    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isIntegralNumber() && actual.isIntegralNumber()) {
            return expected.bigIntegerValue().equals(actual.bigIntegerValue());
        }
        return expected.equals(actual);
    }

    /** Both texts, or the parts of long ones where they part. */
    private static String unequal(String expected, String actual) {
        int same = 0;
        int shorter = Math.min(expected.length(), actual.length());
        while (same < shorter && expected.charAt(same) == actual.charAt(same)) {
            same++;
        }
        int from = expected.length() <= SHOWN && actual.length() <= SHOWN ? 0 : same - SHOWN / 3;
        return shown(expected, from) + " != " + shown(actual, from);
    }

    private static String shown(JsonNode tree) {
        return shown(Json.text(tree), 0);
    }

    private static String shown(String text, int wanted) {
        int from = Math.max(0, wanted);
        int to = Math.min(text.length(), from + SHOWN);
        return (from > 0 ? "..." : "")
                + text.substring(from, to)
                + (to < text.length() ? "..." : "");
    }
}
