package dev.serinus.analysis.stream;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.ListedCanary;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which Canaries a watcher found in its cluster, of one partition and of a range of names.
 *
 * @param at when it looked, by its clock
 * @param uids of those that are there
 * @param left of those that another installation claims
 */
record CanaryListing(
        String cluster,
        CanariesListed range,
        Instant at,
        Map<CanaryKey, String> uids,
        Map<CanaryKey, String> left) {

    static CanaryListing of(String cluster, CanariesListed listed, Instant at) {
        return new CanaryListing(
                cluster,
                listed,
                at,
                uids(cluster, listed.getCanaries()),
                uids(cluster, listed.getLeft()));
    }

    private static Map<CanaryKey, String> uids(String cluster, List<ListedCanary> those) {
        return those.stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                it -> new CanaryKey(cluster, it.getNamespace(), it.getName()),
                                it -> it.getUid(),
                                (_, last) -> last));
    }

    /**
     * True when the rollout's Canary should be named here and is not, so that it is gone.
     *
     * @param told when the watcher last said something of it; one that was told of after the look
     *     came after the look
     */
    boolean misses(Rollout rollout, @Nullable Instant told) {
        return covers(rollout.canary())
                && !rollout.uid().equals(uids.get(rollout.canary()))
                && (told == null || !told.isAfter(at));
    }

    private boolean covers(CanaryKey canary) {
        String name = canary.namespace() + "/" + canary.name();
        return canary.cluster().equals(cluster)
                && (range.getNamespace() == null || range.getNamespace().equals(canary.namespace()))
                && Partitions.of(canary, range.getPartitions()) == range.getPartition()
                && (range.getAfter() == null || name.compareTo(range.getAfter()) > 0)
                && (range.getUntil() == null || name.compareTo(range.getUntil()) <= 0);
    }

    /** True where no name lies in its range, as of a sign of life. */
    boolean isOfNobody() {
        return range.getUntil() != null && range.getUntil().isEmpty();
    }

    /** The fact that a missed canary is gone, or another installation's. */
    Change gone(Rollout rollout) {
        return Change.newBuilder()
                .setCanary(rollout.canary().toString())
                .setUid(rollout.uid())
                .setObservedAt(at)
                .setBody(
                        new CanaryGone(
                                rollout.generation(),
                                rollout.uid().equals(left.get(rollout.canary()))))
                .build();
    }
}
