package dev.serinus.router.command;

import dev.serinus.router.route.Split;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

/** Is told what was done for a canary, while it is still its turn. */
@FunctionalInterface
public interface ActionListener {
    void did(CanaryKey canary, RouterAction action, Order order, ActionResult done);

    /**
     * Is told that an order is about to be carried out, perhaps the rest of it: what was found
     * meanwhile under its own step is no word against it.
     */
    default void begins(CanaryKey canary, RouterAction action, Order order) {}

    /** Is told what was written of an order of which the rest has to wait. */
    default void wrote(ActionResult done) {}

    /** The split that a canary has had since then; null when that is not known. */
    default @Nullable Split present(CanaryKey canary) {
        return null;
    }
}
