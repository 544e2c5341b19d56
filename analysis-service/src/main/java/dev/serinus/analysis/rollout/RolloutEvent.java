package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.TestReport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What can happen to a canary. {@code at} is the time of the decision, never earlier than the one
 * before.
 */
public sealed interface RolloutEvent {

    /** The time of the decision. */
    Instant at();

    /**
     * A valid spec was observed.
     *
     * @param claimed the object carries this installation's claim and finalizer; null where whoever
     *     saw it did not say
     * @param prior the status that was found on it; null where there was none
     * @param skipAnalysis the annotation is there that asks to promote a run without analysis
     * @param reset the annotation is there that asks to start over
     * @param labels of the object; null where nobody said
     * @param hints what of the manifest works otherwise than its author may think, for people
     * @param passFreeze the annotation is there that asks to let a run pass freezes; null where it
     *     is not
     */
    record CanarySeen(
            Instant at,
            String uid,
            long generation,
            Spec spec,
            boolean deleting,
            @Nullable Boolean claimed,
            @Nullable Prior prior,
            boolean skipAnalysis,
            boolean reset,
            @Nullable Map<String, String> labels,
            List<String> hints,
            @Nullable FreezeRequest passFreeze)
            implements RolloutEvent {

        public CanarySeen {
            labels = labels == null ? null : new TreeMap<>(labels);
            hints = List.copyOf(hints);
        }

        /** One of which nobody said labels or hints. */
        public CanarySeen(
                Instant at,
                String uid,
                long generation,
                Spec spec,
                boolean deleting,
                @Nullable Boolean claimed,
                @Nullable Prior prior,
                boolean skipAnalysis,
                boolean reset) {
            this(
                    at,
                    uid,
                    generation,
                    spec,
                    deleting,
                    claimed,
                    prior,
                    skipAnalysis,
                    reset,
                    null,
                    List.of(),
                    null);
        }

        /** One by which nobody asks for anything. */
        public CanarySeen(
                Instant at,
                String uid,
                long generation,
                Spec spec,
                boolean deleting,
                @Nullable Boolean claimed,
                @Nullable Prior prior) {
            this(at, uid, generation, spec, deleting, claimed, prior, false, false);
        }
    }

    /** A spec was observed that breaks the rules; the last valid one stays in force. */
    record CanaryRejected(Instant at, String uid, long generation, List<Problem> problems)
            implements RolloutEvent {}

    /** The object is gone. */
    record CanaryGone(Instant at, String uid, boolean left) implements RolloutEvent {

        /** It is no more. */
        public CanaryGone(Instant at, String uid) {
            this(at, uid, false);
        }
    }

    /** The target was observed. */
    record TargetSeen(Instant at, String uid, Workload workload) implements RolloutEvent {}

    /** The primary was observed. */
    record PrimarySeen(Instant at, String uid, Workload workload) implements RolloutEvent {}

    /** The baseline was observed. */
    record BaselineSeen(Instant at, String uid, Workload workload) implements RolloutEvent {}

    /**
     * The router answered.
     *
     * @param because why it is not done; empty when it is
     * @param read what the route shows; null when it was not read
     * @param revision what was copied; empty when nothing was
     * @param cookies null when none were read
     * @param found the mark that made the command stale; null otherwise
     * @param pause where nothing is wrong but that it takes time: when to ask again; null otherwise
     */
    record RouterAnswered(
            Instant at,
            StepId step,
            Outcome outcome,
            String because,
            @Nullable Read read,
            String revision,
            @Nullable Cookies cookies,
            @Nullable Mark found,
            @Nullable Duration pause)
            implements RolloutEvent {

        /**
         * One of a router that did what it was asked for.
         *
         * @param revision what was copied; empty when nothing was
         */
        public static RouterAnswered done(Instant at, StepId step, Split split, String revision) {
            var read =
                    new Read(
                            split.canaryWeight(),
                            split.mirrored(),
                            split.baseline(),
                            split.copies());
            return new RouterAnswered(at, step, Outcome.DONE, "", read, revision, null, null);
        }

        /** One that names no time. */
        public RouterAnswered(
                Instant at,
                StepId step,
                Outcome outcome,
                String because,
                @Nullable Read read,
                String revision,
                @Nullable Cookies cookies,
                @Nullable Mark found) {
            this(at, step, outcome, because, read, revision, cookies, found, null);
        }
    }

    /**
     * The split that a route shows: the canary's share, and whether it gets copies.
     *
     * @param baseline the baseline's share; null where it has none
     * @param copies how many of the requests are copied; null where no share is shown
     */
    record Read(
            Weight canaryWeight,
            boolean mirrored,
            @Nullable Weight baseline,
            @Nullable Weight copies) {
        public Read {
            canaryWeight = canaryWeight.ofTraffic();
            copies = copies == null ? null : copies.ofTraffic();
            baseline = baseline == null ? null : baseline.atMost(canaryWeight.rest());
        }

        /** Of a route that gives a baseline nothing. */
        Read(Weight canaryWeight, boolean mirrored) {
            this(canaryWeight, mirrored, null, null);
        }
    }

    /** The mark of a later command that an object carries. */
    record Mark(long run, long step) {}

    /**
     * The metric providers answered.
     *
     * @param generation of the Canary whose metrics were asked for, which may be a newer one than
     *     is known here
     */
    record MetricsAnswered(Instant at, StepId step, long generation, List<Measurement> measurements)
            implements RolloutEvent {}

    /**
     * A webhook answered.
     *
     * @param report what it said of the test that it ran; null where it said nothing
     * @param name of the webhook that was asked for; null where that is not known
     * @param changed nothing was called: the cluster's manifest has no such webhook any more
     */
    record HookAnswered(
            Instant at,
            StepId step,
            int hook,
            boolean passed,
            String because,
            @Nullable TestReport report,
            @Nullable String name,
            boolean changed)
            implements RolloutEvent {

        /** One of the webhook that is at its place. */
        public HookAnswered(
                Instant at,
                StepId step,
                int hook,
                boolean passed,
                String because,
                @Nullable TestReport report) {
            this(at, step, hook, passed, because, report, null, false);
        }

        /** One that says nothing but yes or no. */
        public HookAnswered(Instant at, StepId step, int hook, boolean passed, String because) {
            this(at, step, hook, passed, because, null);
        }
    }

    /**
     * Somebody asked for an action.
     *
     * @param run that it is meant for; 0 for whichever is current
     * @param id by which it is taken once and answered; empty where nobody waits for an answer
     * @param gate name of the webhook that is approved; empty for the one that waits
     * @param sequence of the last event that the actor has seen; 0 for whichever
     * @param askedAt by the clock of whoever took it from the actor
     */
    record ActionAsked(
            Instant at,
            String actor,
            Action action,
            String reason,
            long run,
            String id,
            String gate,
            long sequence,
            Instant askedAt)
            implements RolloutEvent {

        /** One of this moment for whose answer nobody waits. */
        public ActionAsked(Instant at, String actor, Action action, String reason, long run) {
            this(at, actor, action, reason, run, "", "", 0, at);
        }
    }

    /** The installation asks something else of the canary than before. */
    record RulesSeen(Instant at, FleetRules rules) implements RolloutEvent {}

    /**
     * What became of a permit that was asked for.
     *
     * @param step with which it was asked for
     * @param place in the line, from 1; 0 for a granted one
     * @param because the budget that is full, or what is waited for; empty for a granted one
     * @param behind the canary that is to be promoted first; null where it is a budget
     * @param until when it is to ask again, since that alone is waited for; null where it is told
     */
    record PermitAnswered(
            Instant at,
            String uid,
            long step,
            boolean granted,
            int place,
            String because,
            @Nullable String behind,
            @Nullable Instant until)
            implements RolloutEvent {

        /** One about budgets. */
        public PermitAnswered(
                Instant at, String uid, long step, boolean granted, int place, String because) {
            this(at, uid, step, granted, place, because, null, null);
        }
    }

    /**
     * What becomes of one of a group.
     *
     * @param step with which it said that it takes part
     * @param because whom it waits for, or who failed; empty where it may be promoted
     * @param until when it is to ask again, since that alone is waited for; null where it is told
     */
    record GroupAnswered(
            Instant at,
            String uid,
            long step,
            GroupOutcome outcome,
            String because,
            @Nullable Instant until)
            implements RolloutEvent {}

    /** What a group tells one of its canaries. */
    enum GroupOutcome {
        /** The others are not ready. */
        WAITS,
        /** It may be promoted. */
        OPEN,
        /** One of the others failed, so that it is taken back. */
        FAILED
    }

    /**
     * Others wait for it: they ask how far it is, and to be told for a while what becomes of it.
     */
    record StandingAsked(Instant at) implements RolloutEvent {}

    /** The time the rollout waited for has come. */
    record TimerFired(Instant at, long step, Instant dueAt) implements RolloutEvent {}

    /** One mistake of a manifest. */
    record Problem(String path, String message) {}

    /** What the router reports. */
    enum Outcome {
        DONE,
        RETRY,
        /** The cluster could not be asked. */
        UNSEEN,
        STALE,
        CHANGED,
        INVALID
    }

    /** What people can ask for. */
    enum Action {
        PROMOTE,
        PAUSE,
        RESUME,
        ABORT,
        RETRY,
        /** Go on to the next step without waiting for this one or judging it. */
        SKIP,
        /** Open a gate in place of its webhook. */
        APPROVE;

        /** What people write. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The status that was found on a Canary met for the first time.
     *
     * @param held the failure that people were to decide upon; null where there was none
     * @param paused null where nobody paused it
     * @param counts of metrics with limits of their own
     */
    record Prior(
            Phase phase,
            Weight canaryWeight,
            int failedChecks,
            int iterations,
            @Nullable String lastAppliedSpec,
            @Nullable String lastPromotedSpec,
            @Nullable Map<String, String> trackedConfigs,
            long run,
            long step,
            long sequence,
            @Nullable Held held,
            @Nullable PausedBy paused,
            List<MetricCounts> counts) {

        public Prior {
            // Whoever may write a status may write anything there.
            canaryWeight = canaryWeight.ofTraffic();
            counts = List.copyOf(counts);
        }

        /** One that nobody holds. */
        public Prior(
                Phase phase,
                Weight canaryWeight,
                int failedChecks,
                int iterations,
                @Nullable String lastAppliedSpec,
                @Nullable String lastPromotedSpec,
                @Nullable Map<String, String> trackedConfigs,
                long run,
                long step,
                long sequence) {
            this(
                    phase,
                    canaryWeight,
                    failedChecks,
                    iterations,
                    lastAppliedSpec,
                    lastPromotedSpec,
                    trackedConfigs,
                    run,
                    step,
                    sequence,
                    null,
                    null,
                    List.of());
        }
    }

    /**
     * A failed analysis that people are to decide upon.
     *
     * @param gate the one that stayed closed; null where something else failed
     */
    record Held(String because, @Nullable WaitingGate gate) {}

    /** Somebody holds it. */
    record PausedBy(String actor, String reason) {}
}
