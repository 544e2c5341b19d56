package dev.serinus.schemas.mesh;

/** What a mesh can do with traffic, beside routing by {@link Condition}. */
public enum Ability {
    /** Shares of live traffic, in steps of one percent. */
    WEIGHTS,
    /** Shares of live traffic in steps of a hundredth of a percent. */
    FINE_WEIGHTS,
    /** A share for a third workload beside primary and canary. */
    BASELINE,
    /** Copies of requests before the first weight, without a share of the answers. */
    MIRROR_BEFORE_WEIGHTS,
    /** Copies of requests while a Blue/Green release is tested. */
    MIRROR,
    /** Copies of a part of the requests, by {@code analysis.mirrorWeight}. */
    MIRROR_SHARE,
    /** A cookie that keeps a user on the canary. */
    SESSION_AFFINITY,
    /** A second cookie that keeps a user on the primary. */
    PRIMARY_COOKIE,
    /** Shares of TCP connections. */
    TCP,
    /** Requests of gRPC are told apart by service and method, and not by a path. */
    CALLS,
    /** A route that another one delegates to. */
    DELEGATION,
    /** Routes that lead to, or are attached in, another namespace than the Canary's. */
    CROSS_NAMESPACE
}
