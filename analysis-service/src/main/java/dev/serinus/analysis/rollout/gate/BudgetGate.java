package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

/**
 * Budgets of the fleet: a run begins once each of them has room. Asked last, so that no place is
 * kept for a rollout that something else holds up.
 */
final class BudgetGate implements GateSource {

    @Override
    public Opinion at(GateFacts facts) {
        return facts.point() == Point.START && facts.needsPermit()
                ? new Opinion.Unpermitted()
                : new Opinion.Open();
    }
}
