package dev.serinus.analysis.rules;

import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** All that a fleet file says. */
public final class FleetConfig {

    /** That of an installation without a fleet file. */
    public static final FleetConfig NONE = new FleetConfig(List.of());

    private final List<Budget> budgets;

    FleetConfig(List<Budget> budgets) {
        this.budgets = List.copyOf(budgets);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FleetConfig config && config.budgets.equals(budgets);
    }

    @Override
    public int hashCode() {
        return budgets.hashCode();
    }

    /** What it asks of one canary. */
    public FleetRules rules(CanaryKey canary) {
        if (budgets.isEmpty()) {
            return FleetRules.NONE;
        }
        return new FleetRules(
                budgets.stream()
                        .filter(budget -> budget.scope().covers(canary))
                        .map(budget -> budget.claim(canary))
                        .toList());
    }
}
