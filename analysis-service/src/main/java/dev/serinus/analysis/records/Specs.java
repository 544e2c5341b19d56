package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.ReturnWindow;
import dev.serinus.analysis.rollout.RunRules;
import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.ComparisonRule;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.NotANumber;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.ScoreRule;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;
import dev.serinus.analysis.rollout.plan.Copies;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ComparisonSpec;
import dev.serinus.schemas.events.FineWeights;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.MetricLimits;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.MirrorSteps;
import dev.serinus.schemas.events.ReleaseGroup;
import dev.serinus.schemas.events.ReturnsWithin;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.ScoreSpec;
import dev.serinus.schemas.events.SpecRules;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

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
                spec.getDelayMillis() == null ? null : Duration.ofMillis(spec.getDelayMillis()),
                spec.getThreshold(),
                strategy(spec, weights(spec)),
                spec.getMetrics().stream().map(Specs::check).toList(),
                spec.getWebhooks().stream().map(Specs::hook).toList(),
                score(spec.getScore()),
                spec.getBaseline(),
                spec.getDryRun(),
                rules(spec.getRules()));
    }

    private static @Nullable RunRules rules(@Nullable SpecRules rules) {
        return rules == null
                ? null
                : new RunRules(
                        rules.getHoldsFailed(),
                        Duration.ofMillis(rules.getHoldTimeoutMillis()),
                        returns(rules.getReturns()),
                        rules.getShortensPlans(),
                        rules.getAfter().stream().map(Specs::predecessor).toList(),
                        rules.getProportional(),
                        rules.getAwaitedBy(),
                        group(rules.getGroup()),
                        rules.getByReplicas());
    }

    private static @Nullable Group group(@Nullable ReleaseGroup group) {
        return group == null
                ? null
                : new Group(
                        group.getName(),
                        group.getMembers().stream()
                                .map(
                                        one ->
                                                new Group.Member(
                                                        one.getCluster(),
                                                        one.getNamespace(),
                                                        one.getName()))
                                .toList(),
                        Objects.requireNonNull(limit(group.getLimit()), "a group has an end"));
    }

    private static Predecessor predecessor(dev.serinus.schemas.events.Predecessor one) {
        return new Predecessor(
                one.getCluster(),
                one.getNamespace(),
                one.getName(),
                Duration.ofMillis(Math.max(0, one.getSoakMillis())),
                limit(one.getLimit()),
                one.getProceedsOnFailure() || one.getIgnoresRegistry()
                        ? new Allowance(one.getProceedsOnFailure(), one.getIgnoresRegistry())
                        : null);
    }

    private static @Nullable ReturnWindow returns(@Nullable ReturnsWithin returns) {
        return returns == null
                ? null
                : new ReturnWindow(
                        returns.getRevisions(),
                        returns.getMillis() == null
                                ? null
                                : Duration.ofMillis(returns.getMillis()));
    }

    private static Strategy strategy(RolloutSpec spec, FineWeights weights) {
        return new Strategy(
                // Of its own, so that no earlier release takes it for a Blue/Green release.
                spec.getChecks() == null ? spec.getIterations() : spec.getChecks(),
                new Weight(weights.getStepWeight()),
                weights.getStepWeights().stream().map(Weight::new).toList(),
                new Weight(weights.getMaxWeight()),
                new Weight(weights.getMaxWeightWritten()),
                new Weight(weights.getStepWeightPromotion()),
                spec.getMirror(),
                spec.getMatched(),
                copies(spec.getMirrorGrowth()));
    }

    private static @Nullable Copies copies(@Nullable MirrorSteps growth) {
        return growth == null
                ? null
                : new Copies(
                        Weight.percent(growth.getFrom()),
                        Weight.percent(growth.getStep()),
                        Weight.percent(growth.getMost()));
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
                OnUnknown.valueOf(metric.getOnProviderError().name()),
                rule(metric.getCompare()),
                limits(metric.getLimits()),
                metric.getNan() == null ? null : NotANumber.valueOf(metric.getNan().name()));
    }

    private static @Nullable Limits limits(@Nullable MetricLimits limits) {
        return limits == null
                ? null
                : new Limits(
                        limits.getFailures(),
                        limits.getConsecutiveFailures(),
                        limits.getInconclusive());
    }

    private static @Nullable ComparisonRule rule(@Nullable ComparisonSpec compare) {
        return compare == null
                ? null
                : new ComparisonRule(
                        compare.getWith(),
                        new Comparison(
                                Direction.valueOf(compare.getDirection().name()),
                                compare.getTolerance(),
                                compare.getFloor(),
                                Method.valueOf(compare.getJudge().name()),
                                compare.getAlpha(),
                                compare.getMinimumSamples()),
                        Duration.ofMillis(compare.getStepMillis()),
                        compare.getWindowMillis() == null
                                ? null
                                : Duration.ofMillis(compare.getWindowMillis()),
                        compare.getCritical(),
                        compare.getMustHaveData(),
                        compare.getGroup(),
                        compare.getCounts());
    }

    private static @Nullable ScoreRule score(@Nullable ScoreSpec score) {
        return score == null
                ? null
                : new ScoreRule(score.getPass(), score.getMarginal(), score.getGroups());
    }

    private static Spec.Hook hook(HookSpec hook) {
        return new Spec.Hook(
                hook.getName(),
                HookType.valueOf(hook.getType().name()),
                Duration.ofMillis(hook.getTimeoutMillis()),
                hook.getRetries(),
                hook.getMuteAlert(),
                limit(hook.getLimit()));
    }

    private static @Nullable GateLimit limit(@Nullable GateTimeout limit) {
        return limit == null
                ? null
                : new GateLimit(
                        Duration.ofMillis(limit.getMillis()),
                        GateLimit.OnTimeout.valueOf(limit.getThen().name()));
    }
}
