package dev.serinus.analysis.rollout.tell;

/** A titled value of an alert. */
public record Field(String name, String value) {}
