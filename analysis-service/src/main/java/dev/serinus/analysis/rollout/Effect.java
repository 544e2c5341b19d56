package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.analysis.rollout.judge.ComparisonSummary;
import dev.serinus.analysis.rollout.judge.Counted;
import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Field;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a decision asks the world to do. */
public sealed interface Effect {

    /**
     * The whole desired state of the cluster's objects.
     *
     * @param configs contents of the target's configs that may be promoted with it; null where that
     *     does not matter or is not known
     * @param takeOff annotations of the Canary that were done; null for none
     * @param despiteDryRun a dry run is asked for, and this was begun for real before
     * @param pods how many the sides are to have for it; null where it is about none
     */
    record Route(
            StepId step,
            long generation,
            RouteAction action,
            Split split,
            boolean targetRunning,
            boolean baselineRunning,
            String revision,
            @Nullable Map<String, String> configs,
            @Nullable List<String> takeOff,
            boolean despiteDryRun,
            @Nullable Pods pods)
            implements Effect {}

    /**
     * How many pods the sides are to have.
     *
     * @param share of the primary's, that the canary needs; null where it has the primary's size
     * @param first the side that gets more traffic is to have them before it gets it
     */
    record Pods(@Nullable Weight share, boolean first) {}

    /**
     * Ask all metrics, or only whether their providers are there.
     *
     * @param windowStart from where on both sides of what is compared are asked for; null where
     *     nothing is
     * @param comparedWith the other side where it is not the one that the Canary asks for
     */
    record AskMetrics(
            StepId step,
            long generation,
            boolean availabilityOnly,
            @Nullable Instant windowStart,
            @Nullable String comparedWith)
            implements Effect {}

    /** Call one webhook; one of type EVENT is told the event and gives no answer. */
    record CallHook(
            StepId step,
            long generation,
            int hook,
            String name,
            HookType type,
            Phase phase,
            String checksum,
            @Nullable Told told,
            HookFacts facts)
            implements Effect {

        /** Of what would be so, in a dry run. */
        CallHook tried(Told words) {
            return new CallHook(
                    step, generation, hook, name, type, phase, checksum, words, facts.tried());
        }
    }

    /**
     * Ask for a place in the budgets; asked again, it tells the place in the line.
     *
     * @param uid of the Canary object
     * @param step names this asking
     * @param running it is under way without one: it counts, and does not wait
     * @param after promotions that it waits for as well; null for none
     */
    record AskPermit(
            String uid,
            long step,
            List<Claim> claims,
            boolean running,
            @Nullable List<AwaitedPromotion> after)
            implements Effect {}

    /**
     * Tell those that wait for it how far it is.
     *
     * @param uid of the Canary object
     */
    record TellStanding(String uid, Standing standing) implements Effect {}

    /**
     * A run takes part in its group; said again when that changes, and from time to time.
     *
     * @param uid of the Canary object
     * @param step names its taking part
     * @param others full names of those that it is to be promoted with
     * @param begun when its run began
     * @param earlier when the run began of which it took the place; null where it took none
     */
    record JoinGroup(
            String uid,
            long step,
            String group,
            List<String> others,
            GroupState state,
            Instant begun,
            @Nullable Instant earlier)
            implements Effect {}

    /**
     * A run takes part in its group no longer.
     *
     * @param failed it was taken back, or its promotion failed
     */
    record LeaveGroup(String uid, long step, boolean failed) implements Effect {}

    /** The place in the budgets, or in the line for it, is needed no longer. */
    record ReturnPermit(String uid, long step) implements Effect {}

    /**
     * How far the rollout is that calls a hook.
     *
     * @param iteration number of the check; 0 where none are counted
     * @param dryRun true where it would be so far, in a dry run
     */
    record HookFacts(
            String revision,
            Weight canaryWeight,
            Weight primaryWeight,
            int iteration,
            List<String> images,
            boolean dryRun) {

        public HookFacts {
            images = List.copyOf(images);
        }

        static HookFacts of(Rollout r) {
            return new HookFacts(
                    r.run().revision(),
                    r.traffic().split().canaryWeight(),
                    r.traffic().split().primaryWeight(),
                    r.traffic().iterations(),
                    r.images(),
                    false);
        }

        HookFacts tried() {
            return new HookFacts(revision, canaryWeight, primaryWeight, iteration, images, true);
        }
    }

    /** Tell people. */
    record Chat(
            long generation, long sequence, Severity severity, String message, List<Field> fields)
            implements Effect {

        Chat saying(String other) {
            return new Chat(generation, sequence, severity, other, fields);
        }
    }

    /** Tell the installation's event webhook. */
    record Notice(
            long generation,
            long sequence,
            Phase phase,
            String checksum,
            Told told,
            long run,
            HookFacts facts)
            implements Effect {

        /** Of what would be so, in a dry run. */
        Notice tried(Told words) {
            return new Notice(generation, sequence, phase, checksum, words, run, facts.tried());
        }
    }

    /** Write the status, create a Kubernetes event, or both. */
    record Announce(long sequence, Instant at, @Nullable Status status, @Nullable Told told)
            implements Effect {

        Announce telling(@Nullable Told other) {
            return new Announce(sequence, at, status, other);
        }
    }

    /**
     * Add to the public history.
     *
     * @param answer to an action; null where it is none
     * @param tried true where it would have happened, in a dry run
     */
    record Happened(
            long run,
            long sequence,
            String type,
            Phase phase,
            String revision,
            long step,
            Weight canaryWeight,
            @Nullable Weight baselineWeight,
            int failedChecks,
            String message,
            List<Evidence> evidence,
            String actor,
            @Nullable Answer answer,
            Instant at,
            boolean tried)
            implements Effect {

        Happened tried(String words) {
            return new Happened(
                    run,
                    sequence,
                    type,
                    phase,
                    revision,
                    step,
                    canaryWeight,
                    baselineWeight,
                    failedChecks,
                    words,
                    evidence,
                    actor,
                    answer,
                    at,
                    true);
        }
    }

    /**
     * What the router is to do; the meaning of each is documented with the event of the same name.
     */
    enum RouteAction {
        INITIALIZE,
        TAKE_OVER,
        SCALE,
        SHIFT,
        PROMOTE,
        RESTORE
    }

    /** An event in words. */
    record Told(boolean warning, String message, Instant at) {}

    /**
     * The status as it shall be.
     *
     * @param mirrorWeight the share of requests that are copied while it grows; else null
     * @param promoted status of Flagger's condition of that name: True, False or Unknown
     * @param waitingFor what it waits for, for people; empty while it rests
     * @param stalled why nothing moves although it should; empty while all goes its way
     * @param observedGeneration of the spec in force
     * @param seenGeneration the latest that was looked at
     * @param held the failure that people are to decide upon; null where there is none
     * @param paused null while nobody pauses it
     * @param compared what the last comparison of the run found; null before one
     * @param counted of metrics with limits of their own; null where nothing is
     * @param tried true where it would be so, in a dry run
     * @param judged what the last check of the run came to; null before one
     * @param hints what of the manifest works otherwise than its author may think
     */
    record Status(
            Phase phase,
            Weight canaryWeight,
            @Nullable Weight baselineWeight,
            @Nullable Weight mirrorWeight,
            int failedChecks,
            int iterations,
            @Nullable String lastAppliedSpec,
            @Nullable String lastPromotedSpec,
            @Nullable Map<String, String> trackedConfigs,
            String promoted,
            String message,
            List<RolloutEvent.Problem> problems,
            long run,
            long step,
            String revision,
            String waitingFor,
            String stalled,
            long observedGeneration,
            long seenGeneration,
            RolloutEvent.@Nullable Held held,
            RolloutEvent.@Nullable PausedBy paused,
            Cookies cookies,
            @Nullable ComparisonSummary compared,
            @Nullable Counted counted,
            boolean tried,
            @Nullable JudgementSummary judged,
            List<String> hints) {}
}
