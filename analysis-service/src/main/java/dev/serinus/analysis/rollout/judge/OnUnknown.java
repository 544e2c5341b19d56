package dev.serinus.analysis.rollout.judge;

/** What a check without an answer means: unknown is not a verdict, so the Canary says. */
public enum OnUnknown {
    FAIL,
    HOLD,
    PASS
}
