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
 */
public record Wait(long step, Instant since, Instant due, @Nullable Instant look) {

    /** When something is to be done about it by itself. */
    Instant next() {
        return look == null ? due : look;
    }
}
