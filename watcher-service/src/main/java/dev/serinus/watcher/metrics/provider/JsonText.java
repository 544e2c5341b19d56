package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what should be JSON, and the numbers in it. */
final class JsonText {

    /** Thousands of series; four megabytes of empty lists would become a hundred as objects. */
    private static final int MOST_TOKENS = 200_000;

    /** More than a double ever needs; the pattern takes the square of it as time. */
    private static final int LONGEST_NUMBER = 1000;

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonText() {}

    /** It has more parts than the answer to one question may have. */
    static final class TooMany extends Exception {
        private static final long serialVersionUID = 1L;

        TooMany() {
            super("it has more parts than the answer to one question may have");
        }
    }

    /** A text where a number should be. */
    static final class NoNumber extends Exception {
        private static final long serialVersionUID = 1L;

        NoNumber(String text) {
            super(
                    "strconv.ParseFloat: parsing \"%s\": invalid syntax"
                            .formatted(ClusterTrouble.shortened(text)));
        }
    }

    /** An object or a list; nothing when it is neither, as what is empty is. */
    static Optional<JsonNode> read(String body) throws TooMany {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isContainerNode);
        } catch (StreamConstraintsException _) {
            throw new TooMany();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /** Go's words for the usual case, a page of HTML where JSON was expected. */
    static String trouble(String body) {
        String text = body.strip();
        if (text.isEmpty()) {
            return "unexpected end of JSON input";
        }
        char first = text.charAt(0);
        return "{[\"-0123456789tfn".indexOf(first) < 0
                ? "invalid character '%s' looking for beginning of value".formatted(first)
                : "this is no JSON object";
    }

    /**
     * A number, or a text that is one; NaN for null, for what is absent and for what is called NaN.
     */
    static double number(JsonNode node) throws NoNumber {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isMissingNode() || node.isNull()) {
            return Double.NaN;
        }
        if (!node.isTextual()) {
            throw new NoNumber(node.isContainerNode() ? "[…]" : node.asText());
        }
        return number(node.textValue());
    }

    /** The number that a text spells, as Go reads it. */
    static double number(String text) throws NoNumber {
        return switch (text) {
            case "+Inf", "Inf", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-Inf", "-inf" -> Double.NEGATIVE_INFINITY;
            case "NaN", "nan" -> Double.NaN;
            default -> {
                // Java alone would read "1d" and blanks around a number as well.
                if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
                    throw new NoNumber(text);
                }
                yield Double.parseDouble(text);
            }
        };
    }
}
