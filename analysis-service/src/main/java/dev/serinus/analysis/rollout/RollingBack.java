package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Rollout.Traffic;

/** Back to the primary, provided that it serves; then the canary goes (reference 2.12). */
final class RollingBack {

    private RollingBack() {}

    /** Begins a rollback whose reason was told already. */
    static void begin(Turn turn, String because) {
        turn.happened("RollingBack", because);
        Workload primary = turn.draft.primary;
        if (turn.draft.traffic.canaryWeight() > 0 && (primary == null || !primary.serves())) {
            turn.warning(
                    turn.primary()
                            + " not ready: the rollback waits with traffic where it is, since the"
                            + " primary does not serve");
            turn.await(
                    Stage.ROLLBACK_WAIT,
                    turn.spec().progressDeadline(),
                    "the primary is to serve again");
        } else {
            turn.ask(Stage.ROLLING_BACK);
        }
    }

    /** A canary that did not become ready in time. */
    static void deadline(Turn turn, String because) {
        String canary = turn.draft.canary.dotted();
        turn.warning(because);
        turn.warning("Rolling back %s progress deadline exceeded %s".formatted(canary, because));
        turn.chat(Severity.ERROR, "Progress deadline exceeded " + because, false);
        begin(turn, because);
    }

    static void stillWaiting(Turn turn) {
        turn.chat(Severity.ERROR, "Rollback waits, the primary does not serve", false);
        turn.await(
                Stage.ROLLBACK_WAIT,
                turn.spec().progressDeadline(),
                "the primary is to serve again");
    }

    static void done(Turn turn) {
        if (turn.stage() == Stage.ROLLING_BACK) {
            turn.tell(
                    true,
                    "Canary failed! Scaling down " + turn.draft.canary.dotted(),
                    Phase.FAILED);
            turn.ask(Stage.ROLLBACK_SCALE);
            return;
        }
        turn.draft.phase = Phase.FAILED;
        turn.draft.traffic = new Traffic(0, false, false, 0, 0);
        turn.happened("RolledBack", "All traffic is at the primary; the canary was scaled down.");
        Ending.postRollout(turn);
    }
}
