package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;

import java.util.Objects;

/** From a canary that passed to a primary that serves its template alone. */
final class Promotion {

    private Promotion() {}

    /** What does not run, or could not be started again, is never promoted. */
    static TransitionBuilder copy(TransitionBuilder t) {
        Workload target = t.now().target();
        if (Baseline.isToGo(t.now())) {
            return t.ask(new Question.StopBaseline(new Next.Copy()));
        }
        return target == null || !target.releasable()
                ? t.then(new Next.AwaitCanary())
                // Whoever led it here has decided about what had failed.
                : skipTold(HeldFailure.forgiven(t))
                        .normal("Copying %s template spec to %s".formatted(t.target(), t.primary()))
                        .ask(new Question.Copy());
    }

    /** An annotation asked for it, for this run: neither it nor another counts any longer. */
    private static TransitionBuilder skipTold(TransitionBuilder t) {
        if (!t.now().requests().asksToSkip()) {
            return t.with(t.now().requestsOfRunDone());
        }
        String words =
                "Analysis of %s skipped, as the annotation %s asks"
                        .formatted(t.target(), Requests.SKIP_ANALYSIS);
        return t.with(t.now().requestsOfRunDone()).normal(words).happened("AnalysisSkipped", words);
    }

    static TransitionBuilder copied(TransitionBuilder t) {
        return (t.spec().skipAnalysis() ? t : t.with(Phase.PROMOTING))
                .happened("Promoting", "The template was copied to the primary.")
                .awaitQuietly(
                        new Awaited.PromotedPrimary(), t.at().plus(t.spec().progressDeadline()));
    }

    /** The primary has the new template: does it serve it? */
    static TransitionBuilder look(TransitionBuilder t) {
        Workload target = t.now().target();
        Workload primary = t.now().primary();
        if (primary == null) {
            return t;
        }
        boolean copied = primary.revision().equals(t.now().run().revision());
        boolean leaves = t.now().traffic().canaryWeight().isAny();
        if ((copied && primary.servesReady())
                || (leaves && primary.serves() && target != null && !target.serves())) {
            return t.then(new Next.RouteBack());
        }
        if (copied && primary.stuck()) {
            return t.then(new Next.FailPromotion(primary.because()));
        }
        return copied && !primary.because().isEmpty() && !FirstLook.isAhead(t.now())
                ? t.warnOnce(NotReady.primary(t, primary.because()))
                : t;
    }

    /** The primary was not ready in time. Held, it may take longer: then only people are told. */
    static TransitionBuilder late(TransitionBuilder t, Awaited awaited) {
        Workload primary = t.now().primary();
        String because = primary == null ? "it was not seen" : primary.because();
        if (t.now().run().withdrawn() && !t.now().held()) {
            String words = NotReady.primary(t, because);
            return t.chat(Severity.ERROR, "Rolled back what was withdrawn, " + words)
                    .then(new Next.RollBack(because));
        }
        return t.now().held()
                ? t.warnOnce(NotReady.primary(t, because))
                        .await(awaited, t.spec().progressDeadline())
                : t.then(new Next.FailPromotion(because));
    }

    /** The primary serves the new template: traffic goes back to it, at once or step by step. */
    static TransitionBuilder routeBack(TransitionBuilder t) {
        Workload target = t.now().target();
        Workload primary = t.now().primary();
        if (primary == null || !primary.serves()) {
            return t.await(new Awaited.PromotedPrimary(), t.spec().progressDeadline());
        }
        Weight weight = t.now().traffic().canaryWeight();
        if (!weight.isAny() && t.spec().skipAnalysis() && !t.now().run().withdrawn()) {
            return t.ask(new Question.ScaleDown());
        }
        if (!t.spec().routes()) {
            return drain(t);
        }
        Weight step = stepBack(t);
        boolean canaryServes = target != null && target.serves();
        Split back =
                step.isAny() && canaryServes
                        ? Split.of(weight.minus(step).ofTraffic())
                        : Split.PRIMARY;
        boolean said = step.isAny() || t.now().run().withdrawn();
        return (said ? t : t.normal("Routing all traffic to primary"))
                .ask(new Question.RouteBack(back));
    }

    /** On a mesh with whole percents no less than one, or the split would never change. */
    private static Weight stepBack(TransitionBuilder t) {
        Weight step = t.now().run().stepWeightPromotion();
        return t.spec().hasFineWeights() ? step : Weight.percent(step.wholePercent());
    }

    /**
     * The target shows again what the primary runs: there is nothing left to analyse, and nothing
     * to promote, which Flagger does all the same.
     */
    static TransitionBuilder withdraw(TransitionBuilder t) {
        Workload target =
                Objects.requireNonNull(t.now().target(), "reverted by a target that was seen");
        return t.with(t.now().requestsOfRunDone())
                .normal(
                        "Revision of %s withdrawn! Routing all traffic to primary"
                                .formatted(t.target()))
                .happened("Withdrawing", "The target shows what the primary runs.")
                .with(t.now().run().withdrawnFor(target))
                .then(new Next.RouteBack());
    }

    static TransitionBuilder routedBack(TransitionBuilder t) {
        Weight weight = t.now().traffic().canaryWeight();
        var there = weight.isAny() ? t : t.with(Phase.FINALISING);
        var told =
                t.now().run().stepWeightPromotion().isAny()
                        ? there.tell(
                                false,
                                "Advance %s primary weight %s".formatted(t.canary(), weight.rest()),
                                Phase.PROMOTING)
                        : there;
        var happened =
                told.happened(
                        "RoutedToPrimary",
                        "The primary has %s %% of the traffic.".formatted(weight.rest()));
        return weight.isAny()
                ? happened.await(new Awaited.StepBack(), t.spec().interval())
                : drain(happened);
    }

    private static TransitionBuilder drain(TransitionBuilder t) {
        return t.with(Phase.FINALISING)
                .with(t.now().traffic().iterated(0))
                .await(drained(t), t.spec().interval());
    }

    private static Awaited.Drained drained(TransitionBuilder t) {
        Workload primary = t.now().primary();
        boolean whole =
                primary != null && primary.servesReady() && isCopied(t.now().run(), primary);
        return new Awaited.Drained(whole ? Boolean.TRUE : null);
    }

    /** The canary goes only after its successor serves. */
    static TransitionBuilder scaleDown(TransitionBuilder t) {
        Workload primary = t.now().primary();
        if (t.spec().routes() && t.now().traffic().canaryWeight().isAny()) {
            return t.then(new Next.RouteBack());
        }
        if (primary != null && primary.servesReady() && isCopied(t.now().run(), primary)) {
            return t.ask(new Question.ScaleDown());
        }
        String because = primary == null ? "it was not seen" : primary.because();
        if (!(t.stage() instanceof Stage.Waiting(Awaited.Drained drained, var timer))) {
            return t.await(drained(t), t.spec().interval());
        }
        if (t.at().isBefore(timer.since().plus(t.spec().progressDeadline()))) {
            var told = because.isEmpty() ? t : t.warnOnce(NotReady.primary(t, because));
            return told.stay(drained, timer.since(), t.at().plus(t.spec().interval()));
        }
        // Everybody is there, and met what is promoted when it was whole: it wants more pods since.
        boolean serves = primary != null && primary.serves() && isCopied(t.now().run(), primary);
        return serves && drained.wasWhole()
                ? t.warning(
                                "%s; it serves what was promoted, so that the promotion is complete"
                                        .formatted(NotReady.primary(t, because)))
                        .ask(new Question.ScaleDown())
                : t.then(new Next.FailPromotion(because));
    }

    /** True unless the primary is known to run something else than what is promoted. */
    static boolean isCopied(Run run, Workload primary) {
        return primary.revision().isEmpty() || primary.revision().equals(run.revision());
    }

    static TransitionBuilder succeeded(TransitionBuilder t) {
        Run run = t.now().run();
        KnownRevisions b = t.now().revisions();
        var ended =
                t.with(Phase.SUCCEEDED)
                        .with(new Traffic(Split.PRIMARY, 0, t.now().traffic().failedChecks()));
        var told =
                run.withdrawn()
                        ? ended.with(b.reverted(run.configs(), run.configs()))
                                .happened(
                                        "Withdrawn",
                                        "The primary still runs revision " + run.revision() + ".")
                        : ended.with(promoted(t, run, b))
                                .happened(
                                        "Promoted",
                                        "The primary runs revision " + run.revision() + ".");
        return told.then(new Next.End());
    }

    private static KnownRevisions promoted(TransitionBuilder t, Run run, KnownRevisions before) {
        return before.remembering(
                        new Promoted(run.revision(), run.configs(), t.at()),
                        t.spec().ruled().returns() != null)
                .promoted(run.revision(), run.configs())
                .releasing(Released.of(t.now().target(), run.revision(), t.at()));
    }

    /**
     * Traffic stays where it is: the primary may serve with some of its pods, and the canary
     * serves.
     */
    static TransitionBuilder failed(TransitionBuilder t, String because) {
        String words = NotReady.primary(t, because);
        return t.warning(words)
                .warning(
                        "Promotion of %s failed, primary not ready: %s"
                                .formatted(t.target(), words))
                .chat(Severity.ERROR, "Promotion failed, primary not ready: " + words)
                .with(Phase.FAILED)
                .with(t.now().traffic().uncounted())
                .happened("PromotionFailed", words)
                .then(new Next.End());
    }
}
