package dev.serinus.analysis.rollout.guard;

/**
 * Whether all that is sent somewhere is answered there. Looked at after every event, held or not:
 * holding stops a rollout from advancing, and never this.
 */
public final class Guard {

    private Guard() {}

    /** What is wrong with where traffic goes. */
    public enum Danger {
        NONE,
        /** The canary gets requests and does not serve; the primary does. */
        CANARY_LOST,
        /** The baseline gets requests and does not serve; the primary does. */
        BASELINE_LOST,
        /** The primary gets requests and does not serve; the canary does. */
        PRIMARY_LOST
    }

    /**
     * Judges a split by who serves.
     *
     * @param toCanary some requests that need an answer go to the canary
     * @param toPrimary some go to the primary
     */
    public static Danger of(
            boolean toCanary, boolean toPrimary, boolean canaryServes, boolean primaryServes) {
        if (toCanary && !canaryServes && primaryServes) {
            return Danger.CANARY_LOST;
        }
        return toPrimary && !primaryServes && canaryServes ? Danger.PRIMARY_LOST : Danger.NONE;
    }
}
