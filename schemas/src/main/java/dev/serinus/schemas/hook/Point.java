package dev.serinus.schemas.hook;

/** Where a rollout asks whether it may go on: the three places after which more can go wrong. */
public enum Point {
    /** Before the target is scaled up. */
    START,
    /** Before more people meet the canary. */
    ADVANCE,
    /** Before everybody meets the canary, and before the primary is touched. */
    PROMOTE
}
