package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A question that was put to another service.
 *
 * @param step names it, and its answer
 * @param attempt how often it was put, from 1
 * @param since when it was put first
 * @param due when it is put again
 * @param refused the last attempt that was answered, and not as hoped; 0 while none was
 * @param trouble why it was not answered as hoped; null while nothing is wrong
 */
public record Ask(
        long step,
        int attempt,
        Instant since,
        Instant due,
        int refused,
        @Nullable Trouble trouble) {

    /**
     * What stands in the way.
     *
     * @param because in the words of who answered
     * @param kind what it takes to go on
     * @param alarmed people were told that it takes too long
     */
    public record Trouble(String because, Kind kind, boolean alarmed) {

        /** What it takes to go on. */
        public enum Kind {
            /** Nobody answered. */
            SILENCE,
            /** The world is difficult for the moment. */
            DIFFICULTY,
            /** Somebody has to change a manifest. */
            MISTAKE,
            /** The cluster is ahead of what is known here. */
            STALE
        }
    }

    Ask until(Instant other) {
        return new Ask(step, attempt, since, other, refused, trouble);
    }

    /** As if it had been put first then. */
    Ask putAt(Instant other) {
        return new Ask(step, attempt, other, due, refused, trouble);
    }

    /** An answer to any attempt is still waited for. */
    Ask troubled(Trouble other) {
        return new Ask(step, attempt, since, due, refused, other);
    }

    /** The attempts so far are answered. */
    Ask with(@Nullable Trouble other) {
        return new Ask(step, attempt, since, due, attempt, other);
    }
}
