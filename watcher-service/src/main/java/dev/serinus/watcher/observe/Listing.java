package dev.serinus.watcher.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.ListedCanary;
import dev.serinus.schemas.runtime.PartitionedOutbox;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.watcher.cluster.Cluster;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells which Canaries there are, so that those that went while no watcher looked are known to be
 * gone. Each partition is told of its own, in records of bounded size that cover all names between
 * them: each stands for itself, and telling one again changes nothing.
 */
public final class Listing {

    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

    /** Half of what analysis takes in one record. */
    private static final int MOST_BYTES = 256 << 10;

    /** Lengths of three texts. */
    private static final int AROUND = 6;

    private final Installation installation;
    private final Cluster cluster;
    private final Topic<CanaryKey, Change> changes;
    private final PartitionedOutbox outbox;
    private final InstantSource clock;
    private final int mostBytes;

    public Listing(
            Installation installation,
            Cluster cluster,
            Topic<CanaryKey, Change> changes,
            PartitionedOutbox outbox,
            InstantSource clock) {
        this(installation, cluster, changes, outbox, clock, MOST_BYTES);
    }

    /** As above, with records of another size at most. */
    Listing(
            Installation installation,
            Cluster cluster,
            Topic<CanaryKey, Change> changes,
            PartitionedOutbox outbox,
            InstantSource clock,
            int mostBytes) {
        this.installation = installation;
        this.cluster = cluster;
        this.changes = changes;
        this.outbox = outbox;
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    /**
     * Tells it. Call it once the first list was read whole, for a list that failed is no list, and
     * before anything is said of a Canary: one that came later is then told later.
     */
    public void tell() throws InterruptedException {
        int partitions = outbox.partitions(changes);
        Instant at =
                clock.instant(); // whoever is published of after this time may not be on the list
        var there = cluster.canaries().all();
        List<SortedMap<String, Entry>> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TreeMap<>());
        }
        for (Observed<?> canary : there) {
            all.get(Partitions.of(cluster.key(canary), partitions))
                    .put(
                            canary.namespace() + "/" + canary.name(),
                            new Entry(
                                    new ListedCanary(
                                            canary.namespace(), canary.name(), canary.uid()),
                                    false));
        }
        for (Claims.Left canary : cluster.claims().left()) {
            var key = new CanaryKey(installation.cluster(), canary.namespace(), canary.name());
            all.get(Partitions.of(key, partitions))
                    .putIfAbsent(
                            canary.namespace() + "/" + canary.name(),
                            new Entry(
                                    new ListedCanary(
                                            canary.namespace(), canary.name(), canary.uid()),
                                    true));
        }
        for (int partition = 0; partition < partitions; partition++) {
            for (CanariesListed part : parts(partition, partitions, all.get(partition))) {
                send(partition, part, at);
            }
        }
        LOG.atInfo()
                .addKeyValue("canaries", there.size())
                .addKeyValue("partitions", partitions)
                .log("told which Canaries there are");
    }

    /**
     * One that is there.
     *
     * @param left another installation claims it
     */
    private record Entry(ListedCanary canary, boolean left) {}

    private List<CanariesListed> parts(
            int partition, int partitions, SortedMap<String, Entry> canaries) {
        List<CanariesListed> parts = new ArrayList<>();
        List<Entry> part = new ArrayList<>();
        @Nullable String after = null;
        int size = 0;
        for (var each : canaries.entrySet()) {
            size += size(each.getKey(), each.getValue().canary());
            part.add(each.getValue());
            if (size >= mostBytes) {
                parts.add(part(partition, partitions, after, each.getKey(), part));
                after = each.getKey();
                part = new ArrayList<>();
                size = 0;
            }
        }
        parts.add(part(partition, partitions, after, null, part));
        return parts;
    }

    private static List<ListedCanary> listed(List<Entry> all, boolean left) {
        return all.stream().filter(it -> it.left() == left).map(Entry::canary).toList();
    }

    private static int size(String name, ListedCanary canary) {
        return name.getBytes(UTF_8).length + canary.getUid().getBytes(UTF_8).length + AROUND;
    }

    private CanariesListed part(
            int partition,
            int partitions,
            @Nullable String after,
            @Nullable String until,
            List<Entry> canaries) {
        return CanariesListed.newBuilder()
                .setNamespace(installation.namespace())
                .setPartition(partition)
                .setPartitions(partitions)
                .setAfter(after)
                .setUntil(until)
                .setCanaries(listed(canaries, false))
                .setLeft(listed(canaries, true))
                // Signs of life follow. A list of a release that gives none says so by its 0.
                .setAgainMillis(Heartbeats.EVERY.toMillis())
                .build();
    }

    private void send(int partition, CanariesListed part, Instant at) throws InterruptedException {
        String namespace = installation.namespace();
        var key = new CanaryKey(installation.cluster(), namespace == null ? "*" : namespace, "*");
        outbox.send(
                changes,
                partition,
                key,
                Change.newBuilder()
                        .setCanary(key.toString())
                        .setUid("")
                        .setObservedAt(at)
                        .setBody(part)
                        .build());
    }
}
