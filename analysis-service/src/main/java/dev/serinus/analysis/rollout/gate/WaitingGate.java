package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

/**
 * A gate that waits for somebody.
 *
 * @param hook name of its webhook
 */
public record WaitingGate(Point point, String hook) {

    /**
     * What is approved in place of a name where a run is to begin, whichever gate of the start,
     * line or wave keeps it from that. No freeze is passed by it.
     */
    public static final String START = "start/";
}
