package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of Flagger's operator that the analysis knows, by Flagger's names and labels, so that
 * its dashboards and alert rules go on working (its {@code pkg/metrics/recorder.go}); the others
 * are the watcher's. The label {@code name} is the target's. Flagger knows one cluster only; where
 * a hub serves several, a label {@code cluster} keeps their series apart.
 */
final class FlaggerMetrics {

    /** Buckets of Prometheus' Go client, which Flagger takes as they are. */
    private static final Duration[] BUCKETS =
            List.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000).stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final boolean clusterLabel;
    private final Map<CanaryKey, String> targets = new ConcurrentHashMap<>();
    private final Map<Tags, Shown> shown = new ConcurrentHashMap<>();

    /**
     * The series of one target. Canaries may share one: targets of two kinds under one name, or of
     * two clusters on a hub that does not tell clusters apart. As in Flagger the last one that
     * moves is shown, and the series stay as long as one of them is there.
     */
    private record Shown(Set<CanaryKey> canaries, List<Meter> meters, Values values) {}

    /** What the gauges read: written by one task, read by whoever scrapes. */
    private static final class Values {
        private volatile int status = 1;
        private volatile Split split = Split.PRIMARY;

        /** Of the baseline's share: there while the Canary asks for one, or a run has one. */
        private @Nullable Meter ofBaseline;
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
        if (isTried(rollout)) {
            hide(rollout.canary());
            return;
        }
        CanaryKey canary = rollout.canary();
        String target = spec.target().name();
        String before = targets.get(canary);
        if (before != null && !before.equals(target)) {
            hide(canary);
        }
        targets.put(canary, target);
        shown.compute(
                tags(canary, "name", target),
                (_, known) -> {
                    var now = known == null ? register(canary, target) : known;
                    now.canaries().add(canary);
                    now.values().status = status(rollout.shown());
                    now.values().split = rollout.traffic().split();
                    baseline(rollout, spec, now.values());
                    return now;
                });
    }

    /** What would be so is in no series of what is. */
    private static boolean isTried(Rollout rollout) {
        return rollout.manifest().tried() != null;
    }

    /** Flagger knows no such workload, so that only those who ask for one meet its series. */
    private void baseline(Rollout rollout, Spec spec, Values values) {
        Meter known = values.ofBaseline;
        boolean has = spec.baseline() || values.split.baseline() != null;
        if (has && known == null) {
            values.ofBaseline =
                    weight(
                            rollout.canary(),
                            spec.target().name() + "-baseline",
                            values,
                            now -> percent(now.split.baseline()));
        } else if (!has && known != null) {
            registry.remove(known);
            values.ofBaseline = null;
        }
    }

    /** Takes a canary's series away: somebody else shows it, or nobody. */
    void hide(CanaryKey canary) {
        String target = targets.remove(canary);
        if (target != null) {
            shown.computeIfPresent(
                    tags(canary, "name", target), (_, known) -> without(canary, known));
        }
    }

    private @Nullable Shown without(CanaryKey canary, Shown known) {
        known.canaries().remove(canary);
        if (!known.canaries().isEmpty()) {
            return known;
        }
        known.meters().forEach(registry::remove);
        Meter ofBaseline = known.values().ofBaseline;
        if (ofBaseline != null) {
            registry.remove(ofBaseline);
        }
        return null;
    }

    /** One check of an analysis took so long. */
    void analysed(Rollout rollout, Duration took) {
        Spec spec = rollout.spec();
        if (spec != null && !isTried(rollout)) {
            Timer.builder("flagger.canary.duration")
                    .description("Seconds spent performing canary analysis.")
                    .tags(tags(rollout.canary(), "name", spec.target().name()))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    .record(took);
        }
    }

    /** A rollout entered a phase: two of them are ends. */
    void entered(Rollout rollout) {
        Spec spec = rollout.spec();
        if (spec == null || isTried(rollout)) {
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
        return new Shown(
                new HashSet<>(),
                List.of(
                        Gauge.builder("flagger.canary.status", values, now -> now.status)
                                .description(
                                        "Last canary analysis result: 0 running, 1 successful, 2"
                                                + " failed.")
                                .tags(tags(canary, "name", target))
                                .register(registry),
                        weight(canary, target, values, now -> percent(now.split.canaryWeight())),
                        weight(
                                canary,
                                target + "-primary",
                                values,
                                now -> percent(now.split.primaryWeight()))),
                values);
    }

    private static double percent(@Nullable Weight share) {
        return share == null ? 0 : share.number().doubleValue();
    }

    private Meter weight(
            CanaryKey canary, String workload, Values values, ToDoubleFunction<Values> read) {
        return Gauge.builder("flagger.canary.weight", values, read)
                .description("The current traffic weight of a workload, in percent.")
                .tags(tags(canary, "workload", workload))
                .register(registry);
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
        if (strategy.movesWeights()) {
            return "canary";
        }
        return strategy.matched() ? "ab-testing" : "blue-green";
    }
}
