package dev.serinus.analysis.action;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.topic.CanaryKey;

/** Puts actions of people where the analysis takes them. */
@FunctionalInterface
public interface ActionSender {

    /**
     * Returns once it cannot be lost any more; waits as long as that takes. Interrupted, nobody
     * knows whether it is there.
     */
    void send(CanaryKey canary, Action action) throws InterruptedException;
}
