package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of Flagger's operator that the analysis knows, by Flagger's names and labels, so that
 * its dashboards and alert rules go on working (reference: controller 7). The label {@code name} is
 * the target's. Flagger knows one cluster only; where a hub serves several, a label {@code cluster}
 * keeps their series apart.
 */
final class FlaggerMetrics {

    /** Buckets of Prometheus' Go client, which Flagger takes as they are. */
    private static final Duration[] BUCKETS =
            List.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000).stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final boolean clusterLabel;
    private final Map<CanaryKey, Shown> shown = new ConcurrentHashMap<>();
    private final Map<Tags, AtomicInteger> totals = new ConcurrentHashMap<>();

    /** The series of one canary; a renamed target gets new ones. */
    private record Shown(String target, Tags namespace, List<Meter> meters, Values values) {}

    /** What the gauges read: written by one task, read by whoever scrapes. */
    private static final class Values {
        private volatile int status = 1;
        private volatile int weight;
    }

    FlaggerMetrics(MeterRegistry registry, boolean clusterLabel) {
        this.registry = registry;
        this.clusterLabel = clusterLabel;
    }

    /** Shows a canary as it is now; one without a spec has no target and no series yet. */
    void show(Rollout rollout) {
        Spec spec = rollout.spec();
        if (spec == null) {
            return;
        }
        CanaryKey canary = rollout.canary();
        Shown known = shown.get(canary);
        if (known != null && !known.target().equals(spec.target().name())) {
            hide(canary);
            known = null;
        }
        if (known == null) {
            known = register(canary, spec.target().name());
            shown.put(canary, known);
        }
        known.values().status = status(rollout.shown());
        known.values().weight = rollout.traffic().canaryWeight();
    }

    /** Takes a canary's series away: somebody else shows it, or nobody. */
    void hide(CanaryKey canary) {
        Shown known = shown.remove(canary);
        if (known != null) {
            known.meters().forEach(registry::remove);
            count(known.namespace(), -1);
        }
    }

    /** One step of an analysis was decided upon. */
    void analysed(Rollout rollout, long nanos) {
        Spec spec = rollout.spec();
        if (spec != null) {
            Timer.builder("flagger.canary.duration")
                    .description("Seconds spent performing canary analysis.")
                    .tags(tags(rollout.canary(), "name", spec.target().name()))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A rollout entered a phase: two of them are ends. */
    void entered(Rollout rollout) {
        Spec spec = rollout.spec();
        if (spec == null) {
            return;
        }
        Tags ended =
                tags(rollout.canary(), "name", spec.target().name())
                        .and("deployment_strategy", strategy(spec.strategy()));
        switch (rollout.shown()) {
            case SUCCEEDED ->
                    registry.counter(
                                    "flagger.canary.successes",
                                    ended.and(
                                            "analysis_status",
                                            spec.skipAnalysis() ? "skipped" : "completed"))
                            .increment();
            case FAILED ->
                    registry.counter(
                                    "flagger.canary.failures",
                                    ended.and("analysis_status", "completed"))
                            .increment();
            default -> {}
        }
    }

    private Shown register(CanaryKey canary, String target) {
        Values values = new Values();
        List<Meter> meters = new ArrayList<>();
        meters.add(
                Gauge.builder("flagger.canary.status", values, now -> now.status)
                        .description(
                                "Last canary analysis result: 0 running, 1 successful, 2 failed.")
                        .tags(tags(canary, "name", target))
                        .register(registry));
        meters.add(weight(canary, target, values, now -> now.weight));
        meters.add(weight(canary, target + "-primary", values, now -> 100 - now.weight));
        Tags namespace = clusterTags(canary).and("namespace", canary.namespace());
        count(namespace, 1);
        return new Shown(target, namespace, meters, values);
    }

    private Meter weight(
            CanaryKey canary, String workload, Values values, ToDoubleFunction<Values> read) {
        return Gauge.builder("flagger.canary.weight", values, read)
                .description("The current traffic weight of a workload, in percent.")
                .tags(tags(canary, "workload", workload))
                .register(registry);
    }

    /**
     * Flagger's {@code flagger_canary_total} goes up and down. The client library keeps that ending
     * for counters, so it is one here, and only its declared type differs.
     */
    private void count(Tags namespace, int more) {
        totals.computeIfAbsent(namespace, this::total).addAndGet(more);
    }

    private AtomicInteger total(Tags namespace) {
        AtomicInteger total = new AtomicInteger();
        FunctionCounter.builder("flagger.canary", total, AtomicInteger::get)
                .description("Total number of canary objects.")
                .tags(namespace)
                .register(registry);
        return total;
    }

    private Tags tags(CanaryKey canary, String label, String value) {
        return clusterTags(canary).and(label, value, "namespace", canary.namespace());
    }

    private Tags clusterTags(CanaryKey canary) {
        return clusterLabel ? Tags.of("cluster", canary.cluster()) : Tags.empty();
    }

    /** Flagger's order of the three: the documented alert fires above 1. */
    static int status(Phase phase) {
        return switch (phase) {
            case PROGRESSING -> 0;
            case FAILED -> 2;
            default -> 1;
        };
    }

    static String strategy(Strategy strategy) {
        if (strategy.iterations() == 0) {
            return "canary";
        }
        return strategy.matched() ? "ab-testing" : "blue-green";
    }
}
