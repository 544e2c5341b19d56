package dev.serinus.analysis.rollout.gate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * A promotion that a rollout waits for.
 *
 * @param canary cluster/namespace/name of the other one
 * @param release what it is to be promoted with; empty where that is not known, which never comes
 * @param later it is to be promoted later than this, since its images stay as they are; null for
 *     whenever
 * @param soak how long it is to have been promoted
 */
public record AwaitedPromotion(
        String canary, String release, @Nullable Instant later, Duration soak) {}
