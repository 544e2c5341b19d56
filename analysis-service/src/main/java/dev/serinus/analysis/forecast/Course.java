package dev.serinus.analysis.forecast;

/** How the world answers while a run is forecast. */
public enum Course {
    /** All are ready at once and answer at once, and every check passes. */
    SOONEST,
    /**
     * Promoted all the same, as late as can be: pods are ready just before the progress deadline,
     * at each step where they grow with the share, hooks take all the time they may, and one check
     * less fails than ends the run.
     */
    LATEST,
    /** No check passes from the first on; all else is as in {@link #SOONEST}. */
    FAILING
}
