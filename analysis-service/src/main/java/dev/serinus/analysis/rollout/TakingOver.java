package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Baseline;
import dev.serinus.analysis.rollout.Rollout.Run;

import java.util.List;

/**
 * Goes on with what was found at work: Flagger's canaries when an installation is handed over, our
 * own when the store was lost. Nothing is started and nothing moves because of it. Flagger's hashes
 * cannot be computed elsewhere: what the primary's template was copied from stands for them.
 */
final class TakingOver {

    private TakingOver() {}

    /**
     * The router looked at what is there.
     *
     * @param primaryRuns the revision of the target that the primary was copied from
     */
    static void met(Turn turn, String primaryRuns) {
        Baseline b = turn.draft.baseline;
        turn.draft.baseline =
                new Baseline(
                        b.applied(),
                        primaryRuns.isEmpty() ? b.promoted() : primaryRuns,
                        b.appliedText(),
                        b.promotedText(),
                        b.configs(),
                        b.promotedConfigs());
        goOn(turn);
    }

    /** Goes on once the target was seen too. */
    static void goOn(Turn turn) {
        Workload target = turn.draft.target;
        if (target == null || (!target.exists() && !turn.draft.phase.rests())) {
            turn.await(
                    Stage.FIRST_PRIMARY,
                    turn.spec().progressDeadline(),
                    "the target is to be seen");
            return;
        }
        boolean ours = turn.draft.baseline.applied() != null;
        if (!ours && target.exists()) {
            compare(turn, target);
        }
        switch (turn.draft.phase) {
            case WAITING -> {
                turn.draft.phase = Phase.INITIALIZED;
                Beginning.rest(turn);
            }
            case PROGRESSING, WAITING_PROMOTION, PROMOTING, FINALISING ->
                    resume(turn, target, ours);
            default -> Beginning.rest(turn);
        }
    }

    /**
     * A target at rest that shows what the primary runs was applied and promoted. One that shows
     * something else has failed or is under analysis where the phase says so, and is news where it
     * says that all was well.
     */
    private static void compare(Turn turn, Workload target) {
        Baseline b = turn.draft.baseline;
        String promoted = b.promoted() == null ? target.revision() : b.promoted();
        boolean applied =
                switch (turn.draft.phase) {
                    case INITIALIZED, SUCCEEDED, WAITING -> target.revision().equals(promoted);
                    default -> true;
                };
        turn.draft.baseline =
                new Baseline(
                        applied ? target.revision() : promoted,
                        promoted,
                        b.appliedText() == null ? target.revision() : b.appliedText(),
                        b.promotedText() == null ? promoted : b.promotedText(),
                        b.configs() == null ? target.configs() : b.configs(),
                        b.promotedConfigs());
    }

    private static void resume(Turn turn, Workload target, boolean ours) {
        if (ours && !target.revision().equals(turn.draft.baseline.applied())) {
            Running.restart(turn); // it changed while nobody looked
            return;
        }
        List<Stop> stops = turn.spec().skipAnalysis() ? List.of() : Plan.of(turn.spec());
        Phase phase = turn.draft.phase;
        int stop = phase == Phase.PROGRESSING ? reached(turn, stops) : stops.size() - 1;
        turn.draft.run =
                new Run(
                        turn.draft.run.number() + 1,
                        target.revision(),
                        target.configs(),
                        stops,
                        stop,
                        turn.spec().strategy().stepWeightPromotion(),
                        turn.at(),
                        false);
        turn.happened("TakenOver", "Found in phase " + phase.text() + "; it goes on from there.");
        switch (phase) {
            case PROMOTING -> turn.ask(Stage.COPYING);
            case FINALISING -> turn.await(Stage.DRAINING, turn.spec().interval(), "");
            default -> {
                if (stop < 0) {
                    Running.awaitReady(turn);
                } else {
                    turn.await(Stage.INTERVAL, turn.spec().interval(), "");
                    Guarding.traffic(turn);
                }
            }
        }
    }

    /** The last stop that the route, or the number of iterations, shows to have been reached. */
    private static int reached(Turn turn, List<Stop> stops) {
        int reached = -1;
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            boolean done =
                    switch (stop.kind()) {
                        case WEIGHT ->
                                stop.split().canaryWeight() <= turn.draft.traffic.canaryWeight()
                                        && (stop.split().canaryWeight() > 0
                                                || turn.draft.traffic.mirrored()
                                                || turn.draft.traffic.canaryWeight() > 0);
                        case ITERATION, SWITCH ->
                                stop.iteration() <= turn.draft.traffic.iterations();
                        case STAY -> false;
                    };
            if (done) {
                reached = i;
            }
        }
        return reached;
    }
}
