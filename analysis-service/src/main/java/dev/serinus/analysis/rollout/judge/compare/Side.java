package dev.serinus.analysis.rollout.judge.compare;

/** What one side said during the window. */
public sealed interface Side permits Samples, Counts {}
