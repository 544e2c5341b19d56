package dev.serinus.loadtester;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.loadtester.task.RunFacts;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a hook posts, in Flagger's JSON. As in Flagger keys match in any case, unknown ones are
 * passed over, and null counts as nothing.
 *
 * @param checksum of the release; empty where it is not said
 * @param facts how far the rollout is; Flagger says the phase alone
 */
record Payload(
        String name,
        String namespace,
        String checksum,
        RunFacts facts,
        Map<String, String> metadata) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    Payload {
        metadata = Map.copyOf(metadata);
    }

    /** Something else than a hook's JSON was posted. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String because) {
            super(because);
        }
    }

    static Payload read(String body) throws Unreadable {
        JsonNode posted = parsed(body);
        if (!posted.isObject() && !posted.isNull()) {
            throw new Unreadable("the body has to be a JSON object");
        }
        return new Payload(
                text(posted, "name"),
                text(posted, "namespace"),
                text(posted, "checksum"),
                facts(posted),
                metadata(field(posted, "metadata")));
    }

    /** Nothing rests on them but names: what cannot be read counts as not said. */
    private static RunFacts facts(JsonNode posted) {
        JsonNode phase = field(posted, "phase");
        JsonNode run = posted.path("serinus.dev/rollout").path("run");
        return new RunFacts(
                phase.isTextual() ? phase.textValue() : "",
                run.isIntegralNumber() && run.canConvertToLong() ? Math.max(0, run.asLong()) : 0);
    }

    private static JsonNode parsed(String body) throws Unreadable {
        try {
            JsonNode posted = JSON.readTree(body);
            if (posted == null || posted.isMissingNode()) {
                throw new Unreadable("the body is empty; it has to be a JSON object");
            }
            return posted;
        } catch (JsonProcessingException broken) {
            // The parser's own message quotes the body, which may hold secrets.
            throw new Unreadable("the body has to be a JSON object, and cannot be read as JSON");
        }
    }

    private static Map<String, String> metadata(JsonNode written) throws Unreadable {
        if (!written.isObject() && !isNothing(written)) {
            throw new Unreadable("metadata: has to be an object of strings");
        }
        Map<String, String> all = new TreeMap<>();
        for (var each : written.properties()) {
            if (!each.getValue().isTextual() && !each.getValue().isNull()) {
                throw new Unreadable("metadata." + each.getKey() + ": has to be a string");
            }
            all.put(each.getKey(), each.getValue().isNull() ? "" : each.getValue().textValue());
        }
        return all;
    }

    private static String text(JsonNode posted, String key) throws Unreadable {
        JsonNode written = field(posted, key);
        if (isNothing(written)) {
            return "";
        }
        if (!written.isTextual()) {
            throw new Unreadable(key + ": has to be a string");
        }
        return written.textValue();
    }

    private static JsonNode field(JsonNode posted, String key) {
        JsonNode found = posted.path(key);
        for (var each : posted.properties()) {
            if (found.isMissingNode() && each.getKey().toLowerCase(Locale.ROOT).equals(key)) {
                found = each.getValue();
            }
        }
        return found;
    }

    private static boolean isNothing(JsonNode written) {
        return written.isMissingNode() || written.isNull();
    }

    /** A value of metadata; empty where there is none. */
    String value(String key) {
        return metadata.getOrDefault(key, "");
    }

    /** As Go reads a boolean; what is none counts as false. */
    boolean isTrue(String key) {
        return switch (value(key)) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            default -> false;
        };
    }

    /** Leaves out the metadata, which may hold secrets. */
    @Override
    public String toString() {
        return "Payload[" + name + "." + namespace + "]";
    }
}
