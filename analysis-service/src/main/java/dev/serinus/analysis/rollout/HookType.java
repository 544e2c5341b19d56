package dev.serinus.analysis.rollout;

/** When a webhook is called; by the names of the Canary resource. */
public enum HookType {
    ROLLOUT,
    PRE_ROLLOUT,
    POST_ROLLOUT,
    CONFIRM_ROLLOUT,
    CONFIRM_PROMOTION,
    CONFIRM_TRAFFIC_INCREASE,
    ROLLBACK,
    EVENT
}
