package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the answer of Prometheus's query API. What Flagger overlooks is an error here: {@code
 * status: error}, and a sample without a plain value, such as a native histogram.
 */
final class PrometheusReply {

    private static final String UNREADABLE = "error unmarshaling result: ";

    private PrometheusReply() {}

    /** What several series mean where one value is wanted. */
    enum Several {
        /** The last of them, as in Flagger. */
        LAST_COUNTS,
        /** An error. */
        REFUSED
    }

    static Answer read(JsonNode reply, String body, HttpSource source, Several several)
            throws JsonText.NoNumber {
        if (reply.isArray()) {
            return new Answer.Unavailable(UNREADABLE + "this is no JSON object");
        }
        if (reply.path("status").asText().equals("error")) {
            return source.unavailable("query failed: " + reply.path("error").asText(""));
        }
        var lacking = source.lacking(reply.path("data").path("result"), "result", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        JsonNode series = reply.path("data").path("result");
        if (series.size() > 1 && several == Several.REFUSED && series.path(0).isObject()) {
            return several(series);
        }
        Answer answer = new Answer.NoData(HttpSource.NO_VALUES);
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
            answer = sample(one.path("value").path(0).asDouble(), value.textValue());
        }
        return Answer.ofSeries(series.size(), answer);
    }

    /** Whether this is the answer to {@code vector(1)} of a server that works. */
    static Answer one(Answer answer) {
        return switch (answer) {
            case Answer.Samples one when one.value() == 1 -> one;
            case Answer.Samples _ -> new Answer.Unavailable("value is not 1 for query: vector(1)");
            case Answer.NoData(var because, _) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Unavailable(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Misconfigured wrong -> wrong;
        };
    }

    /**
     * Reads the answer of a range query: one series, of which NaN is no sample, without what a
     * server that aligns spans with their steps tells of before.
     */
    static Answer readRange(JsonNode reply, String body, HttpSource source, Span wanted)
            throws JsonText.NoNumber {
        if (reply.isArray()) {
            return new Answer.Unavailable(UNREADABLE + "this is no JSON object");
        }
        if (reply.path("status").asText().equals("error")) {
            return source.unavailable("query failed: " + reply.path("error").asText(""));
        }
        JsonNode series = reply.path("data").path("result");
        var lacking = source.lacking(series, "result", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        if (series.size() > 1) {
            return several(series);
        }
        if (!series.isEmpty() && !series.path(0).hasNonNull("values")) {
            return new Answer.Unavailable(
                    UNREADABLE + "a series has no plain values (a native histogram?)");
        }
        List<Answer.Sample> samples = new ArrayList<>();
        List<Instant> notNumbers = new ArrayList<>();
        for (JsonNode one : series.path(0).path("values")) {
            double value = JsonText.number(one.path(1));
            Instant time = SampleTime.ofSeconds(one.path(0).asDouble());
            if (Double.isNaN(value)) {
                notNumbers.add(time);
            } else {
                samples.add(new Answer.Sample(time, value));
            }
        }
        return Span.answer(wanted.moments(samples), wanted.times(notNumbers));
    }

    private static Answer several(JsonNode series) {
        return HttpSource.several(
                series.size(), "series", "make one of them, as by sum() or max()");
    }

    private static Answer sample(double seconds, String text) throws JsonText.NoNumber {
        double value = JsonText.number(text);
        Instant time = SampleTime.ofSeconds(seconds);
        return Double.isNaN(value)
                ? new Answer.NoData(HttpSource.NO_VALUES, List.of(time))
                : Answer.of(time, value);
    }
}
