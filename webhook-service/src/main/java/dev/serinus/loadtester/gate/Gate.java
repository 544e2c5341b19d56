package dev.serinus.loadtester.gate;

import java.time.Instant;

/**
 * How a gate stands since somebody opened or closed it.
 *
 * @param actor who did, as they call themselves; empty where nobody said
 * @param reason why; empty where nobody said
 */
public record Gate(boolean open, String actor, String reason, Instant since) {}
