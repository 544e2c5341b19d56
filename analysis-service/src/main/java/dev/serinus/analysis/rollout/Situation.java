package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the traffic is and what goes on with it, for people: as it was read back, and never as it
 * was only asked for.
 *
 * @param traffic where it was when it was last read back
 * @param confirmed false where the router was asked for something before whose answer is still out:
 *     traffic may be elsewhere by now
 * @param goesTo where the router was asked to lead it, or will be as soon as the primary serves,
 *     and what was not read back yet; null where it stays
 * @param split the split as it was last read back
 * @param primaryServes null where the primary was not seen
 * @param primaryReady it serves with as many pods as it has to; null likewise
 * @param primaryRevision what the primary was last seen with; empty where it was not seen
 * @param heldUntil when a failure that people are to decide about is taken back; null where there
 *     is none
 * @param gate the gate that is closed; null where none is
 * @param possible what people can ask for now
 */
public record Situation(
        Place traffic,
        boolean confirmed,
        @Nullable Place goesTo,
        Split split,
        @Nullable Boolean primaryServes,
        @Nullable Boolean primaryReady,
        String primaryRevision,
        @Nullable Instant heldUntil,
        @Nullable ClosedGate gate,
        List<RolloutEvent.Action> possible) {

    public Situation {
        possible = List.copyOf(possible);
    }

    /**
     * A gate that somebody has to open.
     *
     * @param webhook that keeps it closed
     * @param until when it has been closed for too long; null where it never is
     * @param then what follows then; null where nothing does
     */
    public record ClosedGate(
            String webhook, @Nullable Instant until, GateLimit.@Nullable OnTimeout then) {}

    /** Where traffic is. */
    public enum Place {
        /** All of it is at the primary. */
        PRIMARY,
        /** The canary, or a baseline, has a share, matching requests or copies. */
        DIVIDED,
        /** All of it is at the canary. */
        CANARY,
        /** At the target, as before there was a primary. */
        TARGET,
        /** Nobody has read it back. */
        UNKNOWN;

        /** As records have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * As it is once a decision was taken.
     *
     * @param before the state of before: it may still wait for what the router was asked
     */
    public static Situation of(Rollout before, Rollout r) {
        var failure = r.run().failure();
        boolean decidable = HeldFailure.waits(r) && !r.held();
        boolean confirmed = isConfirmed(before, r);
        var wanted = turned(r).orElse(null);
        boolean isThere = confirmed && r.traffic().split().equals(wanted);
        Workload primary = r.primary();
        return new Situation(
                traffic(r),
                confirmed,
                isThere ? null : goesTo(r, wanted),
                r.traffic().split(),
                primary == null ? null : primary.serves(),
                primary == null ? null : primary.servesReady(),
                primary == null ? "" : primary.revision(),
                failure != null && decidable ? HeldFailure.until(r, failure) : null,
                GateTimeouts.closed(r).orElse(null),
                r.possible());
    }

    /** What another controller left, and what is being taken over, was not read back yet. */
    private static Place traffic(Rollout r) {
        boolean initializes =
                r.stage().part() == Part.INITIALIZATION && !Initialization.hasFormerPrimary(r);
        if (r.stage() instanceof Stage.Unknown || (initializes && isNotRead(r))) {
            return Place.UNKNOWN;
        }
        return initializes ? Place.TARGET : place(r.traffic().split());
    }

    /**
     * Before the router looked, a route of an earlier life of the Canary may still lead anywhere.
     */
    private static boolean isNotRead(Rollout r) {
        return r.phase() != Phase.INITIALIZING
                || r.stage().question() instanceof Question.TakeOver
                || r.stage().question() instanceof Question.Initialize;
    }

    /**
     * True unless the router was asked to turn traffic and did not say that it has, also where
     * something else is done meanwhile.
     */
    private static boolean isConfirmed(Rollout before, Rollout r) {
        // A repair leads who matched to the primary as soon as nothing tells them apart.
        if (r.spec() != null && !LostConditions.possible(r).equals(r.traffic().split())) {
            return false;
        }
        // Before the first run nobody holds a share: who takes a route over leads it back in time.
        if (r.run().number() == 0 && place(r.traffic().split()) != Place.PRIMARY) {
            return false;
        }
        return switch (before.stage()) {
            case Stage.Waiting(Awaited.Release _, var _) -> false;
            case Stage.Asking(Question.AskForRollback(var _, var _, Next.ShiftAgain _), var _) ->
                    false;
            // Where shares are made by pods, the canary has all of it before the primary is made
            // new.
            case Stage.Asking(Question.Copy _, var _) ->
                    !before.specInForce().ruled().splitsByReplicas();
            case Stage.Asking _ ->
                    turned(before)
                            .map(
                                    wanted ->
                                            !wanted.equals(before.traffic().split())
                                                    && wanted.equals(r.traffic().split()))
                            .orElse(true);
            case Stage.Waiting _,
                    Stage.Unknown _,
                    Stage.Resting _,
                    Stage.InitializationFailed _,
                    Stage.Terminated _,
                    Stage.Gone _ ->
                    true;
        };
    }

    private static Place place(Split split) {
        if (split.mirrored() || split.matched() || split.baseline() != null) {
            return Place.DIVIDED;
        }
        Weight canary = split.canaryWeight();
        return !canary.isAny()
                ? Place.PRIMARY
                : canary.rest().isAny() ? Place.DIVIDED : Place.CANARY;
    }

    private static @Nullable Place goesTo(Rollout r, @Nullable Split wanted) {
        if (r.stage().awaited() instanceof Awaited.PrimaryForRollback) {
            return Place.PRIMARY;
        }
        return r.stage().question() instanceof Question.Restore
                ? Place.TARGET
                : wanted == null ? null : place(wanted);
    }

    /** The split that the router was asked to turn traffic to; empty where it was not asked. */
    private static Optional<Split> turned(Rollout r) {
        return r.stage().question() instanceof Question.OfRouter asked && turns(asked)
                ? Optional.of(Questions.split(r, asked))
                : Optional.empty();
    }

    private static boolean turns(Question.OfRouter asked) {
        return switch (asked) {
            case Question.TakeOver _,
                    Question.ClearBeforeRun _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.Retreat _,
                    Question.Rescue _,
                    Question.RouteBack _,
                    Question.RollBack _ ->
                    true;
            case Question.Initialize _,
                    Question.CopyFirst _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ScaleUp _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.Copy _,
                    Question.ScaleDown _,
                    Question.ScaleDownFailed _,
                    Question.Restore _ ->
                    false;
        };
    }
}
