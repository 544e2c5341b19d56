package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;

/** What comes after the end of a run, and after the end of a Canary (reference 2.17). */
final class Ending {

    private Ending() {}

    static void postRollout(Turn turn) {
        if (!Hooks.first(turn, HookType.POST_ROLLOUT, Stage.POST_ROLLOUT)) {
            close(turn);
        }
    }

    static void postRolloutAnswered(Turn turn, Spec.Hook hook, HookAnswered answer) {
        if (!answer.passed()) {
            turn.warning("Post-rollout hook %s failed %s".formatted(hook.name(), answer.because()));
            close(turn);
            return;
        }
        turn.normal("Post-rollout check " + hook.name() + " passed");
        if (!Hooks.nextPostRollout(turn, answer.hook())) {
            close(turn);
        }
    }

    private static void close(Turn turn) {
        if (turn.draft.phase == Phase.SUCCEEDED && turn.draft.run.withdrawn()) {
            turn.normal("Rollout ended! Scaling down " + turn.target());
            turn.chat(
                    Severity.INFO,
                    "The revision was withdrawn, the primary serves as before.",
                    false);
        } else if (turn.draft.phase == Phase.SUCCEEDED) {
            boolean skipped = turn.spec().skipAnalysis();
            turn.normal(
                    skipped
                            ? "Promotion completed! Canary analysis was skipped for "
                                    + turn.target()
                            : "Promotion completed! Scaling down " + turn.target());
            turn.chat(
                    Severity.INFO,
                    skipped
                            ? "Canary analysis was skipped, promotion finished."
                            : "Canary analysis completed successfully, promotion finished.",
                    false);
        }
        Beginning.rest(turn);
    }

    /** The Canary is being deleted: what was promoted last shall serve without it. */
    static void restore(Turn turn) {
        if (turn.stage() == Stage.RESTORING || turn.stage() == Stage.TERMINATED) {
            return;
        }
        if (turn.spec().restoresOnDeletion()) {
            turn.draft.phase = Phase.TERMINATING;
            turn.normal("Terminating canary " + turn.draft.canary.dotted());
            turn.happened("Terminating", "The Canary is being deleted.");
        }
        turn.ask(Stage.RESTORING, -1, "the target is to serve again");
    }

    static void restored(Turn turn) {
        if (turn.spec().restoresOnDeletion()) {
            turn.normal("Terminated canary " + turn.draft.canary.dotted());
        }
        turn.happened("Terminated", "Nothing of it is needed any more.");
        turn.await(Stage.TERMINATED, null, "");
    }

    /** The news that the object is gone may be faster than the router's that it let go. */
    static void gone(Turn turn) {
        if (turn.stage() == Stage.RESTORING) {
            restored(turn);
        }
        turn.await(Stage.GONE, null, "");
    }
}
