package dev.serinus.analysis.rollout.gate;

import dev.serinus.analysis.rollout.gate.AwaitedPromotion.Allowance;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Another canary that is to be promoted with the same release before a run begins.
 *
 * @param cluster null for that of the canary that waits
 * @param namespace null for that of the canary that waits
 * @param soak how long it is to have been promoted
 * @param limit how long its promotion is waited for; null for as long as it takes
 * @param allowance what else will do; null for nothing
 */
public record Predecessor(
        @Nullable String cluster,
        @Nullable String namespace,
        String name,
        Duration soak,
        @Nullable GateLimit limit,
        @Nullable Allowance allowance) {

    /** One that is waited for as long as it takes. */
    public Predecessor(
            @Nullable String cluster, @Nullable String namespace, String name, Duration soak) {
        this(cluster, namespace, name, soak, null, null);
    }

    /** Its full name, for the canary that waits for it. */
    public String of(CanaryKey waiting) {
        return new CanaryKey(
                        cluster == null ? waiting.cluster() : cluster,
                        namespace == null ? waiting.namespace() : namespace,
                        name)
                .toString();
    }
}
