package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.schemas.outgoing.Redaction;

import java.time.Instant;

/**
 * Reads the answer of Prometheus's query API. The last of several series counts, as in Flagger;
 * what Flagger overlooks is an error here: {@code status: error}, and a sample without a plain
 * value, such as a native histogram.
 */
final class PrometheusReply {

    static final String NO_VALUES = "no values found";
    private static final String UNREADABLE = "error unmarshaling result: ";

    /** What fits into a Kubernetes event beside the rest of its sentence. */
    private static final int LONGEST = 400;

    /** Thousands of series; four megabytes of empty lists would become a hundred as objects. */
    private static final int MOST_TOKENS = 200_000;

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private PrometheusReply() {}

    static Answer read(int status, String body, Redaction redaction) {
        if (status >= 400) {
            return new Answer.Unavailable(
                    redaction.of(
                            "error response: Status %s: %s".formatted(line(status), body),
                            LONGEST));
        }
        JsonNode reply;
        try {
            reply = parsed(body);
        } catch (StreamConstraintsException _) {
            return new Answer.Unavailable(
                    UNREADABLE + "it has more parts than the answer to one question may have");
        }
        if (!reply.isObject()) {
            return new Answer.Unavailable(
                    redaction.of(UNREADABLE + notJson(body) + ", '" + body + "'", LONGEST));
        }
        if (reply.path("status").asText().equals("error")) {
            return new Answer.Unavailable(
                    redaction.of("query failed: " + reply.path("error").asText(""), LONGEST));
        }
        return extract(reply.path("data").path("result"), redaction);
    }

    /** Nothing when it is no JSON, as what is empty is: neither says that there is no data. */
    private static JsonNode parsed(String body) throws StreamConstraintsException {
        try {
            return JSON.readTree(body);
        } catch (StreamConstraintsException tooMuch) {
            throw tooMuch;
        } catch (JsonProcessingException _) {
            return MissingNode.getInstance();
        }
    }

    private static Answer extract(JsonNode series, Redaction redaction) {
        Answer answer = new Answer.NoData(NO_VALUES);
        for (JsonNode one : series) {
            if (!one.isObject()) {
                return new Answer.Unavailable(
                        UNREADABLE + "the result is a scalar, wrap it in vector()");
            }
            if (one.hasNonNull("values")) {
                return new Answer.Unavailable("query returned multiple values");
            }
            Instant time =
                    Instant.ofEpochMilli((long) (one.path("value").path(0).asDouble() * 1000));
            JsonNode value = one.path("value").path(1);
            if (!value.isTextual()) {
                return new Answer.Unavailable(
                        UNREADABLE + "a series has no plain value (a native histogram?)");
            }
            answer = number(time, value.asText(), redaction);
            if (answer instanceof Answer.Unavailable) {
                return answer;
            }
        }
        return answer;
    }

    private static Answer number(Instant time, String text, Redaction redaction) {
        return switch (text) {
            case "+Inf", "Inf" -> Answer.of(time, Double.POSITIVE_INFINITY);
            case "-Inf" -> Answer.of(time, Double.NEGATIVE_INFINITY);
            case "NaN" -> new Answer.NoData(NO_VALUES);
            default -> {
                try {
                    double value = Double.parseDouble(text);
                    yield Double.isNaN(value)
                            ? new Answer.NoData(NO_VALUES)
                            : Answer.of(time, value);
                } catch (NumberFormatException _) {
                    yield new Answer.Unavailable(
                            redaction.of(
                                    "strconv.ParseFloat: parsing \"%s\": invalid syntax"
                                            .formatted(text),
                                    LONGEST));
                }
            }
        };
    }

    /** Go's words for the usual case, a page of HTML where JSON was expected. */
    private static String notJson(String body) {
        String text = body.strip();
        if (text.isEmpty()) {
            return "unexpected end of JSON input";
        }
        char first = text.charAt(0);
        return "{[\"-0123456789tfn".indexOf(first) < 0
                ? "invalid character '%s' looking for beginning of value".formatted(first)
                : "this is no JSON object";
    }

    private static String line(int status) {
        String reason =
                switch (status) {
                    case 400 -> "Bad Request";
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case 422 -> "Unprocessable Entity";
                    case 429 -> "Too Many Requests";
                    case 500 -> "Internal Server Error";
                    case 502 -> "Bad Gateway";
                    case 503 -> "Service Unavailable";
                    case 504 -> "Gateway Timeout";
                    default -> "";
                };
        return (status + " " + reason).strip();
    }
}
