package dev.serinus.conformance.compare;

import java.util.Locale;

/** One of the ways to look at a recording. */
public enum Facet {
    /** Phase, weight, failed checks and iterations of each Canary, in order. */
    STATUS,
    /** Each route's, Service's and scaler's states, in order. */
    ROUTES,
    /** Each workload's sizes and images, in order. */
    WORKLOADS,
    /** Type and text of Kubernetes events, in order. */
    EVENTS,
    /** Webhooks and alerts with body and answer, in order. */
    HOOKS,
    /** What metric providers were asked, as a set. */
    QUERIES,
    /** All objects, after each wait that found the Canary at rest. */
    OBJECTS;

    /** How a path of this facet begins. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
