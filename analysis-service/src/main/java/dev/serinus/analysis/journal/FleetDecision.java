package dev.serinus.analysis.journal;

import dev.serinus.analysis.permit.FleetEffect;
import dev.serinus.analysis.permit.FleetMachine;
import dev.serinus.analysis.permit.FleetTransition;
import dev.serinus.analysis.permit.Holder;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.PermitEntry;

import java.time.Instant;
import java.util.List;

/**
 * One input about a scope and what followed from it. The stream and a replay both come through
 * here, as with a {@link Decision}.
 *
 * @param unheard those that were dropped since nothing was heard of them
 * @param stateBytes how large the state after it is, written down
 */
public record FleetDecision(
        StoredFleet after,
        List<FleetEffect> effects,
        List<Holder> unheard,
        PermitEntry entry,
        int stateBytes) {

    /** Stamps an input, asks the machine, and writes down what it takes to ask it again. */
    public static FleetDecision on(StoredFleet before, Permit input, Instant now) {
        Instant at = before.stamp(now);
        FleetTransition next = FleetMachine.next(before.fleet(), PermitRecords.event(input, at));
        StoredFleet after = new StoredFleet(before.number() + 1, at, next.state());
        byte[] state = RolloutJson.write(next.state());
        PermitEntry entry =
                PermitEntry.newBuilder()
                        .setScope(input.getScope())
                        .setNumber(after.number())
                        .setAt(at)
                        .setFresh(before.fleet().isEmpty())
                        .setInput(input)
                        .setDecision(Decision.fingerprint(state, next.effects()))
                        .build();
        return new FleetDecision(after, next.effects(), next.unheard(), entry, state.length);
    }
}
