package dev.serinus.analysis.rollout;

import java.time.Instant;

/**
 * A wait for something that nobody was asked for.
 *
 * @param step names it, and the timer that ends it
 * @param since when it began
 * @param due when it ends all the same
 */
public record Wait(long step, Instant since, Instant due) {}
