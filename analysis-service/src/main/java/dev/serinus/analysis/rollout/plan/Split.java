package dev.serinus.analysis.rollout.plan;

/** Where traffic goes: the canary's share in percent, copies, or matching requests only. */
public record Split(int canaryWeight, boolean mirrored, boolean matched) {

    /** Everything to the primary. */
    public static final Split PRIMARY = new Split(0, false, false);

    public Split {
        if (canaryWeight < 0 || canaryWeight > 100) {
            throw new IllegalArgumentException(
                    "a canary weight is 0 to 100 percent, was " + canaryWeight);
        }
    }

    /** A plain share of traffic. */
    public static Split of(int canaryWeight) {
        return new Split(canaryWeight, false, false);
    }
}
