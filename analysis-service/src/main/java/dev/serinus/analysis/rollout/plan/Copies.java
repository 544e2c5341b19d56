package dev.serinus.analysis.rollout.plan;

import dev.serinus.schemas.canary.Weight;

import java.util.ArrayList;
import java.util.List;

/**
 * How the share of copied requests grows, one step at each check.
 *
 * @param from the first share
 * @param step what is added
 * @param most the last share
 */
public record Copies(Weight from, Weight step, Weight most) {

    public Copies {
        if (!from.isAny() || !step.isAny() || most.isAbove(Weight.ALL)) {
            throw new IllegalArgumentException(
                    "copies grow from above 0 by more than 0 to 100 percent at most, were to grow from %s by %s to %s"
                            .formatted(from, step, most));
        }
        from = from.atMost(most);
    }

    /** The shares from the first to the last. */
    public List<Weight> shares() {
        List<Weight> shares = new ArrayList<>();
        for (var share = from; most.isAbove(share); share = share.plus(step)) {
            shares.add(share);
        }
        shares.add(most);
        return shares;
    }
}
