package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What can happen to a canary. {@code at} is the time of the decision, never earlier than the one
 * before.
 */
public sealed interface RolloutEvent {

    /** The time of the decision. */
    Instant at();

    /** A valid spec was observed. */
    record CanarySeen(
            Instant at,
            String uid,
            long generation,
            Spec spec,
            boolean deleting,
            @Nullable Prior prior)
            implements RolloutEvent {}

    /** A spec was observed that breaks the rules; the last valid one stays in force. */
    record CanaryRejected(Instant at, String uid, long generation, List<Problem> problems)
            implements RolloutEvent {}

    /** The object is gone. */
    record CanaryGone(Instant at, String uid) implements RolloutEvent {}

    /** The target was observed. */
    record TargetSeen(Instant at, String uid, Workload workload) implements RolloutEvent {}

    /** The primary was observed. */
    record PrimarySeen(Instant at, String uid, Workload workload) implements RolloutEvent {}

    /** The router answered. */
    record RouterAnswered(
            Instant at,
            StepId step,
            Outcome outcome,
            String because,
            int canaryWeight,
            boolean mirrored,
            String revision,
            @Nullable Cookies cookies)
            implements RolloutEvent {}

    /** The metric providers answered. */
    record MetricsAnswered(Instant at, StepId step, List<Measurement> measurements)
            implements RolloutEvent {}

    /** A webhook answered. */
    record HookAnswered(Instant at, StepId step, int hook, boolean passed, String because)
            implements RolloutEvent {}

    /** Somebody wants something. A run of 0 means whichever is current. */
    record Commanded(Instant at, String actor, Wish wish, String reason, long run)
            implements RolloutEvent {}

    /** The time the rollout waited for has come. */
    record TimerFired(Instant at, long step, Instant dueAt) implements RolloutEvent {}

    /** One mistake of a manifest. */
    record Problem(String path, String message) {}

    /** What the router reports. */
    enum Outcome {
        DONE,
        RETRY,
        STALE,
        CHANGED,
        INVALID
    }

    /** What people can ask for. */
    enum Wish {
        PROMOTE,
        PAUSE,
        RESUME,
        ABORT,
        RETRY
    }

    /** The status that was found on a Canary met for the first time. */
    record Prior(
            Phase phase,
            int canaryWeight,
            int failedChecks,
            int iterations,
            @Nullable String lastAppliedSpec,
            @Nullable String lastPromotedSpec,
            @Nullable Map<String, String> trackedConfigs,
            long run,
            long step,
            long sequence) {}
}
