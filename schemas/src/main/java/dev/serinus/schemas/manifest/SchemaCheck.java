package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.SpecSize;
import dev.serinus.schemas.crd.ChoiceRule;
import dev.serinus.schemas.crd.Crds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What the API server makes of a resource by its definition: it drops fields that it does not know
 * without a word, and refuses words that are none of those it knows.
 */
final class SchemaCheck {

    /** A field, or what is wrong with its value. */
    record Mistake(String path, String words, boolean refused) {}

    /** Of the spec of each of our kinds. */
    static final Map<String, JsonNode> SPECS = Crds.specs();

    /** By how they are written; no more than the definitions have. */
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    /** Nothing that long fits a pattern, and each repetition of one takes room on the stack. */
    private static final int LONGEST_MATCHED = 500;

    List<Mistake> of(Manifest manifest) {
        List<Mistake> found = new ArrayList<>();
        JsonNode schema = SPECS.get(manifest.kind());
        JsonNode spec = manifest.object().path("spec");
        // One that is too large is refused whole.
        if (schema != null && spec.isObject() && !SpecSize.isTooLarge(spec)) {
            check(schema, spec, "spec", found);
        }
        return found;
    }

    private static void check(JsonNode schema, JsonNode value, String path, List<Mistake> found) {
        if (value.isArray()) {
            atMost(schema.path("maxItems"), value.size(), "entries", path, found);
            for (int place = 0; place < value.size(); place++) {
                check(schema.path("items"), value.get(place), path + "[" + place + "]", found);
            }
        } else if (value.isObject() && schema.path("properties").isObject()) {
            ChoiceRule.broken(schema, value)
                    .forEach(words -> found.add(new Mistake(path, "is wrong: " + words, true)));
            boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
            JsonNode fields = schema.path("properties");
            for (var field : value.properties()) {
                String at = path + "." + field.getKey();
                JsonNode known = fields.get(field.getKey());
                if (known != null) {
                    check(known, field.getValue(), at, found);
                } else if (!open) {
                    found.add(new Mistake(at, unknown(field.getKey(), fields), false));
                }
            }
        } else if (value.isTextual()) {
            text(schema, value.asText(), path, found);
        } else if (value.isNumber()) {
            number(schema, value, path, found);
        }
    }

    private static void number(JsonNode schema, JsonNode value, String path, List<Mistake> found) {
        if (!Double.isFinite(value.doubleValue())) {
            found.add(
                    new Mistake(
                            path, "must be a number; found %s".formatted(value.asText()), true));
            return;
        }
        JsonNode least = schema.path("minimum");
        JsonNode most = schema.path("maximum");
        if (least.isNumber() && value.decimalValue().compareTo(least.decimalValue()) < 0) {
            found.add(new Mistake(path, bound("least", least, value), true));
        }
        if (most.isNumber() && value.decimalValue().compareTo(most.decimalValue()) > 0) {
            found.add(new Mistake(path, bound("most", most, value), true));
        }
    }

    private static String bound(String which, JsonNode bound, JsonNode value) {
        return "must be at %s %s; found %s"
                .formatted(
                        which,
                        bound.decimalValue().stripTrailingZeros().toPlainString(),
                        value.asText());
    }

    private static void atMost(
            JsonNode most, int size, String what, String path, List<Mistake> found) {
        if (most.isNumber() && size > most.asInt()) {
            found.add(
                    new Mistake(
                            path,
                            "must have at most %s %s; found %d"
                                    .formatted(most.asText(), what, size),
                            true));
        }
    }

    private static void text(JsonNode schema, String value, String path, List<Mistake> found) {
        List<String> words = new ArrayList<>();
        schema.path("enum").forEach(word -> words.add(word.asText()));
        if (!words.isEmpty() && !words.contains(value)) {
            words.remove("");
            found.add(
                    new Mistake(
                            path,
                            "must be one of %s; found '%s'"
                                    .formatted(String.join(", ", words), Finding.cut(value)),
                            true));
        }
        atMost(schema.path("maxLength"), value.length(), "characters", path, found);
        String pattern = schema.path("pattern").asText();
        if (!pattern.isEmpty() && !matches(pattern, value)) {
            found.add(
                    new Mistake(
                            path,
                            "must match %s; found '%s'".formatted(pattern, Finding.cut(value)),
                            true));
        }
    }

    private static boolean matches(String pattern, String value) {
        return value.length() <= LONGEST_MATCHED
                && PATTERNS.computeIfAbsent(pattern, Pattern::compile).matcher(value).find();
    }

    private static String unknown(String written, JsonNode fields) {
        List<String> names = new ArrayList<>();
        fields.fieldNames().forEachRemaining(names::add);
        return "is no field, so that the API server drops it"
                + Slips.nearest(written, names).map("; is %s meant?"::formatted).orElse("");
    }
}
