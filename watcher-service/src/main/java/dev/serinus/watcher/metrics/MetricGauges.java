package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What metric queries tell operators: Flagger's gauge of each measured value, and our own times. A
 * value is shown as long as a Canary asks for it. Safe for use by many threads.
 */
final class MetricGauges {

    private record Series(String target, String namespace, String metric) {}

    /** A value, and the Canaries that asked for it: targets of two kinds may share a name. */
    private static final class Shown {
        private final Set<CanaryKey> canaries = new HashSet<>();
        private volatile double value;
    }

    private final MeterRegistry meters;
    private final Map<Series, Shown> shown = new HashMap<>(); // guarded by this
    private final Map<Series, Gauge> gauges = new HashMap<>(); // guarded by this

    MetricGauges(MeterRegistry meters) {
        this.meters = meters;
    }

    void asked(Question question, Answer answer, Duration took) {
        meters.timer(
                        "serinus.watcher.metric.query.duration",
                        "kind",
                        question.kind().name(),
                        "outcome",
                        answer.getClass().getSimpleName())
                .record(took);
    }

    /** As Flagger exports it: the name is the target's, durations are in seconds. */
    synchronized void measured(CanaryKey canary, String target, Question question, double value) {
        String metric = question.metric().name();
        var series = new Series(target, canary.namespace(), metric);
        var entry = shown.computeIfAbsent(series, _ -> new Shown());
        entry.canaries.add(canary);
        // A template may have the name of a builtin one, and has units of its own.
        boolean inMilliseconds =
                question.kind() == MetricKind.BUILTIN && metric.equals(Questions.DURATION);
        entry.value = inMilliseconds ? value / 1000 : value;
        gauges.computeIfAbsent(series, _ -> register(series, entry));
    }

    /** Takes away what the Canary no longer asks for; all of it when it is gone. */
    synchronized void keep(CanaryKey canary, @Nullable SpecSummary summary) {
        shown.entrySet()
                .removeIf(
                        each ->
                                !isAsked(summary, each.getKey())
                                        && each.getValue().canaries.remove(canary)
                                        && each.getValue().canaries.isEmpty()
                                        && unregister(each.getKey()));
    }

    private static boolean isAsked(@Nullable SpecSummary summary, Series series) {
        return summary != null
                && summary.target().name().equals(series.target())
                && summary.metrics().stream()
                        .map(CanaryMetric::name)
                        .anyMatch(series.metric()::equals);
    }

    private boolean unregister(Series series) {
        var gauge = gauges.remove(series);
        return gauge != null && meters.remove(gauge) != null;
    }

    private Gauge register(Series series, Shown holder) {
        return Gauge.builder("flagger_canary_metric_analysis", holder, it -> it.value)
                .description("Last value of each metric of an analysis, durations in seconds")
                .tag("name", series.target())
                .tag("namespace", series.namespace())
                .tag("metric", series.metric())
                .register(meters);
    }
}
