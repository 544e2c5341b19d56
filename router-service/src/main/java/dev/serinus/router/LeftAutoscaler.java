package dev.serinus.router;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.scaler.Scalers;

/** An autoscaler of a primary that stays when Serinus goes. */
public final class LeftAutoscaler {

    private LeftAutoscaler() {}

    /**
     * The same object with the minimum that its author gave it, where one is held; any other object
     * as it is.
     *
     * @param object as the API server has it
     */
    public static ObjectNode of(ObjectNode object) {
        return Scalers.unheld(object);
    }
}
