package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

/**
 * A Canary whose manifest names another target. What was under analysis is none of its any more:
 * the run ends, and the other target is initialised as any that is met for the first time. The
 * router takes traffic back to the primary of before, which serves until the new one does.
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
            case Stage.InitializationFailed _ -> t.then(new Next.Initialize());
            case Stage.Asking(Question.Availability _, var _) -> t;
            case Stage.Asking(Question.Initialize _, var _) -> t.again();
            case Stage.Asking _, Stage.Waiting _ ->
                    switch (t.stage().part()) {
                        case REST, START, ANALYSIS, PROMOTION, ROLLBACK -> begin(t, before);
                        // The hooks that are left are of a run of the one before.
                        case END -> begin(End.told(t), before);
                        case INITIALIZATION ->
                                t.with(t.now().withoutPrimary())
                                        .with(Phase.INITIALIZING)
                                        .then(new Next.Create());
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
        return told.with(told.now().withoutPrimary())
                .with(Phase.INITIALIZING)
                .with(Run.past(run.number(), run.revision()))
                .with(told.now().traffic().uncounted())
                .then(new Next.Initialize());
    }
}
