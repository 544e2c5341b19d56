package dev.serinus.analysis.rollout.gate;

import java.util.List;

/**
 * What the installation asks of one canary beside its own manifest.
 *
 * @param budgets that cover it: it needs a place in each
 * @param freezes that cover it, each as it lasts now or comes next; without those that are past
 */
public record FleetRules(List<Claim> budgets, List<Freeze> freezes) {

    /** Where the installation asks for nothing. */
    public static final FleetRules NONE = new FleetRules(List.of(), List.of());

    public FleetRules {
        budgets = List.copyOf(budgets);
        freezes = List.copyOf(freezes);
    }

    /** The same with other budgets. */
    public FleetRules withBudgets(List<Claim> others) {
        return new FleetRules(others, freezes);
    }

    /** The same where nobody can be asked for a place. */
    public FleetRules withoutBudgets() {
        return new FleetRules(List.of(), freezes);
    }
}
