package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Spec.Hook;
import dev.serinus.analysis.rollout.Spec.Target;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.ScoreRule;
import dev.serinus.analysis.rollout.plan.Copies;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** Specs for tests: podinfo, steps of 20 to 60, threshold 2, an interval of 10 s. */
final class Specs {

    static final Strategy LINEAR = strategy(0, 20, List.of(), 60, 60, 0, false, false);

    private Specs() {}

    /** All weights in percent. */
    static Strategy strategy(
            int iterations,
            double stepWeight,
            List<? extends Number> stepWeights,
            double maxWeight,
            double maxWeightWritten,
            double stepWeightPromotion,
            boolean mirror,
            boolean matched) {
        return new Strategy(
                iterations,
                Weight.nearest(stepWeight),
                stepWeights.stream().map(it -> Weight.nearest(it.doubleValue())).toList(),
                Weight.nearest(maxWeight),
                Weight.nearest(maxWeightWritten),
                Weight.nearest(stepWeightPromotion),
                mirror,
                matched,
                null);
    }

    /** The same, for who matches or for everybody. */
    static Strategy matched(Strategy strategy, boolean matched) {
        return new Strategy(
                strategy.iterations(),
                strategy.stepWeight(),
                strategy.stepWeights(),
                strategy.maxWeight(),
                strategy.maxWeightWritten(),
                strategy.stepWeightPromotion(),
                strategy.mirror(),
                matched,
                strategy.copies());
    }

    /** The same, with copies whose share grows; all in percent. */
    static Strategy growing(Strategy strategy, int from, int step, int most) {
        return new Strategy(
                strategy.iterations(),
                strategy.stepWeight(),
                strategy.stepWeights(),
                strategy.maxWeight(),
                strategy.maxWeightWritten(),
                strategy.stepWeightPromotion(),
                strategy.mirror(),
                strategy.matched(),
                new Copies(Weight.percent(from), Weight.percent(step), Weight.percent(most)));
    }

    /** The same, which is only tried. */
    static Spec tried(Spec spec, boolean dryRun) {
        return SpecBuilder.of(spec).dryRun(dryRun).build();
    }

    /** The same, which says this of its runs. */
    static Spec ruled(Spec spec, RunRules rules) {
        return SpecBuilder.of(spec).rules(rules).build();
    }

    /** The same, of which no run is analysed. */
    static Spec skipping(Spec spec) {
        return SpecBuilder.of(spec).skipAnalysis(true).build();
    }

    /** One step less than {@link #LINEAR}, of other sizes. */
    static final Strategy SHORTER = strategy(0, 0, List.of(30, 50), 50, 0, 0, false, false);

    /** The same by another plan. */
    static Spec planned(Spec spec, Strategy strategy) {
        return SpecBuilder.of(spec).strategy(strategy).build();
    }

    /** The same, whose failed analyses are held for people. */
    static Spec holding(Spec spec, Duration timeout) {
        return ruled(spec, new RunRules(true, timeout));
    }

    /** The same without a mesh, whose share is that of its pods. */
    static Spec byReplicas(Spec spec) {
        var rules = spec.ruled();
        return ruled(
                of("kubernetes", spec),
                new RunRules(
                        rules.holdsFailed(),
                        rules.holdTimeout(),
                        rules.returns(),
                        rules.shortens(),
                        rules.after(),
                        true,
                        rules.awaitedBy(),
                        rules.group(),
                        true));
    }

    static Spec linear(Hook... hooks) {
        return with(LINEAR, 2, false, false, hooks);
    }

    static Spec with(
            Strategy strategy, int threshold, boolean skip, boolean suspend, Hook... hooks) {
        return new Spec(
                "istio",
                new Target("apps/v1", "Deployment", "podinfo"),
                "podinfo",
                Duration.ofSeconds(60),
                skip,
                suspend,
                true,
                Duration.ofSeconds(10),
                null,
                threshold,
                strategy,
                List.of(
                        new Check(
                                "request-success-rate",
                                null,
                                new Range(99.0, null),
                                OnUnknown.FAIL,
                                OnUnknown.HOLD)),
                List.of(hooks),
                null,
                false,
                false,
                null);
    }

    static Hook hook(String name, HookType type) {
        return new Hook(name, type, Duration.ofSeconds(10), 0, false, null);
    }

    /** One that may keep its gate closed for so long. */
    static Hook hook(String name, HookType type, Duration timeout, GateLimit.OnTimeout then) {
        return new Hook(name, type, Duration.ofSeconds(10), 0, false, new GateLimit(timeout, then));
    }

    static Spec of(String provider, Spec spec) {
        return copy(spec, provider, spec.suspend(), spec.threshold(), spec.checks(), spec.hooks());
    }

    /** The same, of another target. */
    static Spec ofTarget(String name, Spec spec) {
        return ofTarget(new Target("apps/v1", "Deployment", name), spec);
    }

    static Spec ofTarget(Target target, Spec spec) {
        return SpecBuilder.of(spec).target(target).build();
    }

    static Spec ofKind(String kind, Spec spec) {
        return SpecBuilder.of(spec).target(new Target("apps/v1", kind, "podinfo")).build();
    }

    /** One that judges by these checks alone. */
    static Spec checked(
            Strategy strategy, int threshold, @Nullable ScoreRule score, Check... checks) {
        return SpecBuilder.of(linear())
                .threshold(threshold)
                .strategy(strategy)
                .checks(List.of(checks))
                .score(score)
                .build();
    }

    static Spec withBaseline(Spec spec, boolean baseline) {
        return SpecBuilder.of(spec).baseline(baseline).dryRun(false).build();
    }

    /** The same, whose canary is left alone for a while before the first step. */
    static Spec delayed(Spec spec, Duration delay) {
        return SpecBuilder.of(spec).delay(delay).dryRun(false).build();
    }

    static Spec edited(Spec spec, boolean suspend, int threshold) {
        return copy(spec, spec.provider(), suspend, threshold, spec.checks(), spec.hooks());
    }

    static Spec withChecks(Spec spec, List<Check> checks) {
        return copy(spec, spec.provider(), spec.suspend(), spec.threshold(), checks, spec.hooks());
    }

    static Spec withHooks(Spec spec, List<Hook> hooks) {
        return copy(spec, spec.provider(), spec.suspend(), spec.threshold(), spec.checks(), hooks);
    }

    static Spec onUnknown(Spec spec, OnUnknown meaning) {
        var checks =
                spec.checks().stream()
                        .map(
                                check ->
                                        new Check(
                                                check.name(),
                                                check.threshold(),
                                                check.range(),
                                                meaning,
                                                meaning))
                        .toList();
        return copy(spec, spec.provider(), spec.suspend(), spec.threshold(), checks, spec.hooks());
    }

    /** The same with limits of each metric. */
    static Spec limited(Spec spec, Limits limits) {
        var checks =
                spec.checks().stream()
                        .map(
                                check ->
                                        new Check(
                                                check.name(),
                                                check.threshold(),
                                                check.range(),
                                                check.onNoData(),
                                                check.onProviderError(),
                                                check.compare(),
                                                limits,
                                                check.nan()))
                        .toList();
        return copy(spec, spec.provider(), spec.suspend(), spec.threshold(), checks, spec.hooks());
    }

    private static Spec copy(
            Spec spec,
            String provider,
            boolean suspend,
            int threshold,
            List<Check> checks,
            List<Hook> hooks) {
        return SpecBuilder.of(spec)
                .provider(provider)
                .suspend(suspend)
                .threshold(threshold)
                .checks(checks)
                .hooks(hooks)
                .dryRun(false)
                .build();
    }
}
