package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

/**
 * A gate that waits for somebody.
 *
 * @param hook name of its webhook
 */
public record WaitingGate(Point point, String hook) {}
