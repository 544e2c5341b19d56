package dev.serinus.loadtester;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.loadtester.gate.Gate;
import dev.serinus.loadtester.gate.GateName;
import dev.serinus.loadtester.report.LoadReport;
import dev.serinus.loadtester.task.Run;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gates and runs as JSON. What is run is left out: they may hold secrets. */
final class Listing {

    private static final int LAST_LINES = 20;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Listing() {}

    static String gates(Map<GateName, Gate> gates) {
        ArrayNode all = JSON.arrayNode();
        new TreeMap<>(gates)
                .forEach(
                        (name, gate) ->
                                all.addObject()
                                        .put("namespace", name.namespace())
                                        .put("name", name.name())
                                        .put("gate", name.kind().title())
                                        .put("open", gate.open())
                                        .put("actor", gate.actor())
                                        .put("reason", gate.reason())
                                        .put("since", gate.since().toString()));
        return all.toPrettyString();
    }

    static String runs(List<Run> runs) {
        ArrayNode all = JSON.arrayNode();
        runs.forEach(run -> all.add(described(run)));
        return all.toPrettyString();
    }

    static String run(Run run) {
        ObjectNode all = described(run);
        run.ended()
                .ifPresent(
                        how -> {
                            ArrayNode lines = all.putArray("lastLines");
                            how.lastLines(LAST_LINES).forEach(lines::add);
                            LoadReport.in(how.output())
                                    .ifPresent(report -> all.set("report", report(report)));
                        });
        return all.toPrettyString();
    }

    private static ObjectNode described(Run run) {
        ObjectNode all =
                JSON.objectNode()
                        .put("id", run.id())
                        .put("namespace", run.task().namespace())
                        .put("name", run.task().name())
                        .put("type", run.task().type().title())
                        .put("checksum", run.checksum())
                        .put("asked", run.asked().toString())
                        .put("state", run.ended().isPresent() ? "ended" : "running");
        run.ended()
                .ifPresent(
                        how -> {
                            all.put("outcome", title(how.outcome()));
                            if (how.exit() >= 0) {
                                all.put("exit", how.exit());
                            }
                            all.put("tookMillis", how.took().toMillis());
                            if (!how.because().isEmpty()) {
                                all.put("because", how.because());
                            }
                        });
        return all;
    }

    private static ObjectNode report(LoadReport report) {
        ObjectNode numbers = JSON.objectNode().put("tool", report.tool());
        put(numbers, "p50Millis", report.p50());
        put(numbers, "p95Millis", report.p95());
        put(numbers, "p99Millis", report.p99());
        put(numbers, "requests", report.requests());
        put(numbers, "errors", report.errors());
        return numbers;
    }

    private static void put(ObjectNode numbers, String name, @Nullable Number value) {
        if (value instanceof Long whole) {
            numbers.put(name, whole);
        } else if (value != null) {
            numbers.put(name, value.doubleValue());
        }
    }

    private static String title(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
