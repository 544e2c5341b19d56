package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.guard.Guard;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Severity;

/**
 * Keeps traffic where somebody serves. Traffic goes away from a canary that lost its pods, and to
 * the canary when the primary lost its own; Flagger leaves it where nobody answers.
 */
final class Protection {

    private Protection() {}

    /** Looks at the split and at who serves, and moves traffic where it has to. */
    static TransitionBuilder guard(TransitionBuilder t) {
        return switch (danger(t.now())) {
            case NONE -> t;
            case CANARY_LOST, BASELINE_LOST -> lost(t);
            case PRIMARY_LOST -> rescue(t);
        };
    }

    private static TransitionBuilder lost(TransitionBuilder t) {
        if (t.stage().part() == Part.ROLLBACK) {
            return t; // it goes back to the primary, which serves
        }
        return ends(t.now()) ? finish(t) : retreat(t);
    }

    /** What is wrong with where traffic goes and is not being put right already. */
    static Guard.Danger danger(Rollout r) {
        Workload target = r.target();
        Workload primary = r.primary();
        var split = r.traffic().split();
        boolean rollsBack = r.stage().part() == Part.ROLLBACK;
        boolean exposed =
                split.canaryWeight().isAny()
                        || split.baseline() != null
                        || r.promoting()
                        || rollsBack;
        if (target == null || primary == null || !watched(r) || !exposed) {
            return Guard.Danger.NONE;
        }
        var danger =
                Guard.of(
                        split.canaryWeight().isAny(),
                        split.primaryWeight().isAny() || split.matched(),
                        target.serves(),
                        primary.serves());
        var worst =
                danger == Guard.Danger.NONE && Baseline.isLost(r) && primary.serves()
                        ? Guard.Danger.BASELINE_LOST
                        : danger;
        return isPutRight(r.stage(), worst) ? Guard.Danger.NONE : worst;
    }

    /** Not before Serinus steers the canary, and not after. */
    private static boolean watched(Rollout r) {
        if (r.spec() == null || !r.spec().routes() || clears(r.stage())) {
            return false;
        }
        return switch (r.stage().part()) {
            case REST, START, ANALYSIS, PROMOTION, END -> true;
            // Before its traffic is moved it waits for the primary, and after it the canary is
            // kept.
            case ROLLBACK -> !(r.stage().question() instanceof Question.RollBack);
            case NONE, INITIALIZATION, DELETION -> false;
        };
    }

    /** A revision that nobody has analysed is about to lose its traffic: it is not given more. */
    private static boolean clears(Stage stage) {
        return stage.question() instanceof Question.ClearBeforeRun
                || stage.question() instanceof Question.ClearForRestart;
    }

    /** What the open question puts right; another danger may come up meanwhile. */
    private static boolean isPutRight(Stage stage, Guard.Danger danger) {
        var question = stage.question();
        return switch (danger) {
            case NONE -> true;
            case CANARY_LOST -> question instanceof Question.Retreat;
            case PRIMARY_LOST -> question instanceof Question.Rescue;
            case BASELINE_LOST ->
                    question instanceof Question.Retreat
                            || question instanceof Question.StopBaseline
                            || question instanceof Question.RouteBack;
        };
    }

    /** The primary has the new template and serves: what the canary loses goes there at once. */
    private static TransitionBuilder finish(TransitionBuilder t) {
        var toPrimary = new Question.RouteBack(Split.PRIMARY);
        return toPrimary.equals(t.stage().question()) ? t : t.ask(toPrimary);
    }

    private static TransitionBuilder retreat(TransitionBuilder t) {
        Workload target = t.now().target();
        boolean canary = target == null || !target.serves();
        var told =
                canary
                        ? target == null ? t : t.warning(NotReady.words(t, target))
                        : t.warning(NotReady.baseline(t, t.now().baseline()));
        return stepBack(told)
                .happened(
                        "Held",
                        "The %s does not serve: traffic goes to the primary until it does."
                                .formatted(canary ? "canary" : "baseline"))
                .ask(new Question.Retreat(from(t)));
    }

    private static TransitionBuilder rescue(TransitionBuilder t) {
        Workload primary = t.now().primary();
        var told =
                t.warning(
                        NotReady.primary(t, primary == null ? "not seen yet" : primary.because()));
        // A primary that is being made anew may lose its pods for a moment, as with `Recreate`. One
        // that does not come back from that is alerted when its time is over.
        return (ends(t.now())
                        ? told
                        : stepBack(
                                told.chat(
                                        Severity.ERROR,
                                        "The primary does not serve, all traffic goes to the"
                                                + " canary")))
                .happened(
                        "Held",
                        "The primary does not serve: traffic goes to the canary until it does.")
                .ask(new Question.Rescue(from(t)));
    }

    /** The primary is the one to get all traffic, as soon as it serves. */
    private static boolean ends(Rollout r) {
        return r.promoting() || (r.run().withdrawn() && r.stage().part() == Part.PROMOTION);
    }

    /**
     * Where it goes on afterwards. A copy that was asked for is asked for again after the check.
     */
    private static Part from(TransitionBuilder t) {
        Part part = t.stage().part();
        return part == Part.PROMOTION && !ends(t.now()) ? Part.ANALYSIS : part;
    }

    /**
     * The stop is to be reached again: its interval has not been spent with traffic where it
     * belongs.
     */
    private static TransitionBuilder stepBack(TransitionBuilder t) {
        Run run = t.now().run();
        boolean underWay = t.stage().question() instanceof Question.Shift;
        boolean rollsBack = t.stage().part() == Part.ROLLBACK;
        return underWay || rollsBack || run.reached() == 0 || t.now().phase().rests()
                ? t
                : t.with(run.at(run.reached() - 1));
    }

    static TransitionBuilder retreated(TransitionBuilder t, Part from) {
        return switch (from) {
            // It may have come in between while an edited manifest got its shape.
            case REST -> t.then(new Next.Reshape());
            case START -> t.then(new Next.AskToStart());
            case END -> t.then(new Next.End());
            // Nothing that a canary without traffic says is compared with anybody.
            case ANALYSIS, PROMOTION ->
                    t.with(t.now().run().comparingAnew()).then(new Next.AwaitCanaryAgain());
            // Of a target that another took the place of.
            case INITIALIZATION -> t.then(new Next.Initialize());
            case NONE, ROLLBACK, DELETION ->
                    throw new IllegalStateException("nobody retreats from " + from);
        };
    }

    static TransitionBuilder rescued(TransitionBuilder t, Part from) {
        return switch (from) {
            case REST -> t.then(new Next.Reshape());
            case START -> t.then(new Next.AskToStart());
            case END -> t.then(new Next.End());
            // The primary's last values are those of its fall, and the canary's of all the load.
            case ANALYSIS, PROMOTION ->
                    t.with(t.now().run().comparingAnew())
                            .await(new Awaited.PrimaryAgain(from), t.spec().progressDeadline());
            case ROLLBACK -> t.await(new Awaited.PrimaryForRollback(), t.spec().progressDeadline());
            case NONE, INITIALIZATION, DELETION ->
                    throw new IllegalStateException("nobody is rescued from " + from);
        };
    }

    /** All traffic is at the canary: does the primary serve again? */
    static TransitionBuilder lookAtPrimary(TransitionBuilder t) {
        Workload primary = t.now().primary();
        if (primary == null || !primary.servesReady()) {
            return t;
        }
        if (t.now().run().reached() == 0) {
            // No stop was reached that it could go back to: the next one has a gate before it.
            return t.ask(new Question.Retreat(Part.ANALYSIS));
        }
        // Fewer people meet the canary than now: nobody has to allow that.
        return t.now().run().next().isPresent()
                ? t.then(new Next.ShiftAgain(t.now().run().reached(), t.at(), null))
                : t.then(new Next.Tick());
    }

    static TransitionBuilder stillWithoutPrimary(TransitionBuilder t, Part from) {
        String words = "The primary does not serve, all traffic stays at the canary";
        return t.alertOnce(words, words)
                .await(new Awaited.PrimaryAgain(from), t.spec().progressDeadline());
    }
}
