package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;

import java.time.Instant;

/**
 * What another service was asked. Put again it asks the very same: the same step, the same desired
 * state.
 */
public sealed interface Question {

    /** The part of the canary's life that it belongs to. */
    Part part();

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
    record Availability() implements OfMetrics {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Make Services and primary; look at what is there already. */
    record Initialize() implements OfRouter {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Give the primary that never became ready the target's newer template. */
    record CopyFirst() implements OfRouter {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Lead the apex and the route to the primary, and scale the target down. */
    record TakeOver() implements OfRouter {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Look at what a canary that was found at work has, and claim it; nothing moves. */
    record Adopt() implements OfRouter {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    // ---- at rest

    /** Make the Services that an edited manifest names, before routes lead to them. */
    record Reshape() implements OfRouter {
        @Override
        public Part part() {
            return Part.REST;
        }
    }

    /** Give apex and route the edited shape, at the present split. */
    record Reroute() implements OfRouter {
        @Override
        public Part part() {
            return Part.REST;
        }
    }

    // ---- a run

    /**
     * Take from the canary the traffic that an earlier run left there, before the run's gate is
     * asked.
     */
    record ClearBeforeRun() implements OfRouter {
        @Override
        public Part part() {
            return Part.START;
        }
    }

    /** Scale the target up. */
    record ScaleUp() implements OfRouter {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Take traffic from the canary, since a newer revision begins the analysis anew. */
    record ClearForRestart() implements OfRouter {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /**
     * Set the split of a stop.
     *
     * @param to place of the stop in the plan, from 0
     * @param since when it was to be set first
     * @param hooksAsked when rollback hooks were asked last while it could not be set
     */
    record Shift(int to, Instant since, Instant hooksAsked) implements OfRouter {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Take traffic from a canary that does not serve. */
    record Retreat(Part from) implements OfRouter {
        @Override
        public Part part() {
            return from;
        }
    }

    /** Send all traffic to the canary, because the primary does not serve. */
    record Rescue(Part from) implements OfRouter {
        @Override
        public Part part() {
            return from;
        }
    }

    /** Do all metrics hold? */
    record Metrics() implements OfMetrics {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Call a webhook whose answer means what its type says. */
    record CallHook(HookType type, int hook) implements OfHook {
        @Override
        public Part part() {
            return switch (type.meaning()) {
                case HookType.Meaning.Confirms(var point) ->
                        switch (point) {
                            case START -> Part.START;
                            case ADVANCE, PROMOTE -> Part.ANALYSIS;
                        };
                case HookType.Meaning.Check _,
                        HookType.Meaning.BeforeTraffic _,
                        HookType.Meaning.DemandsRollback _ ->
                        Part.ANALYSIS;
                case HookType.Meaning.AfterTheEnd _, HookType.Meaning.IsTold _ -> Part.END;
            };
        }
    }

    /**
     * Call a webhook that may demand a rollback.
     *
     * @param then what goes on if none does
     */
    record AskForRollback(HookType type, int hook, Next then) implements OfHook {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    // ---- promotion

    /** Copy the target's template to the primary. */
    record Copy() implements OfRouter {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** Move traffic back to the primary. */
    record RouteBack(Split to) implements OfRouter {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** Scale the target down after a promotion. */
    record ScaleDown() implements OfRouter {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    // ---- rollback

    /** Take traffic from the canary. */
    record RollBack() implements OfRouter {
        @Override
        public Part part() {
            return Part.ROLLBACK;
        }
    }

    /** Scale the target down after that. */
    record ScaleDownFailed() implements OfRouter {
        @Override
        public Part part() {
            return Part.ROLLBACK;
        }
    }

    // ---- deletion

    /** Restore the state before Serinus. */
    record Restore() implements OfRouter {
        @Override
        public Part part() {
            return Part.DELETION;
        }
    }
}
