package dev.serinus.analysis.rollout.tell;

/** How loud a message to people is. */
public enum Severity {
    INFO,
    WARN,
    ERROR
}
