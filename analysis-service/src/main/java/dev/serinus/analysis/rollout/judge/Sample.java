package dev.serinus.analysis.rollout.judge;

import java.time.Instant;

/** One value of one moment, in the metric's unit. */
public record Sample(Instant time, double value) {}
