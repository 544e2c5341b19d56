package dev.serinus.analysis.rollout.judge.compare;

/** What an effect and its limits are. */
public enum Scale {
    /** The canary divided by the other side; 1 is no difference. */
    RATIO,
    /** The canary less the other side, in the metric's unit or as a share of trials; 0 is none. */
    DIFFERENCE
}
