package dev.serinus.analysis.action;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;

import java.util.List;

/** What became of a wish. */
public sealed interface Became {

    /**
     * It was decided upon.
     *
     * @param event by which it was answered
     * @param state after it
     */
    record Decided(RolloutEvent event, RolloutState state) implements Became {}

    /** It is on its way, and not decided yet. */
    record Underway(String id) implements Became {}

    /** Kafka does not take it: nobody knows whether it will be done. */
    record Unsent(String id) implements Became {}

    /** The actor has not seen the latest event; nothing was asked. */
    record Outdated(long sequence) implements Became {}

    /**
     * There was no run yet that it could be about; nothing was asked.
     *
     * @param possible what makes sense now
     */
    record NoRun(List<String> possible) implements Became {

        /** A copy of the list is kept. */
        public NoRun {
            possible = List.copyOf(possible);
        }
    }

    /** The key was used for something else; nothing was asked. */
    record KeyUsed() implements Became {}

    /**
     * What would become of it; nothing was asked.
     *
     * @param possible what makes sense now
     */
    record Predicted(boolean sensible, List<String> possible, RolloutState state)
            implements Became {}

    /** The rollouts are still being read; nothing was asked. */
    record NotReady() implements Became {}

    /** There is no such canary. */
    record Unknown() implements Became {}
}
