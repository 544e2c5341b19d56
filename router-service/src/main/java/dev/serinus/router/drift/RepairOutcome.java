package dev.serinus.router.drift;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Ref;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a repair.
 *
 * @param written the names of what was written or deleted
 * @param refused why the rest is not as it has to be
 * @param lasting what is not as it has to be and no repair can mend: it is only told
 * @param waits true when something cannot be done yet, and nobody tells when it can be
 * @param later true when something has to go that a data plane may use for a moment still
 * @param turning true when a route is on its way, and goes on when data planes had time to follow
 */
record RepairOutcome(
        List<Ref> written,
        List<Refusal> refused,
        List<Refusal> lasting,
        boolean waits,
        boolean later,
        boolean turning) {

    static final RepairOutcome NOTHING = of(List.of(), List.of());

    RepairOutcome {
        written = List.copyOf(written);
        refused = List.copyOf(refused);
        lasting = List.copyOf(lasting);
    }

    /** The same, with something that no repair can mend. */
    RepairOutcome beside(Refusal lasts) {
        var all = new ArrayList<>(lasting);
        all.add(lasts);
        return new RepairOutcome(written, refused, all, waits, later, turning);
    }

    /** All that there is to tell. */
    List<Refusal> told() {
        return Stream.concat(refused.stream(), lasting.stream()).toList();
    }

    static RepairOutcome of(List<Ref> written, List<Refusal> refused) {
        return new RepairOutcome(written, refused, List.of(), false, false, false);
    }
}
