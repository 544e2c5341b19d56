package dev.serinus.analysis.rollout.judge;

/** What a judge says. Unknown is not a verdict of the application: then it is inconclusive. */
public enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE
}
