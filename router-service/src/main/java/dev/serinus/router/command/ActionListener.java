package dev.serinus.router.command;

import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.topic.CanaryKey;

/** Is told what was done for a canary, while it is still its turn. */
@FunctionalInterface
public interface ActionListener {
    void did(CanaryKey canary, RouterAction action, Order order, ActionResult done);
}
