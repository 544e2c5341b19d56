package dev.serinus.analysis.rollout.gate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How far a canary is that others wait for.
 *
 * @param release what its target shows; empty where that is not known
 * @param promoted what it was promoted with last; null where that is not known
 * @param promotedAt when it was; null where that is not known
 * @param knownSince since when it is known to be what is promoted, where nobody knows when it was;
 *     null where that is not known either
 * @param words what it does, for its own namespace
 * @param awaitedBy namespaces that may wait for it beside those of its own name, or an asterisk for
 *     all; null for none
 */
public record Standing(
        Kind kind,
        String release,
        @Nullable String promoted,
        @Nullable Instant promotedAt,
        @Nullable Instant knownSince,
        String words,
        @Nullable List<String> awaitedBy) {

    public Standing {
        awaitedBy = awaitedBy == null || awaitedBy.isEmpty() ? null : List.copyOf(awaitedBy);
    }

    /** One that only those of its own namespace may wait for, promoted when it says. */
    public Standing(
            Kind kind,
            String release,
            @Nullable String promoted,
            @Nullable Instant promotedAt,
            String words) {
        this(kind, release, promoted, promotedAt, null, words, null);
    }

    /** True where canaries of this namespace may wait for it. */
    public boolean allows(String namespace) {
        return awaitedBy != null && (awaitedBy.contains(namespace) || awaitedBy.contains("*"));
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
