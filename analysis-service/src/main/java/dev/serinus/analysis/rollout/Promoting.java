package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Rollout.Baseline;
import dev.serinus.analysis.rollout.Rollout.Run;
import dev.serinus.analysis.rollout.Rollout.Traffic;

/**
 * From a canary that passed to a primary that serves its template alone (reference 2.8.5, 2.9,
 * 2.13, 2.15).
 */
final class Promoting {

    private Promoting() {}

    static void confirm(Turn turn) {
        if (!Hooks.first(turn, HookType.CONFIRM_PROMOTION, Stage.CONFIRM_PROMOTION)) {
            copy(turn);
        }
    }

    static void gateClosed(Turn turn, Spec.Hook hook) {
        if (turn.draft.phase != Phase.WAITING_PROMOTION) {
            Phase before = turn.draft.phase; // the event carries it, as Flagger's does
            turn.draft.phase = Phase.WAITING_PROMOTION;
            turn.tell(
                    true,
                    "Halt %s advancement waiting for promotion approval %s"
                            .formatted(turn.draft.canary.dotted(), hook.name()),
                    before);
            if (!hook.muteAlert()) {
                turn.chat(Severity.WARN, "Canary promotion is waiting for approval.", false);
            }
            turn.happened("GateClosed", "confirm-promotion " + hook.name() + " is closed.");
        }
        turn.await(
                Stage.INTERVAL,
                turn.spec().interval(),
                "approval of the promotion by " + hook.name());
    }

    /** What does not run is never promoted. */
    static void copy(Turn turn) {
        Workload target = turn.draft.target;
        if (target == null || !target.servesReady()) {
            Running.awaitReady(turn);
            return;
        }
        turn.normal("Copying %s template spec to %s".formatted(turn.target(), turn.primary()));
        turn.ask(Stage.COPYING);
    }

    static void done(Turn turn) {
        switch (turn.stage()) {
            case COPYING -> copied(turn);
            case ROUTING_BACK -> routedBack(turn);
            default -> succeeded(turn);
        }
    }

    private static void copied(Turn turn) {
        if (!turn.spec().skipAnalysis()) {
            turn.draft.phase = Phase.PROMOTING;
        }
        turn.happened("Promoting", "The template was copied to the primary.");
        turn.await(
                Stage.PRIMARY_READY,
                turn.spec().progressDeadline(),
                "the primary is to become ready");
        Guarding.traffic(turn);
        Guarding.proceed(turn);
    }

    /** The primary serves the new template: traffic goes back to it, at once or step by step. */
    static void primaryReady(Turn turn) {
        if (turn.draft.traffic.canaryWeight() == 0 && turn.spec().skipAnalysis()) {
            turn.ask(Stage.SCALING_DOWN);
        } else if (!Plan.routes(turn.spec())) {
            drain(turn);
        } else {
            if (Question.back(turn.now()).equals(Split.PRIMARY)
                    && turn.draft.run.stepWeightPromotion() == 0) {
                turn.normal("Routing all traffic to primary");
            }
            turn.ask(Stage.ROUTING_BACK);
        }
    }

    /**
     * The target shows again what the primary runs: there is nothing left to analyse, and nothing
     * to promote, which Flagger does all the same.
     */
    static void withdraw(Turn turn, Workload target) {

        turn.normal(
                "Revision of %s withdrawn! Routing all traffic to primary"
                        .formatted(turn.target()));
        turn.happened("Withdrawing", "The target shows what the primary runs.");
        turn.draft.run = turn.draft.run.withdrawnFor(target);
        turn.ask(Stage.ROUTING_BACK);
    }

    private static void routedBack(Turn turn) {
        int weight = turn.draft.traffic.canaryWeight();
        if (weight == 0) {
            turn.draft.phase = Phase.FINALISING;
        }
        if (turn.draft.run.stepWeightPromotion() > 0) {
            turn.tell(
                    false,
                    "Advance %s primary weight %d"
                            .formatted(turn.draft.canary.dotted(), 100 - weight),
                    Phase.PROMOTING);
        }
        turn.happened(
                "RoutedToPrimary", "The primary has %d %% of the traffic.".formatted(100 - weight));
        if (weight > 0) {
            turn.await(Stage.ROUTING_BACK_INTERVAL, turn.spec().interval(), "");
            Guarding.traffic(turn);
        } else {
            drain(turn);
        }
    }

    private static void drain(Turn turn) {
        Traffic t = turn.draft.traffic;
        turn.draft.phase = Phase.FINALISING;
        turn.draft.traffic =
                new Traffic(t.canaryWeight(), t.mirrored(), t.targetRunning(), 0, t.failedChecks());
        turn.await(Stage.DRAINING, turn.spec().interval(), "");
        Guarding.traffic(turn);
    }

    /** The canary goes only after its successor serves. */
    static void drained(Turn turn) {
        Workload primary = turn.draft.primary;
        if (primary == null || !primary.servesReady()) {
            turn.await(Stage.DRAINING, turn.spec().interval(), "the primary is to become ready");
        } else {
            turn.ask(Stage.SCALING_DOWN);
        }
    }

    private static void succeeded(Turn turn) {
        Traffic t = turn.draft.traffic;
        Run r = turn.draft.run;
        turn.draft.phase = Phase.SUCCEEDED;
        turn.draft.traffic = new Traffic(0, false, false, 0, t.failedChecks());
        Baseline b = turn.draft.baseline;
        if (r.withdrawn()) {
            turn.draft.baseline =
                    new Baseline(
                            b.promoted(),
                            b.promoted(),
                            b.promotedText(),
                            b.promotedText(),
                            r.configs(),
                            r.configs());
            turn.happened("Withdrawn", "The primary still runs revision " + r.revision() + ".");
        } else {
            turn.draft.baseline = b.promoted(r.revision(), r.configs());
            turn.happened("Promoted", "The primary runs revision " + r.revision() + ".");
        }
        Ending.postRollout(turn);
    }

    static void failed(Turn turn, String because) {
        String words = turn.primary() + " not ready: " + because;
        turn.warning(words);
        turn.warning(
                "Promotion of %s failed, primary not ready: %s".formatted(turn.target(), words));
        turn.chat(Severity.ERROR, "Promotion failed, primary not ready: " + words, false);
        Traffic t = turn.draft.traffic;
        turn.draft.phase = Phase.FAILED;
        turn.draft.traffic = new Traffic(t.canaryWeight(), t.mirrored(), true, 0, 0);
        turn.happened("PromotionFailed", words);
        Ending.postRollout(turn);
    }
}
