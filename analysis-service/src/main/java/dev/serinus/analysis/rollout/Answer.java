package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.Action;

import java.util.List;
import java.util.Locale;

/**
 * What became of an action that has an id.
 *
 * @param reason of the actor; may be empty
 * @param possible what could be asked then without being refused
 */
public record Answer(
        String id, Action action, Outcome outcome, String reason, List<Action> possible) {

    public Answer {
        possible = List.copyOf(possible);
    }

    /** The ways in which an action ends. */
    public enum Outcome {
        DONE,
        /** It was so already. */
        UNCHANGED,
        REFUSED,
        /** The actor had not seen what happened meanwhile. */
        OUTDATED;

        /** What records call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
