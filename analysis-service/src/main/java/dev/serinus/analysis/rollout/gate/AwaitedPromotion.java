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
 * @param allowance what else will do; null for nothing
 */
public record AwaitedPromotion(
        String canary,
        String release,
        @Nullable Instant later,
        Duration soak,
        @Nullable Allowance allowance) {

    /**
     * What will do in place of a promotion with this very release.
     *
     * @param failed that it failed with it
     * @param otherRegistry that it was promoted with the same images of other registries
     */
    public record Allowance(boolean failed, boolean otherRegistry) {}

    /** One that nothing else will do for. */
    public AwaitedPromotion(String canary, String release, @Nullable Instant later, Duration soak) {
        this(canary, release, later, soak, null);
    }

    /** True where it is waited for no more once the other has failed with this release. */
    public boolean proceedsOnFailure() {
        return allowance != null && allowance.failed();
    }

    /** True where another canary's release is the one that is waited for. */
    public boolean isOf(@Nullable String other) {
        if (other == null) {
            return false;
        }
        boolean anyRegistry = allowance != null && allowance.otherRegistry();
        return anyRegistry
                ? ImageNames.withoutRegistries(other).equals(ImageNames.withoutRegistries(release))
                : other.equals(release);
    }
}
