package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Rollout.Run;

import org.jspecify.annotations.Nullable;

/** Keeps traffic where somebody serves, and moves on when what was waited for is there. */
final class Guarding {

    private Guarding() {}

    /**
     * Traffic goes only to a side that serves: away from a canary that lost its pods, to the canary
     * when the primary lost its own. Flagger leaves it where nobody answers.
     */
    static void traffic(Turn turn) {
        if (!watched(turn.stage())
                || !Plan.routes(turn.spec())
                || (turn.draft.traffic.canaryWeight() == 0 && !promoting(turn))) {
            return;
        }
        Workload target = turn.draft.target;
        Workload primary = turn.draft.primary;
        if (target == null || primary == null) {
            return;
        }
        if (!target.serves() && primary.serves() && !promoting(turn)) {
            turn.warning(Running.notReady(turn, target));
            stepBack(turn);
            turn.happened(
                    "Held",
                    "The canary does not serve: traffic goes to the primary until it does.");
            turn.ask(Stage.RETREATING, -1, "the canary is to serve again");
        } else if (!primary.serves()
                && target.serves()
                && turn.draft.traffic.canaryWeight() < 100) {
            String words = turn.primary() + " not ready: " + primary.because();
            turn.warning(words);
            turn.chat(
                    Severity.ERROR,
                    "The primary does not serve, all traffic goes to the canary",
                    false);
            if (!promoting(turn)) {
                stepBack(turn);
            }
            turn.happened(
                    "Held",
                    "The primary does not serve: traffic goes to the canary until it does.");
            turn.ask(Stage.RESCUING, -1, "the primary is to serve again");
        }
    }

    private static boolean watched(Stage stage) {
        return switch (stage) {
            case INTERVAL,
                    ROLLBACK_HOOKS,
                    ROLLOUT_HOOKS,
                    METRICS,
                    CONFIRM_TRAFFIC,
                    TRAFFIC_CLOSED ->
                    true;
            case CONFIRM_PROMOTION, SHIFTING, CANARY_READY, PRIMARY_AWAITED, RESTING -> true;
            case POST_ROLLOUT, PRIMARY_READY, ROUTING_BACK, ROUTING_BACK_INTERVAL, DRAINING -> true;
            default -> false;
        };
    }

    /** The primary has the new template: it is the one to get the traffic, as soon as it serves. */
    static boolean promoting(Turn turn) {
        return turn.draft.phase == Phase.PROMOTING || turn.draft.phase == Phase.FINALISING;
    }

    /**
     * The stop is to be reached again: its interval has not been spent with traffic where it
     * belongs.
     */
    private static void stepBack(Turn turn) {
        Run r = turn.draft.run;
        boolean underWay = turn.stage() == Stage.SHIFTING || r.stop() < 0;
        turn.draft.run = underWay ? r : r.at(r.stop() - 1);
    }

    static void done(Turn turn) {
        if (turn.draft.phase.rests()) {
            Beginning.rest(turn);
            return;
        }
        boolean retreated = turn.stage() == Stage.RETREATING;
        turn.await(
                retreated ? Stage.RETREATED : Stage.RESCUED,
                turn.spec().progressDeadline(),
                turn.draft.await.waitingFor());
        proceed(turn);
    }

    /** Something was observed: is it what the stage waits for? */
    static void proceed(Turn turn) {
        Workload target = turn.draft.target;
        Workload primary = turn.draft.primary;
        switch (turn.stage()) {
            case FIRST_PRIMARY, FIRST_PRIMARY_LATE -> {
                if (primary != null && target != null && primary.servesReady()) {
                    Beginning.primaryReady(turn);
                } else if (primary != null
                        && primary.stuck()
                        && turn.stage() == Stage.FIRST_PRIMARY) {
                    Beginning.primaryLate(turn, primary.because());
                } else if (primary != null && !primary.because().isEmpty()) {
                    turn.warnOnce(turn.primary() + " not ready: " + primary.because());
                }
            }
            case CANARY_READY -> {
                if (target != null && target.servesReady()) {
                    Analysing.tick(turn);
                } else if (target != null && target.stuck()) {
                    RollingBack.deadline(turn, Running.notReady(turn, target));
                }
            }
            case PRIMARY_AWAITED -> {
                if (primary != null && primary.servesReady()) {
                    Analysing.tick(turn);
                }
            }
            case RETREATED -> {
                if (target != null && target.servesReady()) {
                    again(turn);
                } else if (target != null && target.stuck()) {
                    RollingBack.deadline(turn, Running.notReady(turn, target));
                }
            }
            case RESCUED -> {
                if (promoting(turn)) {
                    promotedPrimary(turn, target, primary);
                } else if (primary != null && primary.servesReady()) {
                    again(turn);
                }
            }
            case PRIMARY_READY -> promotedPrimary(turn, target, primary);
            case ROLLBACK_WAIT -> {
                if (primary != null && primary.serves()) {
                    turn.ask(Stage.ROLLING_BACK);
                }
            }
            default -> {}
        }
    }

    private static void promotedPrimary(
            Turn turn, @Nullable Workload target, @Nullable Workload primary) {
        if (primary == null) {
            return;
        }
        boolean copied = primary.revision().equals(turn.draft.run.revision());
        if ((copied && primary.servesReady())
                || (primary.serves() && target != null && !target.serves())) {
            Promoting.primaryReady(turn);
        } else if (copied && primary.stuck()) {
            Promoting.failed(turn, primary.because());
        } else if (copied && !primary.because().isEmpty()) {
            turn.warnOnce(turn.primary() + " not ready: " + primary.because());
        }
    }

    /** Both sides serve again: back to the stop that was left. */
    private static void again(Turn turn) {
        Analysing.shift(turn);
    }

    /** The time a stage may take is over. */
    static void due(Turn turn) {
        Workload target = turn.draft.target;
        Workload primary = turn.draft.primary;
        switch (turn.stage()) {
            case FIRST_PRIMARY ->
                    Beginning.primaryLate(
                            turn, primary == null ? "it was not seen" : primary.because());
            case WAITING -> Running.confirm(turn);
            case CANARY_READY, RETREATED ->
                    RollingBack.deadline(
                            turn,
                            target == null
                                    ? "canary " + turn.target() + " not ready: it was not seen"
                                    : Running.notReady(turn, target));
            case PRIMARY_AWAITED ->
                    Analysing.withoutPrimary(
                            turn, primary == null ? "it was not seen" : primary.because());
            case RESCUED -> {
                if (promoting(turn)) {
                    Promoting.failed(turn, primary == null ? "it was not seen" : primary.because());
                    return;
                }
                turn.chat(
                        Severity.ERROR,
                        "The primary does not serve, all traffic stays at the canary",
                        false);
                turn.await(
                        Stage.RESCUED,
                        turn.spec().progressDeadline(),
                        "the primary is to serve again");
            }
            case PRE_ROLLOUT_AGAIN, INTERVAL -> Analysing.tick(turn);
            case TRAFFIC_CLOSED -> {
                if (turn.draft.run.stop() < 0) {
                    Analysing.advance(
                            turn); // the hooks before traffic have passed and are not run again
                } else {
                    Analysing.tick(turn);
                }
            }
            case PRIMARY_READY ->
                    Promoting.failed(turn, primary == null ? "it was not seen" : primary.because());
            case ROUTING_BACK_INTERVAL -> Promoting.primaryReady(turn);
            case DRAINING -> Promoting.drained(turn);
            case ROLLBACK_WAIT -> RollingBack.stillWaiting(turn);
            default -> turn.waitUntil(null);
        }
    }
}
