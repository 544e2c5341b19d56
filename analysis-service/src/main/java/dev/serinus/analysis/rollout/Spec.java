package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What the machine knows of a Canary's spec: validated, defaulted, without secrets. */
public record Spec(
        String provider,
        Target target,
        String service,
        Duration progressDeadline,
        boolean skipAnalysis,
        boolean suspend,
        boolean restoresOnDeletion,
        Duration interval,
        int threshold,
        Strategy strategy,
        List<Check> checks,
        List<Hook> hooks) {

    public Spec {
        checks = List.copyOf(checks);
        hooks = List.copyOf(hooks);
    }

    /** The workload that is released. */
    public record Target(String apiVersion, String kind, String name) {}

    /** How traffic moves; fixed for a run once it began. Weights are percent. */
    public record Strategy(
            int iterations,
            int stepWeight,
            List<Integer> stepWeights,
            int maxWeight,
            int maxWeightWritten,
            int stepWeightPromotion,
            boolean mirror,
            boolean matched) {

        public Strategy {
            stepWeights = List.copyOf(stepWeights);
        }
    }

    /** One metric; its place in the list is its path. */
    public record Check(
            String name,
            @Nullable Double threshold,
            @Nullable Range range,
            OnUnknown onNoData,
            OnUnknown onProviderError) {}

    /** Inclusive bounds; an absent one does not bound. */
    public record Range(@Nullable Double min, @Nullable Double max) {}

    /** One webhook; its place in the list is its path. */
    public record Hook(
            String name, HookType type, Duration timeout, int retries, boolean muteAlert) {

        /**
         * How long all of its attempts may take at most, waits between them included (reference
         * 3.3).
         */
        public Duration patience() {
            Duration waits =
                    Duration.ofSeconds(Math.min(30L * retries, (1L << Math.min(retries, 20)) - 1));
            return timeout.multipliedBy(retries + 1L).plus(waits).plusSeconds(10);
        }
    }

    /** The places of the hooks of one type, in order. */
    public List<Integer> hooks(HookType type) {
        return IntStream.range(0, hooks.size())
                .filter(place -> hooks.get(place).type() == type)
                .boxed()
                .toList();
    }
}
