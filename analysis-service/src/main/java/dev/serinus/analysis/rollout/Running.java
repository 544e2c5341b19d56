package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Rollout.Baseline;
import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.Rollout.Run;
import dev.serinus.analysis.rollout.Rollout.Traffic;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A run from the first sight of a new revision to a canary that is ready (reference 2.6 and 2.7).
 */
final class Running {

    private Running() {}

    /**
     * At rest: does what the target shows ask for a run? Whoever is met for the first time is the
     * baseline.
     */
    static void considerRevision(Turn turn) {
        Workload target = turn.draft.target;
        if (target == null || !target.exists() || turn.draft.deleting || turn.now().held()) {
            return;
        }
        Baseline b = turn.draft.baseline;
        if (b.applied() == null) {
            // Met at rest without a target: the one that appears is the baseline.
            boolean failed = turn.draft.phase == Phase.FAILED;
            turn.draft.baseline =
                    new Baseline(
                            target.revision(),
                            failed ? b.promoted() : target.revision(),
                            b.appliedText() == null ? target.revision() : b.appliedText(),
                            b.promotedText() == null && !failed
                                    ? target.revision()
                                    : b.promotedText(),
                            target.configs(),
                            failed ? b.promotedConfigs() : target.configs());
            return;
        }
        boolean promotedAgain =
                target.revision().equals(b.promoted()) && primaryRuns(turn, target.revision());
        boolean sameTemplate = promotedAgain || target.revision().equals(b.applied());
        if (sameTemplate && sameConfigs(b.configs(), target.configs())) {
            if (promotedAgain && !target.revision().equals(b.applied())) {
                // Reverted at rest: not a run, but the revision that was left may come again.
                turn.draft.baseline =
                        new Baseline(
                                b.promoted(),
                                b.promoted(),
                                b.promotedText(),
                                b.promotedText(),
                                b.configs(),
                                b.promotedConfigs());
            }
            return;
        }
        detected(turn, target);
    }

    /** False when a failed promotion left another template in the primary. */
    private static boolean primaryRuns(Turn turn, String revision) {
        Workload primary = turn.draft.primary;
        return primary == null
                || primary.revision().isEmpty()
                || primary.revision().equals(revision);
    }

    /** A run of the present revision is wanted although it is not new. */
    static void detected(Turn turn, Workload target) {
        begin(turn, target);
        turn.happened(
                "RevisionDetected", "Revision " + target.revision() + " is to be rolled out.");
        if (turn.draft.traffic.canaryWeight() > 0 && !stays(turn)) {
            turn.ask(Stage.RESETTING); // nobody meets a revision because an earlier one failed late
        } else {
            confirm(turn);
        }
    }

    /** True while traffic is judged where an earlier run left it. */
    static boolean stays(Turn turn) {
        List<Stop> stops = turn.draft.run.stops();
        return !stops.isEmpty() && stops.getFirst().kind() == Stop.Kind.STAY;
    }

    private static void begin(Turn turn, Workload target) {
        Counters c = turn.draft.counters;
        turn.draft.run =
                new Run(
                        turn.draft.run.number() + 1,
                        target.revision(),
                        target.configs(),
                        stops(turn),
                        -1,
                        turn.spec().strategy().stepWeightPromotion(),
                        turn.at(),
                        false);
        turn.draft.counters = new Counters(c.step(), c.announced(), 0);
    }

    /**
     * With a primary that does not serve, traffic stays where an earlier run left it, and is judged
     * there. One that serves with some of its pods, as after a failed promotion, is the last good.
     */
    private static List<Stop> stops(Turn turn) {
        int weight = turn.draft.traffic.canaryWeight();
        Workload primary = turn.draft.primary;
        if (weight > 0 && (primary == null || !primary.serves())) {
            return List.of(new Stop(Split.of(weight), 0, 0, Stop.Kind.STAY));
        }
        return turn.spec().skipAnalysis() ? List.of() : Plan.of(turn.spec());
    }

    static void confirm(Turn turn) {
        if (!Hooks.first(turn, HookType.CONFIRM_ROLLOUT, Stage.CONFIRM_ROLLOUT)) {
            scaleUp(turn);
        }
    }

    static void gateClosed(Turn turn, Spec.Hook hook) {
        if (turn.draft.phase != Phase.WAITING) {
            Phase before = turn.draft.phase; // the event carries it, as Flagger's does
            turn.draft.phase = Phase.WAITING;
            turn.tell(
                    true,
                    "Halt %s advancement waiting for approval %s"
                            .formatted(turn.draft.canary.dotted(), hook.name()),
                    before);
            if (!hook.muteAlert()) {
                turn.chat(Severity.WARN, "Canary is waiting for approval.", false);
            }
            turn.happened("GateClosed", "confirm-rollout " + hook.name() + " is closed.");
        }
        turn.await(Stage.WAITING, turn.spec().interval(), "approval by " + hook.name());
    }

    /**
     * The gate is closed and the target goes on changing: the run is for what it shows when the
     * gate opens.
     */
    static void follow(Turn turn) {
        Workload target = turn.draft.target;
        if (target != null && target.exists()) {
            turn.draft.run = turn.draft.run.about(target);
        }
    }

    static void scaleUp(Turn turn) {
        turn.tell(false, "New revision detected! Scaling up " + turn.target(), Phase.PROGRESSING);
        turn.chat(Severity.INFO, "New revision detected, progressing canary analysis.", true);
        turn.ask(Stage.SCALING_UP);
    }

    static void done(Turn turn) {
        if (turn.stage() == Stage.SCALING_UP) {
            started(turn);
            turn.happened("Started", "The target was scaled up.");
        } else if (turn.draft.phase.rests()) {
            confirm(turn);
            return;
        }
        awaitReady(turn);
    }

    private static void started(Turn turn) {
        Run r = turn.draft.run;
        turn.draft.baseline = turn.draft.baseline.applied(r.revision(), r.configs());
        turn.draft.traffic =
                new Traffic(
                        turn.draft.traffic.canaryWeight(),
                        turn.draft.traffic.mirrored(),
                        true,
                        0,
                        0);
        turn.draft.phase = Phase.PROGRESSING;
    }

    /** Waits until the canary serves, for as long as its progress deadline allows. */
    static void awaitReady(Turn turn) {
        turn.await(
                Stage.CANARY_READY,
                turn.spec().progressDeadline(),
                "the canary is to become ready");
        Guarding.proceed(turn);
        if (turn.stage() == Stage.CANARY_READY
                && turn.draft.target != null
                && !turn.draft.target.because().isEmpty()) {
            turn.warnOnce(notReady(turn, turn.draft.target));
        }
    }

    static String notReady(Turn turn, Workload target) {
        String because =
                !target.exists()
                        ? "the target does not exist"
                        : target.desired() == 0 && target.because().isEmpty()
                                ? "the target is scaled to zero"
                                : target.because();
        return switch (turn.spec().target().kind()) {
            case "DaemonSet" ->
                    "canary damonset %s not ready with retryable true: %s"
                            .formatted(turn.target(), because);
            default -> "canary deployment %s not ready: %s".formatted(turn.target(), because);
        };
    }

    /** In the middle of a run: the target or its configs are no longer what the run is about. */
    static boolean superseded(Turn turn) {
        Workload target = turn.draft.target;
        Run r = turn.draft.run;
        return target != null
                && target.exists()
                && (!target.revision().equals(r.revision())
                        || !sameConfigs(r.configs(), target.configs()));
    }

    /**
     * The primary serves nobody and did not come back: the canary, which is ready, gets all traffic
     * and is judged there. Anything else would leave requests without an answer.
     */
    static void replacePrimary(Turn turn) {
        Stop stay = new Stop(Split.of(100), 0, 0, Stop.Kind.STAY);
        turn.draft.run = turn.draft.run.planned(List.of(stay), 0);
    }

    /** In the middle of a run: the target shows again what the primary runs. */
    static boolean reverted(Turn turn) {
        Workload target = turn.draft.target;
        Baseline b = turn.draft.baseline;
        return target != null
                && target.exists()
                && target.revision().equals(b.promoted())
                && primaryRuns(turn, target.revision())
                && sameConfigs(b.promotedConfigs(), target.configs());
    }

    /**
     * A newer revision in the middle of a run: traffic goes back first, then the analysis begins
     * again.
     */
    static void restart(Turn turn) {
        Workload target =
                Objects.requireNonNull(turn.draft.target, "superseded by a target that was seen");
        if (reverted(turn)) {
            Promoting.withdraw(turn, target);
            return;
        }
        boolean scaling = turn.stage() == Stage.SCALING_UP;
        turn.normal("New revision detected! Restarting analysis for " + turn.target());
        turn.happened("Restarted", "Revision " + target.revision() + " supersedes it.");
        begin(turn, target);
        started(turn);
        turn.happened(
                "RevisionDetected", "Revision " + target.revision() + " is to be rolled out.");
        if (scaling) {
            turn.ask(Stage.SCALING_UP);
        } else if (stays(turn)) {
            awaitReady(turn);
        } else {
            turn.ask(Stage.RESETTING);
        }
    }

    private static boolean sameConfigs(
            @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        return Objects.equals(before == null ? Map.of() : before, after == null ? Map.of() : after);
    }
}
