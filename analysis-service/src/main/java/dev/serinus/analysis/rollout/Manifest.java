package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What was seen of the Canary object.
 *
 * @param uid empty before any was seen
 * @param spec the last valid one; null before any was seen
 * @param claimed it carries this installation's claim and finalizer
 * @param problems of the latest spec, if it breaks the rules
 * @param requests by annotations; null where there are none
 */
public record Manifest(
        String uid,
        long generation,
        @Nullable Spec spec,
        boolean claimed,
        boolean deleting,
        List<RolloutEvent.Problem> problems,
        @Nullable Requests requests) {

    static final Manifest NONE = new Manifest("", 0, null, false, false, List.of(), null);

    public Manifest {
        problems = List.copyOf(problems);
    }

    /** What was seen, after what was known of the same object. */
    static Manifest of(RolloutEvent.CanarySeen seen, Manifest before) {
        boolean claimed = seen.claimed() == null ? before.claimed() : seen.claimed();
        return new Manifest(
                seen.uid(),
                seen.generation(),
                seen.spec(),
                claimed,
                seen.deleting(),
                List.of(),
                Requests.seen(
                        seen.uid().equals(before.uid()) ? before.requests() : null,
                        seen.skipAnalysis(),
                        seen.reset()));
    }

    /** The same, with a newer spec that breaks the rules. */
    Manifest rejected(String byUid, List<RolloutEvent.Problem> found) {
        return new Manifest(byUid, generation, spec, claimed, deleting, found, requests);
    }

    /** The same, of which this is asked for. */
    Manifest with(@Nullable Requests asked) {
        return new Manifest(uid, generation, spec, claimed, deleting, problems, asked);
    }
}
