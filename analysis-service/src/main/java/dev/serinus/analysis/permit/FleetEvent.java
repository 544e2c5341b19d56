package dev.serinus.analysis.permit;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What a scope is told. */
public sealed interface FleetEvent {

    /** The time of the decision, never earlier than the one before. */
    Instant at();

    /** What rollouts say to those that share a scope with them. */
    sealed interface OfRollout extends FleetEvent {

        /** cluster/namespace/name. */
        String canary();

        /** UID of the Canary object. */
        String uid();
    }

    /**
     * A cluster fell silent, or is so no longer.
     *
     * @param heard when it was last heard of; null where something comes from there again, or where
     *     it is taken away for good
     */
    record ClusterSilence(Instant at, String cluster, @Nullable Instant heard)
            implements FleetEvent {}

    /**
     * A rollout asks for a place in each of these budgets, once those before it were promoted.
     *
     * @param step with which it asks: under the same it asks once more for the same
     * @param after promotions that it waits for first
     * @param running it is under way already, or let pass: it counts, and does not wait
     */
    record Asked(
            Instant at,
            String canary,
            String uid,
            long step,
            List<Claim> claims,
            List<AwaitedPromotion> after,
            boolean running)
            implements OfRollout {
        public Asked {
            claims = List.copyOf(claims);
            after = List.copyOf(after);
        }

        /** One that waits for budgets alone. */
        public Asked(
                Instant at,
                String canary,
                String uid,
                long step,
                List<Claim> claims,
                boolean running) {
            this(at, canary, uid, step, claims, List.of(), running);
        }
    }

    /** A canary that others wait for tells how far it is. */
    record StandingTold(Instant at, String canary, String uid, Standing standing)
            implements OfRollout {}

    /**
     * A rollout of a group goes on; said again when its state changes, and from time to time.
     *
     * @param step with which it takes part
     * @param others full names of those that it is to be promoted with
     * @param since when its run began
     * @param earlier when the run began of which it took the place with a newer revision; null
     *     where it took none
     */
    record JoinedGroup(
            Instant at,
            String canary,
            String uid,
            long step,
            String group,
            List<String> others,
            GroupState state,
            Instant since,
            @Nullable Instant earlier)
            implements OfRollout {
        public JoinedGroup {
            others = List.copyOf(others);
        }

        /** One that took nobody's place. */
        public JoinedGroup(
                Instant at,
                String canary,
                String uid,
                long step,
                String group,
                List<String> others,
                GroupState state,
                Instant since) {
            this(at, canary, uid, step, group, others, state, since, null);
        }
    }

    /**
     * A rollout of a group has ended.
     *
     * @param failed it was taken back, or its promotion failed
     */
    record LeftGroup(Instant at, String canary, String uid, long step, boolean failed)
            implements OfRollout {}

    /** A rollout needs its place no longer, in the budgets or in the line. */
    record Returned(Instant at, String canary, String uid, long step) implements OfRollout {}
}
