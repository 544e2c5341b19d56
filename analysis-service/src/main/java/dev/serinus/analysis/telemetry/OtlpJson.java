package dev.serinus.analysis.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Spans as OTLP writes them in JSON: ids in hexadecimal, times in nanoseconds as text. */
final class OtlpJson {

    private static final int INTERNAL = 1;
    private static final int ERROR = 2;
    private static final long NANOS = 1_000_000_000;

    private OtlpJson() {}

    static Map<String, Object> of(List<Span> spans) {
        return Map.of(
                "resourceSpans",
                List.of(
                        Map.of(
                                "resource",
                                Map.of(
                                        "attributes",
                                        attributes(Map.of("service.name", "serinus-analysis"))),
                                "scopeSpans",
                                List.of(
                                        Map.of(
                                                "scope",
                                                Map.of("name", "dev.serinus"),
                                                "spans",
                                                spans.stream().map(OtlpJson::span).toList())))));
    }

    private static Map<String, Object> span(Span span) {
        Map<String, Object> json = new HashMap<>();
        json.put("traceId", span.context().trace());
        json.put("spanId", span.context().span());
        if (span.parent() != null) {
            json.put("parentSpanId", span.parent());
        }
        json.put("name", span.name());
        json.put("kind", INTERNAL);
        json.put("startTimeUnixNano", nanos(span.start()));
        json.put("endTimeUnixNano", nanos(span.end()));
        json.put("attributes", attributes(span.attributes()));
        json.put(
                "events",
                span.events().stream()
                        .map(
                                event ->
                                        Map.of(
                                                "name",
                                                event.name(),
                                                "timeUnixNano",
                                                nanos(event.at()),
                                                "attributes",
                                                attributes(Map.of("message", event.message()))))
                        .toList());
        if (span.failed() != null) {
            json.put("status", Map.of("code", ERROR, "message", span.failed()));
        }
        return json;
    }

    private static List<Map<String, Object>> attributes(Map<String, String> all) {
        List<Map<String, Object>> json = new ArrayList<>();
        new TreeMap<>(all)
                .forEach(
                        (key, value) ->
                                json.add(
                                        Map.of("key", key, "value", Map.of("stringValue", value))));
        return json;
    }

    private static String nanos(Instant at) {
        return Long.toString(at.getEpochSecond() * NANOS + at.getNano());
    }
}
