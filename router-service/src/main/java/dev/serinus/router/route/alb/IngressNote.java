package dev.serinus.router.route.alb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an Ingress was like before a Canary steered it.
 *
 * @param port by which backends led to the apex itself; missing when none did
 * @param actions of the user's own that forward to the application, as they were
 */
record IngressNote(JsonNode port, Map<String, String> actions) {

    private static final JsonMapper TEXT = JsonMapper.builder().build();
    private static final String PORT = "port";
    private static final String ACTIONS = "actions";

    IngressNote {
        actions = Map.copyOf(actions);
    }

    static String annotation(String apex) {
        return ClusterObject.STEERED + apex;
    }

    /** Nothing when there is none, or it cannot be read: then the same shares are given back. */
    static IngressNote of(ClusterObject ingress, String apex) {
        JsonNode read = read(ingress.annotation(annotation(apex)));
        Map<String, String> actions = new TreeMap<>();
        read.path(ACTIONS)
                .properties()
                .forEach(it -> actions.put(it.getKey(), it.getValue().asText()));
        return new IngressNote(read.path(PORT), actions);
    }

    private static JsonNode read(@Nullable String noted) {
        try {
            return noted == null ? MissingNode.getInstance() : TEXT.readTree(noted);
        } catch (JsonProcessingException malformed) {
            return MissingNode.getInstance();
        }
    }

    /** True when an action called after the apex was made in place of that port. */
    boolean isMade() {
        return !port.isMissingNode();
    }

    /** An action of the user's own as it was. */
    Optional<String> action(String name) {
        return Optional.ofNullable(actions.get(name));
    }

    @Override
    public String toString() {
        ObjectNode json = TEXT.createObjectNode();
        if (isMade()) {
            json.set(PORT, port);
        }
        if (!actions.isEmpty()) {
            var noted = json.putObject(ACTIONS);
            new TreeMap<>(actions).forEach(noted::put);
        }
        return json.toString();
    }
}
