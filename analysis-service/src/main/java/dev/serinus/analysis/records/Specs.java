package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.plan.Strategy;
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
                new Strategy(
                        spec.getIterations(),
                        spec.getStepWeight(),
                        spec.getStepWeights(),
                        spec.getMaxWeight(),
                        spec.getMaxWeightWritten(),
                        spec.getStepWeightPromotion(),
                        spec.getMirror(),
                        spec.getMatched()),
                spec.getMetrics().stream().map(Specs::check).toList(),
                spec.getWebhooks().stream().map(Specs::hook).toList());
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
