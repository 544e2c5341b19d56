package dev.serinus.analysis.permit;

import java.util.List;

/**
 * Why a rollout that asks may not begin yet. A reason is one class and one line in {@link
 * FleetMachine}; they are looked at in their order, and whoever one lets pass comes to the next.
 */
interface WaitingReason {

    /**
     * Lets pass whom nothing of this kind keeps, and tells the others what they wait for.
     *
     * @param effects what is told is added here
     */
    Fleet settled(Fleet fleet, List<FleetEffect> effects);
}
