package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Another canary that is to be promoted with the same release before a run begins.
 *
 * @param cluster null for that of the canary that waits
 * @param namespace null for that of the canary that waits
 * @param soak how long it is to have been promoted
 */
public record Predecessor(
        @Nullable String cluster, @Nullable String namespace, String name, Duration soak) {

    /** Its full name, for the canary that waits for it. */
    public String of(CanaryKey waiting) {
        return new CanaryKey(
                        cluster == null ? waiting.cluster() : cluster,
                        namespace == null ? waiting.namespace() : namespace,
                        name)
                .toString();
    }
}
