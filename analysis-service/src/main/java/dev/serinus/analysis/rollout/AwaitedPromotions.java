package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion;

import java.time.Instant;
import java.util.List;

/** The promotions of other canaries that a run waits for before it begins. */
final class AwaitedPromotions {

    private AwaitedPromotions() {}

    /** Where nobody knows when it was promoted, any promotion that is known was later. */
    private static Instant since(Released had) {
        return had.at() == null ? Instant.EPOCH : had.at();
    }

    /** None for a target that shows what was promoted: there is nothing to bring. */
    static List<AwaitedPromotion> of(Rollout r) {
        var spec = r.spec();
        Workload target = r.target();
        if (spec == null
                || target == null
                || spec.ruled().predecessors().isEmpty()
                || Revisions.reverted(r)) {
            return List.of();
        }
        String release = target.released();
        Released had = r.revisions().released();
        // The same images with other settings: these came to the others later, too.
        var later = had != null && had.release().equals(release) ? since(had) : null;
        return spec.ruled().predecessors().stream()
                .filter(one -> !WaveTimeouts.isOver(r, one.of(r.canary())))
                .map(
                        one ->
                                new AwaitedPromotion(
                                        one.of(r.canary()),
                                        release,
                                        later,
                                        one.soak(),
                                        one.allowance()))
                .toList();
    }
}
