package dev.serinus.analysis.permit;

import java.time.Duration;
import java.time.Instant;

/**
 * A cluster from which nothing comes any more. What is known of its canaries is their last word:
 * they may have something new, or go on.
 *
 * @param heard when it was last heard of
 */
public record SilentCluster(String cluster, Instant heard) {

    /**
     * For so long places of its rollouts are kept for them: their canaries may have traffic. Every
     * wait has an end, and this is that of others for a cluster that never comes back.
     */
    static final Duration PLACES_KEPT = Duration.ofHours(24);

    public boolean is(String name) {
        return cluster.equals(name);
    }

    /** True for a canary of it, by its full name. */
    boolean has(String canary) {
        return canary.startsWith(cluster + "/");
    }

    /** True while the places of its rollouts are kept. */
    boolean keepsPlaces(Instant now) {
        return now.isBefore(heard.plus(PLACES_KEPT));
    }

    /** What people are told. */
    String words() {
        return "cluster %s was last heard of at %s".formatted(cluster, heard);
    }
}
