package dev.serinus.analysis.journal;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutMachine;
import dev.serinus.analysis.rollout.Transition;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.JournalEntry;

import org.apache.avro.specific.SpecificRecord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One input and what followed from it. The stream and a replay both come through here, so that they
 * cannot disagree.
 *
 * @param stateBytes how large the state after it is, written down
 */
public record Decision(
        StoredRollout before,
        StoredRollout after,
        List<Effect> effects,
        JournalEntry entry,
        int stateBytes) {

    private static final int FINGERPRINT_DIGITS = 16;

    /** Stamps an input, asks the machine, and writes down what it takes to ask it again. */
    public static Decision on(StoredRollout before, SpecificRecord input, Instant now) {
        Instant at = before.stamp(now);
        Transition next = RolloutMachine.next(before.rollout(), Inputs.event(input, at));
        StoredRollout after = new StoredRollout(before.number() + 1, at, next.state());
        byte[] state = RolloutJson.write(next.state());
        Rollout decided = next.state().decided();
        byte[] named = decided.equals(next.state()) ? state : RolloutJson.write(decided);
        JournalEntry entry =
                JournalEntry.newBuilder()
                        .setCanary(before.rollout().canary().toString())
                        .setNumber(after.number())
                        .setAt(at)
                        .setInput(input)
                        .setDecision(fingerprint(named, next.effects()))
                        .build();
        return new Decision(before, after, next.effects(), entry, state.length);
    }

    /** The records that its effects are, in order. */
    public List<SpecificRecord> outputs() {
        return Outputs.records(uid(), before.rollout(), after.rollout(), after.at(), effects);
    }

    /**
     * True for an input about a canary that is as unknown after it as before: it leaves no trace.
     */
    public boolean concernsNobody() {
        return !before.isKnown() && !after.isKnown() && effects.isEmpty();
    }

    /** The UID that the effects are about: after the last one the state may have forgotten it. */
    public String uid() {
        return after.isKnown() ? after.rollout().uid() : before.rollout().uid();
    }

    /** True when something follows: a new state or something to do. */
    public boolean matters() {
        return !effects.isEmpty() || !after.rollout().equals(before.rollout());
    }

    /** Equal for equal decisions, and with overwhelming odds for no others. */
    static String fingerprint(byte[] state, List<?> effects) {
        var named =
                effects.stream()
                        .map(effect -> Map.of(effect.getClass().getSimpleName(), effect))
                        .toList();
        byte[] json = RolloutJson.write(named);
        return Revision.digest(
                        new String(state, StandardCharsets.UTF_8)
                                + new String(json, StandardCharsets.UTF_8))
                .substring(0, FINGERPRINT_DIGITS);
    }
}
