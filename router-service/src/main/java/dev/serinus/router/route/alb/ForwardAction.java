package dev.serinus.router.route.alb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An action of an Ingress that forwards requests to target groups, as the annotation has it. The
 * controller takes the names of its fields in any case; here they are as its documentation has
 * them. Fields that nobody here knows stay.
 *
 * @param json the whole action
 */
record ForwardAction(ObjectNode json) {

    static final String SERVICE = "serviceName";
    static final String PORT = "servicePort";
    static final String WEIGHT = "weight";

    /** More target groups AWS takes in no action. */
    static final int MOST_GROUPS = 5;

    /** A larger weight AWS does not take. */
    static final int MOST_WEIGHT = 999;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonMapper TEXT = JsonMapper.builder().build();
    private static final String TYPE = "type";
    private static final String CONFIG = "forwardConfig";
    private static final String GROUPS = "targetGroups";
    private static final String STICKINESS = "targetGroupStickinessConfig";

    /** To one Service, by a port as a backend of an Ingress names it. */
    static ForwardAction to(String service, JsonNode port) {
        var group = JSON.objectNode().put(SERVICE, service);
        group.set(PORT, port.has("name") ? port.path("name") : port.path("number"));
        var action = JSON.objectNode().put(TYPE, "forward");
        action.putObject(CONFIG).putArray(GROUPS).add(group);
        return new ForwardAction(action);
    }

    /** Empty for a text that is no such action, or no JSON. */
    static Optional<ForwardAction> parse(String text) {
        JsonNode read;
        try {
            read = TEXT.readTree(text);
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
        if (!(read instanceof ObjectNode action)) {
            return Optional.empty();
        }
        spell(action, List.of(TYPE, CONFIG));
        if (!action.path(TYPE).asText().equals("forward")
                || !(action.path(CONFIG) instanceof ObjectNode config)) {
            return Optional.empty();
        }
        spell(config, List.of(GROUPS, STICKINESS));
        if (config.path(STICKINESS) instanceof ObjectNode stickiness) {
            spell(stickiness, List.of("enabled"));
        }
        for (JsonNode group : config.path(GROUPS)) {
            if (group instanceof ObjectNode fields) {
                spell(fields, List.of(SERVICE, PORT, WEIGHT));
            }
        }
        return Optional.of(new ForwardAction(action));
    }

    /** True for a text that the controller can read at all, and so all of its Ingress. */
    static boolean isJson(String text) {
        try {
            var _ = TEXT.readTree(text);
            return !text.isBlank();
        } catch (JsonProcessingException malformed) {
            return false;
        }
    }

    private static void spell(ObjectNode object, List<String> names) {
        for (String name : names) {
            object.propertyStream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(key -> key.equalsIgnoreCase(name) && !key.equals(name))
                    .toList()
                    .forEach(
                            key -> {
                                JsonNode value = object.remove(key);
                                if (!object.has(name)) {
                                    object.set(name, value);
                                }
                            });
        }
    }

    JsonNode groups() {
        return json.path(CONFIG).path(GROUPS);
    }

    /** True where a client stays with the target group that it met, also when that has weight 0. */
    boolean isSticky() {
        return json.path(CONFIG).path(STICKINESS).path("enabled").asBoolean();
    }

    /** The same with other target groups. */
    ForwardAction with(ArrayNode groups) {
        ObjectNode copy = json.deepCopy();
        copy.withObjectProperty(CONFIG).set(GROUPS, groups);
        return new ForwardAction(copy);
    }

    /** The same with other ports of those of its target groups that are so. */
    ForwardAction at(JsonNode port, Predicate<JsonNode> which) {
        JsonNode wanted = to("", port).groups().path(0).path(PORT);
        var groups = JSON.arrayNode();
        for (JsonNode group : groups()) {
            boolean isOther =
                    which.test(group) && !group.path(PORT).asText().equals(wanted.asText());
            groups.add(
                    isOther && group.deepCopy() instanceof ObjectNode copy
                            ? copy.set(PORT, wanted)
                            : group);
        }
        return with(groups);
    }

    /** The whole list's weight of one; AWS takes one that is alone without. */
    static long weight(JsonNode group) {
        return Math.max(0, group.path(WEIGHT).asLong(1));
    }

    static String service(JsonNode group) {
        return group.path(SERVICE).asText();
    }

    /** Nothing for a group that names no Service. */
    static JsonNode port(JsonNode group) {
        return group.has(PORT) ? group.path(PORT) : MissingNode.getInstance();
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
