package dev.serinus.analysis.past;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The history of rollouts as far back as its topic keeps it, looked through when it is asked for, a
 * part at a time. Whatever stands in the way is {@link LookupFailed}.
 */
public interface PastEvents {

    /**
     * A part of a history.
     *
     * @param events of one canary, the oldest first
     * @param earlier from where to look for those before them; null where there is nothing earlier.
     *     It may be there without an event: a look ends when it has taken long enough
     */
    record Part(List<RolloutEvent> events, @Nullable Long earlier) {
        public Part {
            events = List.copyOf(events);
        }
    }

    /**
     * Looks back.
     *
     * @param from what a part said to be earlier; null for the end
     * @param most events, 1 or more
     */
    Part before(CanaryKey canary, @Nullable Long from, int most);

    /** Where nothing is kept. */
    PastEvents NONE = (_, _, _) -> new Part(List.of(), null);
}
