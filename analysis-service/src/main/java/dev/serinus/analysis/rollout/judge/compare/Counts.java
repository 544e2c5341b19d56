package dev.serinus.analysis.rollout.judge.compare;

/**
 * Events of trials, such as errors of requests. Rates over a window are seldom whole: both are
 * rounded, and more events than trials count as all of them.
 *
 * @param events 0 and more; no data when it is no such number
 * @param trials 0 and more; no data when it is no such number, or 0
 */
public record Counts(double events, double trials) implements Side {}
