package dev.serinus.router.drift;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Ref;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of a repair.
 *
 * @param written the names of what was written or deleted
 * @param refused why the rest is not as it has to be
 * @param waits true when something cannot be done yet, and nobody tells when it can be
 * @param later true when something has to go that a data plane may use for a moment still
 * @param turning true when a route is on its way, and goes on when data planes had time to follow
 */
record RepairOutcome(
        List<Ref> written, List<Refusal> refused, boolean waits, boolean later, boolean turning) {

    static final RepairOutcome NOTHING = of(List.of(), List.of());

    RepairOutcome {
        written = List.copyOf(written);
        refused = List.copyOf(refused);
    }

    /** The same, with something more that is not as it has to be. */
    RepairOutcome refusing(Refusal more) {
        var all = new ArrayList<>(refused);
        all.add(more);
        return new RepairOutcome(written, all, waits, later, turning);
    }

    static RepairOutcome of(List<Ref> written, List<Refusal> refused) {
        return new RepairOutcome(written, refused, false, false, false);
    }
}
