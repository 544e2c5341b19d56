package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What another service was asked. Put again it asks the very same: the same step, the same desired
 * state.
 */
public sealed interface Question {

    /** The part of the canary's life that it belongs to. */
    default Part part() {
        return switch (this) {
            case Availability _, Initialize _, CopyFirst _, TakeOver _, Adopt _ ->
                    Part.INITIALIZATION;
            case Reshape _, Reroute _ -> Part.REST;
            case ClearBeforeRun _ -> Part.START;
            case ScaleUp _,
                    ClearForRestart _,
                    Shift _,
                    StartBaseline _,
                    StopBaseline _,
                    Metrics _,
                    AskForRollback _ ->
                    Part.ANALYSIS;
            case Copy _, RouteBack _, ScaleDown _ -> Part.PROMOTION;
            case RollBack _, ScaleDownFailed _ -> Part.ROLLBACK;
            case Restore _ -> Part.DELETION;
            case Retreat(var from) -> from;
            case Rescue(var from) -> from;
            case CallHook(var type, var _) ->
                    switch (type.meaning()) {
                        case Meaning.Confirms(var point) ->
                                switch (point) {
                                    case START -> Part.START;
                                    case ADVANCE, PROMOTE -> Part.ANALYSIS;
                                };
                        case Meaning.Check _, Meaning.BeforeTraffic _, Meaning.DemandsRollback _ ->
                                Part.ANALYSIS;
                        case Meaning.AfterTheEnd _, Meaning.IsTold _ -> Part.END;
                    };
        };
    }

    /** The router is to bring the cluster into a state. */
    sealed interface OfRouter extends Question {}

    /** The metric providers are asked. */
    sealed interface OfMetrics extends Question {}

    /** A webhook is called; it has a place in the manifest. */
    sealed interface OfHook extends Question {
        int hook();

        HookType type();
    }

    // ---- initialisation

    /** Are the metric providers there? */
    record Availability() implements OfMetrics {}

    /** Make Services and primary; look at what is there already. */
    record Initialize() implements OfRouter {}

    /** Give the primary that never became ready the target's newer template. */
    record CopyFirst() implements OfRouter {}

    /**
     * Lead the apex and the route to the primary, and scale the target down.
     *
     * @param lost when the primary went first while this was not done; null where it never did
     */
    record TakeOver(@Nullable Instant lost) implements OfRouter {}

    /** Look at what a canary that was found at work has, and claim it; nothing moves. */
    record Adopt() implements OfRouter {}

    // ---- at rest

    /** Make the Services that an edited manifest names, before routes lead to them. */
    record Reshape() implements OfRouter {}

    /** Give apex and route the edited shape, at the present split. */
    record Reroute() implements OfRouter {}

    // ---- a run

    /**
     * Take from the canary the traffic that an earlier run left there, before the run's gate is
     * asked.
     */
    record ClearBeforeRun() implements OfRouter {}

    /**
     * Scale the target up; down first, where its pods began with earlier configs.
     *
     * @param down true where they are to go; null where pods are to begin, as in every release that
     *     does not write it
     */
    record ScaleUp(@Nullable Boolean down) implements OfRouter {

        /** Pods are to begin. */
        static final ScaleUp UP = new ScaleUp(null);

        /** Those that are there are to go. */
        static final ScaleUp DOWN = new ScaleUp(true);

        boolean takesAway() {
            return down != null && down;
        }
    }

    /**
     * Start the baseline again that is gone.
     *
     * @param withoutTraffic the canary has none either, since traffic was taken from it
     */
    record StartBaseline(boolean withoutTraffic) implements OfRouter {}

    /**
     * Take the baseline's share, and then its pods.
     *
     * @param then what goes on without it
     */
    record StopBaseline(Next then) implements OfRouter {}

    /** Take traffic from the canary, since a newer revision begins the analysis anew. */
    record ClearForRestart() implements OfRouter {}

    /**
     * Set the split of a stop.
     *
     * @param to place of the stop in the plan, from 0
     * @param since when it was to be set first
     * @param hooksAsked when rollback hooks were asked last while it could not be set
     */
    record Shift(int to, Instant since, Instant hooksAsked) implements OfRouter {}

    /** Take traffic from a canary that does not serve, or whose baseline does not. */
    record Retreat(Part from) implements OfRouter {}

    /** Send all traffic to the canary, because the primary does not serve. */
    record Rescue(Part from) implements OfRouter {}

    /** Do all metrics hold? */
    record Metrics() implements OfMetrics {}

    /** Call a webhook whose answer means what its type says. */
    record CallHook(HookType type, int hook) implements OfHook {}

    /**
     * Call a webhook that may demand a rollback.
     *
     * @param then what goes on if none does
     */
    record AskForRollback(HookType type, int hook, Next then) implements OfHook {}

    // ---- promotion

    /** Copy the target's template to the primary. */
    record Copy() implements OfRouter {}

    /** Move traffic back to the primary. */
    record RouteBack(Split to) implements OfRouter {}

    /** Scale the target down after a promotion. */
    record ScaleDown() implements OfRouter {}

    // ---- rollback

    /** Take traffic from the canary. */
    record RollBack() implements OfRouter {}

    /** Scale the target down after that. */
    record ScaleDownFailed() implements OfRouter {}

    // ---- deletion

    /** Restore the state before Serinus. */
    record Restore() implements OfRouter {}
}
