package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.FineWeights;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType;

import java.time.Duration;

/** The validated spec on the wire as the machine's own. How a metric is asked stays behind. */
final class Specs {

    private Specs() {}

    static Spec of(RolloutSpec spec) {
        return new Spec(
                spec.getProvider(),
                new Spec.Target(
                        spec.getTargetApiVersion(), spec.getTargetKind(), spec.getTargetName()),
                spec.getService(),
                Duration.ofSeconds(spec.getProgressDeadlineSeconds()),
                spec.getSkipAnalysis(),
                spec.getSuspend(),
                // absent restores, as true does: a deleted Canary must not leave an outage
                spec.getRevertOnDeletion() == null || spec.getRevertOnDeletion(),
                Duration.ofMillis(spec.getIntervalMillis()),
                spec.getThreshold(),
                strategy(spec, weights(spec)),
                spec.getMetrics().stream().map(Specs::check).toList(),
                spec.getWebhooks().stream().map(Specs::hook).toList());
    }

    private static Strategy strategy(RolloutSpec spec, FineWeights weights) {
        return new Strategy(
                spec.getIterations(),
                new Weight(weights.getStepWeight()),
                weights.getStepWeights().stream().map(Weight::new).toList(),
                new Weight(weights.getMaxWeight()),
                new Weight(weights.getMaxWeightWritten()),
                new Weight(weights.getStepWeightPromotion()),
                spec.getMirror(),
                spec.getMatched());
    }

    private static FineWeights weights(RolloutSpec spec) {
        return spec.getFineWeights() != null
                ? spec.getFineWeights()
                : FineWeights.newBuilder()
                        .setStepWeight(Weight.percent(spec.getStepWeight()).basisPoints())
                        .setStepWeights(
                                spec.getStepWeights().stream()
                                        .map(it -> Weight.percent(it).basisPoints())
                                        .toList())
                        .setMaxWeight(Weight.percent(spec.getMaxWeight()).basisPoints())
                        .setMaxWeightWritten(
                                Weight.percent(spec.getMaxWeightWritten()).basisPoints())
                        .setStepWeightPromotion(
                                Weight.percent(spec.getStepWeightPromotion()).basisPoints())
                        .build();
    }

    private static Check check(MetricSpec metric) {
        return new Check(
                metric.getName(),
                metric.getThreshold(),
                metric.getRange() ? new Check.Range(metric.getMin(), metric.getMax()) : null,
                OnUnknown.valueOf(metric.getOnNoData().name()),
                OnUnknown.valueOf(metric.getOnProviderError().name()));
    }

    private static Spec.Hook hook(HookSpec hook) {
        return new Spec.Hook(
                hook.getName(),
                HookType.valueOf(hook.getType().name()),
                Duration.ofMillis(hook.getTimeoutMillis()),
                hook.getRetries(),
                hook.getMuteAlert());
    }
}
