package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

/**
 * Those that are promoted together. Asked after people, freezes and webhooks: who is ready has
 * nothing else that keeps it.
 */
final class GroupGate implements GateSource {

    @Override
    public Opinion at(GateFacts facts) {
        return facts.point() == Point.PROMOTE && facts.awaitsGroup()
                ? new Opinion.Ungrouped()
                : new Opinion.Open();
    }
}
