package dev.serinus.schemas.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * That one of several fields is to be set. JSON Schema's {@code oneOf} says it too, but its refusal
 * reads {@code <nil>: Invalid value}; a rule in CEL has a message.
 */
public final class ChoiceRule {

    private static final String MARK = "choice";
    private static final String RULES = "x-kubernetes-validations";
    private static final Pattern FIELD = Pattern.compile("has\\(self\\.(\\w+)\\) \\? 1 : 0");
    private static final Pattern END = Pattern.compile("(==|<=) 1$");

    private ChoiceRule() {}

    /** Turns each mark {@code choice: {of: [a, b], least: 1}} of a schema into a rule. */
    static void writeAll(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path(MARK).has("of")) {
            JsonNode choice = object.remove(MARK);
            boolean needed = choice.path("least").asInt() == 1;
            List<String> fields = texts(choice.path("of"));
            object.withArrayProperty(RULES)
                    .addObject()
                    .put("rule", rule(fields, needed))
                    .put(
                            "message",
                            "%s one of %s has to be set"
                                    .formatted(
                                            needed ? "exactly" : "at most",
                                            String.join(", ", fields)));
        }
        schema.forEach(ChoiceRule::writeAll);
    }

    private static String rule(List<String> fields, boolean needed) {
        return fields.stream()
                .map("(has(self.%s) ? 1 : 0)"::formatted)
                .collect(Collectors.joining(" + ", "", needed ? " == 1" : " <= 1"));
    }

    /**
     * Puts what these rules mean into plain JSON Schema, for checks without an evaluator of CEL;
     * other rules are left out.
     */
    public static void asSchema(ObjectNode schema) {
        JsonNode rules = schema.remove(RULES);
        if (rules == null) {
            return;
        }
        for (JsonNode each : rules) {
            String rule = each.path("rule").asText();
            List<String> fields =
                    FIELD.matcher(rule).results().map((MatchResult it) -> it.group(1)).toList();
            var end = END.matcher(rule);
            if (!fields.isEmpty() && end.find()) {
                ArrayNode all = schema.withArrayProperty("oneOf");
                fields.forEach(field -> all.addObject().putArray("required").add(field));
                if (end.group(1).equals("<=")) {
                    ArrayNode any = all.addObject().putObject("not").putArray("anyOf");
                    fields.forEach(field -> any.addObject().putArray("required").add(field));
                }
            }
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
