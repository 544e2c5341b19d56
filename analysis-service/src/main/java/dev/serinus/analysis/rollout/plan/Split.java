package dev.serinus.analysis.rollout.plan;

import dev.serinus.schemas.canary.Weight;

/** Where traffic goes: the canary's share, copies, or matching requests only. */
public record Split(Weight canaryWeight, boolean mirrored, boolean matched) {

    /** Everything to the primary. */
    public static final Split PRIMARY = of(Weight.NONE);

    public Split {
        if (!canaryWeight.equals(canaryWeight.ofTraffic())) {
            throw new IllegalArgumentException(
                    "a canary weight is 0 to 100 percent, was " + canaryWeight);
        }
    }

    /** A plain share of traffic. */
    public static Split of(Weight canaryWeight) {
        return new Split(canaryWeight, false, false);
    }

    /** A plain share of traffic in whole percent. */
    public static Split of(int percent) {
        return of(Weight.percent(percent));
    }
}
