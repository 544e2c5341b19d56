package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.RolloutEvent.Commanded;

/** What people ask for: they are told when it cannot be. */
final class Wishes {

    private Wishes() {}

    static void take(Turn turn, Commanded wish) {
        turn.actor(wish.actor());
        switch (wish.wish()) {
            case PAUSE -> {
                if (!turn.draft.paused) {
                    turn.draft.paused = true;
                    hold(turn, "Paused by " + wish.actor() + reason(wish), "Paused");
                }
            }
            case RESUME -> {
                if (turn.draft.paused) {
                    turn.draft.paused = false;
                    turn.normal("Resumed by " + wish.actor() + reason(wish));
                    turn.happened("Resumed", reason(wish));
                    if (!turn.now().held()) {
                        release(turn);
                    }
                }
            }
            case ABORT -> abort(turn, wish);
            case PROMOTE -> promote(turn, wish);
            case RETRY -> retry(turn, wish);
        }
    }

    private static String reason(Commanded wish) {
        return wish.reason().isBlank() ? "" : ": " + wish.reason();
    }

    private static void abort(Turn turn, Commanded wish) {
        if (!turn.stage().analyses() || Guarding.promoting(turn)) {
            refuse(turn, wish, "there is no analysis to abort");
            return;
        }
        turn.draft.paused = false;
        String words =
                "Rolling back %s aborted by %s%s"
                        .formatted(turn.draft.canary.dotted(), wish.actor(), reason(wish));
        turn.warning(words);
        turn.chat(Severity.WARN, words, false);
        RollingBack.begin(turn, words);
    }

    private static void promote(Turn turn, Commanded wish) {
        Workload target = turn.draft.target;
        boolean waits =
                switch (turn.stage()) {
                    case INTERVAL, TRAFFIC_CLOSED, PRE_ROLLOUT_AGAIN -> true;
                    default -> false;
                };
        if (!waits || turn.now().held() || target == null || !target.servesReady()) {
            refuse(
                    turn,
                    wish,
                    "only a canary that serves and waits at a step can be promoted at once");
            return;
        }
        turn.normal(
                "Promotion of %s asked for by %s%s"
                        .formatted(turn.draft.canary.dotted(), wish.actor(), reason(wish)));
        turn.happened("PromotionForced", reason(wish));
        Promoting.copy(turn);
    }

    private static void retry(Turn turn, Commanded wish) {
        Workload target = turn.draft.target;
        if (turn.stage() != Stage.RESTING
                || turn.now().held()
                || target == null
                || !target.exists()) {
            refuse(turn, wish, "a run can be tried again only at rest");
            return;
        }
        turn.normal(
                "Retry of %s asked for by %s%s"
                        .formatted(turn.draft.canary.dotted(), wish.actor(), reason(wish)));
        Running.detected(turn, target);
    }

    private static void refuse(Turn turn, Commanded wish, String because) {
        String words = "%s by %s refused: %s".formatted(wish.wish(), wish.actor(), because);
        turn.warning(words);
        turn.happened("ActionRefused", words);
    }

    /** Nothing moves until it is released: no timer runs, and answers are not acted upon. */
    static void hold(Turn turn, String words, String type) {
        turn.waitUntil(null);
        turn.normal(words);
        turn.happened(type, words);
    }

    /**
     * Goes on where it was held: questions are put again, waits begin anew, what was missed is
     * looked at.
     */
    static void release(Turn turn) {
        Stage stage = turn.stage();
        if (stage == Stage.UNKNOWN) {
            Beginning.start(turn);
        } else if (stage == Stage.RESTING) {
            Beginning.rest(turn);
        } else if (stage.awaitsRouter()
                || stage.awaitsHook()
                || stage == Stage.METRICS
                || stage == Stage.AVAILABILITY) {
            if (stage.analyses() && Running.superseded(turn)) {
                Running.restart(turn);
            } else {
                turn.again();
            }
        } else {
            boolean waits =
                    stage == Stage.INTERVAL
                            || stage == Stage.WAITING
                            || stage == Stage.TRAFFIC_CLOSED;
            turn.waitUntil(
                    turn.at()
                            .plus(waits ? turn.spec().interval() : turn.spec().progressDeadline()));
            if (stage == Stage.DRAINING
                    || stage == Stage.ROUTING_BACK_INTERVAL
                    || stage == Stage.PRE_ROLLOUT_AGAIN) {
                turn.waitUntil(turn.at().plus(turn.spec().interval()));
            }
            if (stage.analyses() && Running.superseded(turn)) {
                Running.restart(turn);
            } else {
                Guarding.traffic(turn);
                Guarding.proceed(turn);
            }
        }
    }
}
