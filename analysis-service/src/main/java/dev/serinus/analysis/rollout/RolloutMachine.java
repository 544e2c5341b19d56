package dev.serinus.analysis.rollout;

import java.util.List;

/** All that a rollout ever does. No clock, no cluster, no broker: time is in the event. */
public final class RolloutMachine {

    private RolloutMachine() {}

    /** What follows from an event; total: an event that nobody waits for changes nothing. */
    public static Transition next(Rollout rollout, RolloutEvent event) {
        return new Transition(rollout, List.of());
    }
}
