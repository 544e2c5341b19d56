package dev.serinus.analysis.rollout.plan;

import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

/**
 * Where traffic goes: the canary's share, copies, or matching requests only.
 *
 * @param baseline the baseline's share; null where it has none. The primary has the rest
 * @param copies how many of the requests are copied; null where none are, and where the share is
 *     the one that the Canary says
 */
public record Split(
        Weight canaryWeight,
        boolean mirrored,
        boolean matched,
        @Nullable Weight baseline,
        @Nullable Weight copies) {

    /** Everything to the primary. */
    public static final Split PRIMARY = of(Weight.NONE);

    public Split {
        if (!canaryWeight.equals(canaryWeight.ofTraffic())) {
            throw new IllegalArgumentException(
                    "a canary weight is 0 to 100 percent, was " + canaryWeight);
        }
        copies = mirrored ? copies : null;
        baseline = baseline == null || !baseline.isAny() ? null : baseline;
        if (baseline != null && baseline.isAbove(canaryWeight.rest())) {
            throw new IllegalArgumentException(
                    "a baseline beside a canary of %s percent has at most %s, was %s"
                            .formatted(canaryWeight, canaryWeight.rest(), baseline));
        }
    }

    /** One without a baseline. */
    public Split(Weight canaryWeight, boolean mirrored, boolean matched) {
        this(canaryWeight, mirrored, matched, null, null);
    }

    /** The same with this share for the baseline; null for none. */
    public Split beside(@Nullable Weight share) {
        return new Split(canaryWeight, mirrored, matched, share, copies);
    }

    /** Everything to the primary, and copies of so many requests to the canary. */
    public static Split copying(Weight copies, boolean matched) {
        return new Split(Weight.NONE, true, matched, null, copies);
    }

    /** What the primary has. */
    public Weight primaryWeight() {
        return baseline == null ? canaryWeight.rest() : canaryWeight.rest().minus(baseline);
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
