package dev.serinus.analysis.permit;

import java.util.List;

/**
 * What a decision leads to: the state to keep and what is told, in order.
 *
 * @param unheard those that were dropped since nothing was heard of them
 */
public record FleetTransition(Fleet state, List<FleetEffect> effects, List<Holder> unheard) {
    public FleetTransition {
        effects = List.copyOf(effects);
        unheard = List.copyOf(unheard);
    }
}
