package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Status;
import dev.serinus.analysis.rollout.RolloutEvent.Held;
import dev.serinus.analysis.rollout.RolloutEvent.PausedBy;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

/** The status of a canary as its rollout says it shall be. */
final class StatusView {

    private StatusView() {}

    static Status of(Rollout rollout) {
        var revisions = rollout.revisions();
        var traffic = rollout.traffic();
        return new Status(
                rollout.shown(),
                weight(rollout),
                traffic.split().baseline(),
                traffic.split().copies(),
                traffic.failedChecks(),
                traffic.iterations(),
                revisions.appliedText(),
                revisions.promotedText(),
                revisions.configs(),
                promoted(rollout.shown()),
                message(rollout),
                rollout.problems(),
                rollout.run().number(),
                rollout.counters().step(),
                rollout.run().revision(),
                rollout.waitingFor(),
                Stalled.because(rollout),
                rollout.generation(),
                rollout.manifest().seen(),
                held(rollout),
                paused(rollout),
                rollout.cookies(),
                rollout.run().compared(),
                rollout.run().counted(),
                DryRun.isOn(rollout),
                rollout.run().judged(),
                rollout.manifest().hints());
    }

    private static @Nullable Held held(Rollout rollout) {
        var failure = rollout.run().failure();
        return failure == null || !HeldFailure.isOn(rollout)
                ? null
                : new Held(failure.because(), failure.gate());
    }

    private static @Nullable PausedBy paused(Rollout rollout) {
        var pause = rollout.pause();
        return pause == null ? null : new PausedBy(pause.by(), pause.reason());
    }

    /**
     * As Flagger: a run that counts iterations reports its weight only when it has ended, whatever
     * the route shows meanwhile.
     */
    private static Weight weight(Rollout rollout) {
        var stops = rollout.run().stops();
        boolean iterations =
                stops.isEmpty()
                        ? rollout.spec() != null && !rollout.spec().strategy().movesWeights()
                        : stops.stream().anyMatch(stop -> stop.kind() == Stop.Kind.ITERATION);
        return iterations && !rollout.phase().rests()
                ? Weight.NONE
                : rollout.traffic().canaryWeight();
    }

    /**
     * True when writing the second after the first would tell nobody anything: steps alone are no
     * news, nor is one more check that found the same, whenever and by whatever values. A newer
     * generation is: who waits for what was applied has to see that it was looked at.
     *
     * @param brief what it waits for is most likely to come in a moment, and is no news either
     */
    static boolean same(@Nullable Status before, Status after, boolean brief) {
        return before != null && without(before, after, brief).equals(after);
    }

    private static Status without(Status s, Status after, boolean brief) {
        boolean passing = brief || (after.waitingFor().isEmpty() && !after.phase().rests());
        return with(s, after, passing ? after.waitingFor() : s.waitingFor());
    }

    /** What the cluster shows of a state: for what it waits is not told while that is brief. */
    static Status shown(Rollout before) {
        var s = of(before);
        return FirstLook.isAhead(before) ? with(s, s, "") : s;
    }

    /** The same at the step of another. */
    private static Status with(Status s, Status at, String waitingFor) {
        return new Status(
                s.phase(),
                s.canaryWeight(),
                s.baselineWeight(),
                s.mirrorWeight(),
                s.failedChecks(),
                s.iterations(),
                s.lastAppliedSpec(),
                s.lastPromotedSpec(),
                s.trackedConfigs(),
                s.promoted(),
                s.message(),
                s.problems(),
                at.run(),
                at.step(),
                at.revision(),
                waitingFor,
                s.stalled(),
                s.observedGeneration(),
                s.seenGeneration(),
                s.held(),
                s.paused(),
                s.cookies(),
                s.compared(),
                s.counted(),
                s.tried(),
                JudgementSummary.findTheSame(s.judged(), at.judged()) ? at.judged() : s.judged(),
                s.hints());
    }

    private static String promoted(Phase phase) {
        return switch (phase) {
            case INITIALIZED, SUCCEEDED -> "True";
            case FAILED -> "False";
            case NONE,
                    INITIALIZING,
                    WAITING,
                    PROGRESSING,
                    WAITING_PROMOTION,
                    PROMOTING,
                    FINALISING,
                    TERMINATING ->
                    "Unknown";
        };
    }

    private static String message(Rollout rollout) {
        String kind = rollout.spec() == null ? "workload" : rollout.spec().target().kind();
        return switch (rollout.shown()) {
            case NONE, INITIALIZING, TERMINATING ->
                    "New " + kind + " detected, starting initialization.";
            case INITIALIZED -> kind + " initialization completed.";
            case WAITING, WAITING_PROMOTION ->
                    rollout.stage().awaited() instanceof Awaited.Turn
                            ? "Waiting for a budget."
                            : rollout.stage().awaited() instanceof Awaited.GroupReady
                                    ? "Waiting for its group."
                                    : Freezes.isWaiting(rollout)
                                            ? "Waiting for the end of a freeze."
                                            : "Waiting for approval.";
            case PROGRESSING -> "New revision detected, progressing canary analysis.";
            case PROMOTING -> "Canary analysis completed, starting primary rolling update.";
            case FINALISING -> "Canary analysis completed, routing all traffic to primary.";
            case SUCCEEDED -> "Canary analysis completed successfully, promotion finished.";
            case FAILED ->
                    rollout.phase() == Phase.FAILED
                            ? "Canary analysis failed, " + kind + " scaled to zero."
                            : kind + " initialization failed, it goes on serving.";
        };
    }
}
