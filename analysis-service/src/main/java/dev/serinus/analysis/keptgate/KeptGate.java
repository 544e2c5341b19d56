package dev.serinus.analysis.keptgate;

import java.time.Instant;

/**
 * One gate of a canary since somebody turned it.
 *
 * @param actor who did, as they call themselves; empty where nobody said
 * @param reason why; empty where nobody said
 */
public record KeptGate(
        KeptGateKind kind, boolean open, String actor, String reason, Instant since) {}
