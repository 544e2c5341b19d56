package dev.serinus.analysis.rollout.gate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How far a canary is that others wait for.
 *
 * @param release what its target shows; empty where that is not known
 * @param promoted what it was promoted with last; null where that is not known
 * @param promotedAt when it was; null where that is not known
 * @param knownSince since when it is known to be what is promoted, where nobody knows when it was;
 *     null where that is not known either
 * @param words what it does, for its own namespace
 */
public record Standing(
        Kind kind,
        String release,
        @Nullable String promoted,
        @Nullable Instant promotedAt,
        @Nullable Instant knownSince,
        String words) {

    /** Of which nobody told since when it is known. */
    public Standing(
            Kind kind,
            String release,
            @Nullable String promoted,
            @Nullable Instant promotedAt,
            String words) {
        this(kind, release, promoted, promotedAt, null, words);
    }

    /** How far it is. */
    public enum Kind {
        /** Nothing is rolled out. */
        RESTS,
        /** Something is, or waits to be. */
        RUNS,
        /** What its target shows has failed. */
        FAILED,
        /** There is no such canary any more. */
        GONE
    }
}
