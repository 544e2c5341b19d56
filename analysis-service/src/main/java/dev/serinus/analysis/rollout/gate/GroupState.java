package dev.serinus.analysis.rollout.gate;

/** How far one of a group is. */
public enum GroupState {
    /** It is analysed, or has not begun. */
    RUNS,
    /** It could be promoted, and waits for the others. */
    READY,
    /** It may be promoted: all were ready, or people let it. */
    OPEN
}
