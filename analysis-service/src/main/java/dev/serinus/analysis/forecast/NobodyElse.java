package dev.serinus.analysis.forecast;

import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent.GroupAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.GroupOutcome;
import dev.serinus.analysis.rollout.RolloutEvent.PermitAnswered;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.GroupState;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Collectors;

/**
 * No fleet: nothing is asked of a Canary beside its own manifest, and those that it names are
 * promoted, or ready, just when it needs them.
 */
final class NobodyElse implements Others {

    @Override
    public FleetRules rules(Rollout rollout, Instant at) {
        return rollout.rules();
    }

    @Override
    public void hear(AssumedWorld from, Instant at, Effect said) {
        if (said instanceof Effect.AskPermit ask) {
            letBegin(from, ask);
        } else if (said instanceof Effect.JoinGroup join && join.state() == GroupState.READY) {
            from.hear(
                    Duration.ZERO,
                    then ->
                            new GroupAnswered(
                                    then, join.uid(), join.step(), GroupOutcome.OPEN, "", null));
        }
    }

    /** The others are promoted with the same release just before. */
    private static void letBegin(AssumedWorld from, Effect.AskPermit ask) {
        var after = ask.after();
        if (after == null || ask.running()) {
            return;
        }
        Duration soak =
                after.stream()
                        .map(AwaitedPromotion::soak)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO);
        String others =
                after.stream().map(AwaitedPromotion::canary).collect(Collectors.joining(", "));
        String words =
                others
                        + " to be promoted with this release"
                        + (soak.isZero() ? "" : ", and then %d s".formatted(soak.toSeconds()));
        String first = after.getFirst().canary();
        from.hear(
                Duration.ZERO,
                then ->
                        new PermitAnswered(
                                then, ask.uid(), ask.step(), false, 1, words, first, null));
        from.hear(soak, then -> new PermitAnswered(then, ask.uid(), ask.step(), true, 0, ""));
    }
}
