package dev.serinus.analysis.rollout;

import java.util.Locale;

/** On whom or what a rollout waits, for metrics: what {@link Rollout#waitingFor} says in words. */
public enum WaitingOn {

    /** Nothing: it rests. */
    NOBODY,

    /** A person, or whoever else opens a gate, resumes, promotes, aborts or mends the manifest. */
    PERSON,

    /** Pods that are to become ready. */
    PODS,

    /** An interval that is to pass, or a freeze. */
    TIME,

    /** Other rollouts: a budget is to have room. */
    FLEET,

    /** The answer of another service: a route that is written, a check, a hook. */
    ANSWER;

    /** As people and programs write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static WaitingOn of(Rollout r) {
        if (r.held()
                || r.run().gateClosedSince() != null
                || (!r.problems().isEmpty() && r.spec() == null)) {
            return PERSON;
        }
        return switch (r.stage()) {
            case Stage.Asking _ -> ANSWER;
            case Stage.Waiting(var awaited, var _) -> awaited(awaited);
            case Stage.InitializationFailed _ -> PODS;
            case Stage.Unknown _, Stage.Resting _, Stage.Terminated _, Stage.Gone _ -> NOBODY;
        };
    }

    /** True where nothing goes on before something is heard from the cluster. */
    static boolean isItsCluster(Rollout r) {
        return r.stage() instanceof Stage.Asking
                || (r.stage() instanceof Stage.Waiting(var awaited, var _)
                        && awaited(awaited) == PODS);
    }

    private static WaitingOn awaited(Awaited awaited) {
        return switch (awaited) {
            case Awaited.OpenGate _, Awaited.Decision _, Awaited.Release _ -> PERSON;
            case Awaited.FirstPrimary _,
                    Awaited.FoundTarget _,
                    Awaited.ReadyCanary _,
                    Awaited.ReadyPrimary _,
                    Awaited.CanaryAgain _,
                    Awaited.PrimaryAgain _,
                    Awaited.PromotedPrimary _,
                    Awaited.PrimaryForRollback _ ->
                    PODS;
            case Awaited.Interval(Awaited.Reason.Undecided _) -> PERSON;
            case Awaited.Turn _, Awaited.GroupReady _ -> FLEET;
            case Awaited.Interval _,
                    Awaited.FirstStep _,
                    Awaited.FreezeEnd _,
                    Awaited.StepBack _,
                    Awaited.Drained _ ->
                    TIME;
        };
    }
}
