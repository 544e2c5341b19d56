package dev.serinus.analysis.fleet;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became different since a change that somebody knows already.
 *
 * @param number of the latest change that is in here
 * @param complete false where too much is over to tell all of it: whoever asks has to begin anew
 * @param states the latest of each canary that changed, the longest ago first
 * @param gone canaries that are not there any more
 * @param events of the one canary that was asked about, the oldest first
 */
public record Changes(
        long number,
        boolean complete,
        Map<CanaryKey, RolloutState> states,
        Set<CanaryKey> gone,
        List<RolloutEvent> events) {

    /** True where nothing is different. */
    public boolean isEmpty() {
        return complete && states.isEmpty() && gone.isEmpty() && events.isEmpty();
    }
}
