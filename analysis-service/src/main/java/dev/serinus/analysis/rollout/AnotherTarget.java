package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A Canary whose manifest names another target. What was under analysis is none of its any more:
 * the run ends, and nobody looks at its pods from then on. So the router takes all traffic back to
 * the primary of before at once, held or not and whatever the other target is like. Then that is
 * initialised as any that is met for the first time, while the primary of before serves.
 */
final class AnotherTarget {

    private AnotherTarget() {}

    /** True where a manifest names another than the one before. */
    static boolean isNamed(TransitionBuilder t, @Nullable Spec before) {
        return before != null
                && !DryRun.isOn(t.now())
                && !before.target().isSameAs(t.spec().target());
    }

    /** What follows from it, wherever it is named. */
    static TransitionBuilder named(TransitionBuilder t, Spec before) {
        return switch (t.stage()) {
            case Stage.Resting _ -> begin(t, before);
            case Stage.InitializationFailed _ -> initialize(t, t, new Next.Initialize());
            case Stage.Asking(Question.Availability _, var _) -> t;
            case Stage.Asking(Question.Initialize _, var _) -> t.again();
            case Stage.Asking(Question.Retreat(var from), var _) when from == Part.INITIALIZATION ->
                    t.again();
            case Stage.Asking _, Stage.Waiting _ ->
                    switch (t.stage().part()) {
                        case REST, START, ANALYSIS, PROMOTION, ROLLBACK -> begin(t, before);
                        // The hooks that are left are of a run of the one before.
                        case END -> begin(End.told(t), before);
                        case INITIALIZATION ->
                                initialize(
                                        t,
                                        t.with(t.now().withoutPrimary()).with(Phase.INITIALIZING),
                                        new Next.Create());
                        case NONE, DELETION -> t;
                    };
            case Stage.Unknown _, Stage.Terminated _, Stage.Gone _ -> t;
        };
    }

    private static TransitionBuilder begin(TransitionBuilder t, Spec before) {
        String words =
                "%s is the target of %s now, and %s no more: its primary is made before anybody is led there"
                        .formatted(t.target(), t.canary(), before.target().name());
        var told =
                Permits.givenBack(t.with(t.now().requestsOfRunDone()))
                        .warning(words)
                        .happened("TargetChanged", words);
        var run = told.now().run();
        // What was seen of the primary was of the one before.
        return initialize(
                t,
                (runs(t) ? told.chat(Severity.WARN, endOfRun(t, before)) : told)
                        .with(told.now().withoutPrimary())
                        .with(Phase.INITIALIZING)
                        .with(Run.past(run.number(), run.revision()))
                        .with(told.now().traffic().uncounted()),
                new Next.Initialize());
    }

    /** People were told that it begins. */
    private static boolean runs(TransitionBuilder t) {
        return switch (t.stage().part()) {
            case ANALYSIS, PROMOTION, ROLLBACK -> true;
            case NONE, INITIALIZATION, REST, START, END, DELETION -> false;
        };
    }

    private static String endOfRun(TransitionBuilder t, Spec before) {
        String end =
                "The run ends without a verdict: %s is the target now, and %s no more"
                        .formatted(t.target(), before.target().name());
        return before.hooks(new Meaning.AfterTheEnd()).isEmpty()
                ? end
                : end + "; the webhooks after the end are not called";
    }

    /** What takes traffic back from a canary, and does nothing else. */
    private static boolean turns(Question.OfRouter question) {
        return question instanceof Question.Retreat
                || question instanceof Question.RollBack
                || question instanceof Question.RouteBack
                || question instanceof Question.ClearBeforeRun
                || question instanceof Question.ClearForRestart;
    }

    private static TransitionBuilder initialize(
            TransitionBuilder before, TransitionBuilder t, Next then) {
        return mayReachCanary(before) ? takeBack(t) : t.then(then);
    }

    /**
     * In a run the router may have turned more than it has said, and of one that is being taken
     * over it has not said anything yet.
     */
    private static boolean mayReachCanary(TransitionBuilder t) {
        boolean isTakenOver =
                t.stage().part() == Part.INITIALIZATION && t.now().phase() != Phase.INITIALIZING;
        return runs(t) || isTakenOver || !t.now().traffic().split().equals(Split.PRIMARY);
    }

    /**
     * Why all traffic was led to the canary that was to be taken back from it; empty where it was
     * not. It is asked again until the primary of before serves, or the time for that is over: then
     * the other target is the way out.
     */
    static Optional<String> kept(
            TransitionBuilder t, Question.OfRouter question, RouterAnswered answer) {
        var read = answer.read();
        boolean isKept =
                read != null
                        && read.canaryWeight().equals(Weight.ALL)
                        && turns(question)
                        && Questions.split(t.now(), question).equals(Split.PRIMARY);
        return isKept
                ? Optional.of("the primary of the target before does not serve")
                : Optional.empty();
    }

    /** True where nobody looks at the canary of before, and it has traffic still. */
    static boolean isLeft(Rollout r) {
        return Initialization.hasFormerPrimary(r)
                && r.stage().part() == Part.INITIALIZATION
                && !r.traffic().split().equals(Split.PRIMARY);
    }

    /** What is asked where the other target cannot be had: first that, so that it ends. */
    static TransitionBuilder takeBack(TransitionBuilder t) {
        return t.ask(new Question.Retreat(Part.INITIALIZATION));
    }
}
