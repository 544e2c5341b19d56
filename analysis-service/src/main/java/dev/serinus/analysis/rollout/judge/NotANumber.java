package dev.serinus.analysis.rollout.judge;

/**
 * What a value that is no number (NaN) means, where it is more than no data: then there is nothing
 * to say of it.
 */
public enum NotANumber {
    /** It is 0, among samples of both sides too. */
    ZERO,
    /** A check fails in whose time the canary had one. */
    FAIL
}
