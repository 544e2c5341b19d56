package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was seen of the Canary object.
 *
 * @param uid empty before any was seen
 * @param spec the last valid one; null before any was seen
 * @param claimed it carries this installation's claim and finalizer
 * @param problems of the latest spec, if it breaks the rules
 * @param requests by annotations; null where there are none
 * @param tried what was really seen while what is decided is not done; null where it is
 * @param refused the generation of the latest spec where it breaks the rules; 0 where it is the one
 *     in force
 * @param labels of the object with its latest valid spec; null where nobody said
 * @param hints what of its latest valid spec works otherwise than its author may think, for people
 */
public record Manifest(
        String uid,
        long generation,
        @Nullable Spec spec,
        boolean claimed,
        boolean deleting,
        List<RolloutEvent.Problem> problems,
        @Nullable Requests requests,
        @Nullable SeenSides tried,
        long refused,
        @Nullable Map<String, String> labels,
        List<String> hints) {

    static final Manifest NONE = new Manifest("", 0, null, false, false, List.of(), null);

    /** One that is not only tried. */
    public Manifest(
            String uid,
            long generation,
            @Nullable Spec spec,
            boolean claimed,
            boolean deleting,
            List<RolloutEvent.Problem> problems,
            @Nullable Requests requests) {
        this(
                uid,
                generation,
                spec,
                claimed,
                deleting,
                problems,
                requests,
                null,
                0,
                null,
                List.of());
    }

    public Manifest {
        problems = List.copyOf(problems);
        hints = List.copyOf(hints);
        labels = labels == null ? null : new TreeMap<>(labels);
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
                        seen.reset(),
                        seen.passFreeze()),
                seen.uid().equals(before.uid()) ? before.tried() : null,
                0,
                seen.labels(),
                seen.hints());
    }

    /** The same, with a newer spec that breaks the rules. */
    Manifest rejected(RolloutEvent.CanaryRejected latest) {
        return new Manifest(
                latest.uid(),
                generation,
                spec,
                claimed,
                deleting,
                latest.problems(),
                requests,
                tried,
                latest.generation(),
                labels,
                hints);
    }

    /** The same, of which this is asked for. */
    Manifest with(@Nullable Requests asked) {
        return telling(asked, labels, hints);
    }

    /** What of it shapes a release: neither what is asked for once, nor what is for people. */
    Manifest shaping() {
        return telling(null, null, List.of());
    }

    /** The same as of a release that noted nothing of an object without labels. */
    Manifest decided() {
        return labels == null || !labels.isEmpty() ? this : telling(requests, null, hints);
    }

    /** The same in all that is no part of the spec. */
    private Manifest telling(
            @Nullable Requests asked, @Nullable Map<String, String> labelled, List<String> told) {
        return new Manifest(
                uid,
                generation,
                spec,
                claimed,
                deleting,
                problems,
                asked,
                tried,
                refused,
                labelled,
                told);
    }

    /** The same with another spec. */
    Manifest withSpec(Spec other) {
        return new Manifest(
                uid,
                generation,
                other,
                claimed,
                deleting,
                problems,
                requests,
                tried,
                refused,
                labels,
                hints);
    }

    /** The same, in a dry run of which this was really seen; null where it is none. */
    Manifest trying(@Nullable SeenSides seen) {
        return new Manifest(
                uid,
                generation,
                spec,
                claimed,
                deleting,
                problems,
                requests,
                seen,
                refused,
                labels,
                hints);
    }

    /** The latest generation that was looked at, whether its spec is in force or not. */
    long seen() {
        return Math.max(generation, refused);
    }
}
