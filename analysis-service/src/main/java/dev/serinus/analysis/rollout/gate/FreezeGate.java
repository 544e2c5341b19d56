package dev.serinus.analysis.rollout.gate;

/**
 * Freezes of the installation. Asked before webhooks, whose yes would be old when the freeze is
 * over, and before budgets, so that nobody has a place whom a freeze holds.
 */
final class FreezeGate implements GateSource {

    @Override
    public Opinion at(GateFacts facts) {
        return facts.freeze().<Opinion>map(Opinion.Frozen::new).orElseGet(Opinion.Open::new);
    }
}
