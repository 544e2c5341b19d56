package dev.serinus.analysis.rollout;

/**
 * The part of a canary's life that a stage belongs to: what a change that comes in between means
 * for it.
 */
public enum Part {
    /** Nothing valid was seen yet, or all is over. */
    NONE,
    INITIALIZATION,
    REST,
    /** A run is wanted and its gate is asked; nothing was touched. */
    START,
    ANALYSIS,
    PROMOTION,
    ROLLBACK,
    /** The run has ended and its last hooks are called. */
    END,
    DELETION
}
