package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

import java.util.List;
import java.util.Optional;

/**
 * What the sources of a gate are told.
 *
 * @param point the place
 * @param hooks places of the webhooks that confirm it and have not said yes in this round
 * @param hold who holds the rollout and why; empty while nobody does
 * @param freeze that closes it; empty while none does
 * @param needsPermit budgets cover it, and it has no place in them
 * @param awaitsGroup it is promoted with others, and was not let through
 */
public record GateFacts(
        Point point,
        List<Integer> hooks,
        Optional<Hold> hold,
        Optional<Freeze> freeze,
        boolean needsPermit,
        boolean awaitsGroup) {

    public GateFacts {
        hooks = List.copyOf(hooks);
    }

    /** Somebody holds the rollout. */
    public record Hold(String by, String because) {}
}
