package dev.serinus.watcher.metrics;

import dev.serinus.watcher.metrics.Questions.Question;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What metric queries tell operators: Flagger's gauge of each measured value, and our own times.
 */
final class MetricGauges {

    private record Series(String target, String namespace, String metric) {}

    private final MeterRegistry meters;
    private final Map<Series, double[]> values = new ConcurrentHashMap<>();

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
    void measured(String target, String namespace, Question question, double value) {
        String metric = question.metric().name();
        double exported = metric.equals(Questions.DURATION) ? value / 1000 : value;
        values.computeIfAbsent(new Series(target, namespace, metric), this::register)[0] = exported;
    }

    private double[] register(Series series) {
        double[] holder = {0};
        Gauge.builder("flagger_canary_metric_analysis", holder, value -> value[0])
                .description("Last value of each metric of an analysis, durations in seconds")
                .tag("name", series.target())
                .tag("namespace", series.namespace())
                .tag("metric", series.metric())
                .register(meters);
        return holder;
    }
}
