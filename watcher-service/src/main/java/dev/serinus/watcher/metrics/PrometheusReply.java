package dev.serinus.watcher.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.outgoing.Redaction;

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

    private static final ObjectMapper JSON = JsonMapper.builder().build();

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
            reply = JSON.readTree(body);
        } catch (JsonProcessingException _) {
            return new Answer.Unavailable(
                    redaction.of(UNREADABLE + notJson(body) + ", '" + body + "'", LONGEST));
        }
        if (reply.path("status").asText().equals("error")) {
            return new Answer.Unavailable(
                    redaction.of("query failed: " + reply.path("error").asText(""), LONGEST));
        }
        return extract(reply.path("data").path("result"), redaction);
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
            JsonNode value = one.path("value").path(1);
            if (!value.isTextual()) {
                return new Answer.Unavailable(
                        UNREADABLE + "a series has no plain value (a native histogram?)");
            }
            answer = number(value.asText(), redaction);
            if (answer instanceof Answer.Unavailable) {
                return answer;
            }
        }
        return answer;
    }

    private static Answer number(String text, Redaction redaction) {
        return switch (text) {
            case "+Inf", "Inf" -> new Answer.Value(Double.POSITIVE_INFINITY);
            case "-Inf" -> new Answer.Value(Double.NEGATIVE_INFINITY);
            case "NaN" -> new Answer.NoData(NO_VALUES);
            default -> {
                try {
                    yield Answer.of(Double.parseDouble(text), NO_VALUES);
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
                : "this is no JSON";
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
