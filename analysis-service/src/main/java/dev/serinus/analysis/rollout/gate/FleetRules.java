package dev.serinus.analysis.rollout.gate;

import java.util.List;

/**
 * What the installation asks of one canary beside its own manifest.
 *
 * @param budgets that cover it: it needs a place in each
 */
public record FleetRules(List<Claim> budgets) {

    /** Where the installation asks for nothing. */
    public static final FleetRules NONE = new FleetRules(List.of());

    public FleetRules {
        budgets = List.copyOf(budgets);
    }
}
