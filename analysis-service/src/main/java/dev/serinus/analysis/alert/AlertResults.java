package dev.serinus.analysis.alert;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What became of the alerts of one canary, as far back as its topic keeps it, looked through when
 * it is asked for. Whatever stands in the way is {@link LookupFailed}.
 */
public interface AlertResults {

    /**
     * A part of them.
     *
     * @param results the oldest first
     * @param earlier from where to look for those before them; null where there is nothing earlier.
     *     It may be there without a result: a look ends when it has taken long enough
     */
    record Part(List<AlertResult> results, @Nullable Long earlier) {
        public Part {
            results = List.copyOf(results);
        }
    }

    /**
     * Looks back.
     *
     * @param since what was known before is not looked for; null for all
     * @param from what a part said to be earlier; null for the end
     * @param most results, 1 or more
     */
    Part before(CanaryKey canary, @Nullable Instant since, @Nullable Long from, int most);

    /** Where nobody is told anything. */
    AlertResults NONE = (_, _, _, _) -> new Part(List.of(), null);
}
