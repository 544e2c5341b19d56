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
    private static final Pattern END = Pattern.compile("(==|<=|>=) 1$");

    private ChoiceRule() {}

    /** How many of the fields there have to be. */
    private enum Count {
        EXACTLY("exactly", "=="),
        AT_MOST("at most", "<="),
        AT_LEAST("at least", ">=");

        private final String words;
        private final String sign;

        Count(String words, String sign) {
            this.words = words;
            this.sign = sign;
        }

        static Count of(JsonNode choice) {
            boolean needed = choice.path("least").asInt() == 1;
            return !needed
                    ? AT_MOST
                    : choice.path("most").asText().equals("all") ? AT_LEAST : EXACTLY;
        }
    }

    /**
     * Turns each mark {@code choice: {of: [a, b], least: 1, most: all}} of a schema, or a list of
     * them, into rules. Without {@code least} there may be none, without {@code most} only one.
     */
    static void writeAll(JsonNode schema) {
        if (schema instanceof ObjectNode object && isMarked(object)) {
            JsonNode marks = object.remove(MARK);
            for (JsonNode choice : marks.isArray() ? marks : List.of(marks)) {
                var count = Count.of(choice);
                List<String> fields = texts(choice.path("of"));
                object.withArrayProperty(RULES)
                        .addObject()
                        .put("rule", rule(fields, count))
                        .put(
                                "message",
                                "%s one of %s has to be set"
                                        .formatted(count.words, String.join(", ", fields)));
            }
        }
        schema.forEach(ChoiceRule::writeAll);
    }

    private static boolean isMarked(ObjectNode object) {
        JsonNode mark = object.path(MARK);
        return mark.has("of") || mark.path(0).has("of");
    }

    private static String rule(List<String> fields, Count count) {
        return fields.stream()
                .map("(has(self.%s) ? 1 : 0)"::formatted)
                .collect(Collectors.joining(" + ", "", " " + count.sign + " 1"));
    }

    /** The messages of those rules of a schema that an object does not keep. */
    public static List<String> broken(JsonNode schema, JsonNode object) {
        return StreamSupport.stream(schema.path(RULES).spliterator(), false)
                .filter(each -> isBroken(each.path("rule").asText(), object))
                .map(each -> each.path("message").asText())
                .toList();
    }

    private static boolean isBroken(String rule, JsonNode object) {
        List<String> fields =
                FIELD.matcher(rule).results().map((MatchResult it) -> it.group(1)).toList();
        var end = END.matcher(rule);
        if (fields.isEmpty() || !end.find()) {
            return false;
        }
        long there = fields.stream().filter(object::hasNonNull).count();
        return switch (end.group(1)) {
            case "==" -> there != 1;
            case "<=" -> there > 1;
            default -> there < 1;
        };
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
                ObjectNode one = schema.withArrayProperty("allOf").addObject();
                ArrayNode all = one.putArray(end.group(1).equals(">=") ? "anyOf" : "oneOf");
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
