package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A wait for something that nobody was asked for.
 *
 * @param step names it, and the timer that ends it
 * @param since when it began
 * @param due when it ends all the same
 * @param look when it is told that it lasts; null once that was done, and where it is told at once
 * @param furthest how far the pods of a primary that is waited for have come in it; null before
 *     they were seen, and where no primary is
 */
public record Wait(
        long step, Instant since, Instant due, @Nullable Instant look, @Nullable Integer furthest) {

    /** One in which nothing was seen yet. */
    public Wait(long step, Instant since, Instant due, @Nullable Instant look) {
        this(step, since, due, look, null);
    }

    /** The same wait, which ends then. */
    Wait until(Instant other) {
        return new Wait(step, since, other, look, furthest);
    }

    /** The same wait, as if it had begun then. */
    Wait from(Instant other) {
        return new Wait(step, other, due, look, furthest);
    }

    /** The same wait, in which pods have come so far; null for not seen. */
    Wait reaching(@Nullable Integer pods) {
        return new Wait(step, since, due, look, pods);
    }

    /** When something is to be done about it by itself. */
    Instant next() {
        return look == null ? due : look;
    }
}
