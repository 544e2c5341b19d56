package dev.serinus.conformance.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads JSON and YAML, and writes JSON in one way only: the spacing, the escapes and, where asked
 * for, the order of names of the tool that made the recordings. Labels and declared differences are
 * such texts.
 */
public final class Json {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private Json() {}

    /** A tree of this text. */
    public static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }

    /** The documents of this YAML text, empty ones left out. */
    public static List<JsonNode> yaml(String text) {
        List<JsonNode> documents = new ArrayList<>();
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (values.hasNextValue()) {
                JsonNode document = values.nextValue();
                if (document != null && !document.isNull() && !document.isMissingNode()) {
                    documents.add(document);
                }
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not YAML: " + malformed.getMessage(), malformed);
        }
        return documents;
    }

    /** A copy as if it had been written and read: equal numbers are equal nodes. */
    public static ObjectNode plain(ObjectNode tree) {
        return (ObjectNode) read(tree.toString());
    }

    /** A new object without names. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The tree of a plain value, as a map, list, text or number. */
    public static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /** One line, names in their own order. */
    public static String text(JsonNode tree) {
        return write(tree, false);
    }

    /** One line, names in alphabetical order: equal for equal trees. */
    public static String sorted(JsonNode tree) {
        return write(tree, true);
    }

    private static String write(JsonNode tree, boolean sorted) {
        var out = new StringBuilder();
        write(tree, sorted, out);
        return out.toString();
    }

    private static void write(JsonNode tree, boolean sorted, StringBuilder out) {
        String between = "";
        switch (tree.getNodeType()) {
            case OBJECT -> {
                out.append('{');
                for (String name : names(tree, sorted)) {
                    quote(name, out.append(between));
                    write(tree.get(name), sorted, out.append(": "));
                    between = ", ";
                }
                out.append('}');
            }
            case ARRAY -> {
                out.append('[');
                for (JsonNode each : tree) {
                    write(each, sorted, out.append(between));
                    between = ", ";
                }
                out.append(']');
            }
            case STRING -> quote(tree.textValue(), out);
            case NUMBER -> out.append(number(tree));
            default -> out.append(tree.asText());
        }
    }

    /** Without an exponent where it can be read without. */
    private static String number(JsonNode number) {
        double size = Math.abs(number.doubleValue());
        if (number.isIntegralNumber() || size >= 1e16 || (size < 1e-4 && size > 0)) {
            return number.asText();
        }
        String plain = new BigDecimal(Double.toString(number.doubleValue())).toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    private static List<String> names(JsonNode tree, boolean sorted) {
        List<String> names = new ArrayList<>();
        tree.fieldNames().forEachRemaining(names::add);
        if (sorted) {
            Collections.sort(names);
        }
        return names;
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
