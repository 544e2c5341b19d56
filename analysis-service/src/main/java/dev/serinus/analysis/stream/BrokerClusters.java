package dev.serinus.analysis.stream;

import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.topic.UnpackedSize;

import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the broker which topics exist, and remembers the clusters that have all of theirs, with as
 * many partitions in each that is read: else the facts of one canary would be spread over tasks of
 * which each knows a part. What is not as it must be is asked again, at most once a second.
 */
final class BrokerClusters implements Clusters {

    private static final Logger log = LoggerFactory.getLogger(BrokerClusters.class);
    private static final Duration SPACING = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final InstantSource time;
    private final Predicate<String> prepared;
    private final Set<String> complete = ConcurrentHashMap.newKeySet();
    private final Set<String> shares = ConcurrentHashMap.newKeySet();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private Set<String> topics = Set.of();
    private final Map<String, Map<String, Integer>> partitions = new HashMap<>();
    private Instant askedAt = Instant.MIN;

    /**
     * Tells each cluster to {@code prepared} when its topics are found, which says whether all is
     * ready to write there.
     */
    BrokerClusters(Admin admin, InstantSource time, Predicate<String> prepared) {
        this.admin = admin;
        this.time = time;
        this.prepared = prepared;
    }

    @Override
    public boolean complete(String cluster) {
        return complete.contains(cluster) || looked(cluster);
    }

    @Override
    public Sharing sharing(String cluster) {
        if (shares.contains(cluster)) {
            return Sharing.POSSIBLE;
        }
        return complete(cluster) ? looksForPermits(cluster) : Sharing.UNKNOWN;
    }

    private synchronized Sharing looksForPermits(String cluster) {
        refresh();
        if (!topics.containsAll(permits(cluster))) {
            // A cluster that is gone altogether is not complete.
            return topics.contains(TopicKind.CHANGES.name(cluster))
                    ? Sharing.IMPOSSIBLE
                    : Sharing.UNKNOWN;
        }
        // The topic that is read has to be as the others: it is looked at with them.
        complete.remove(cluster);
        if (!looked(cluster)) {
            return Sharing.UNKNOWN;
        }
        shares.add(cluster);
        return Sharing.POSSIBLE;
    }

    private static Set<String> permits(String cluster) {
        return Set.of(TopicKind.PERMITS.name(cluster), TopicKind.PERMIT_JOURNAL.name(cluster));
    }

    @Override
    public void doubt() {
        shares.clear();
        complete.clear();
    }

    private synchronized boolean looked(String cluster) {
        refresh();
        Set<String> missing = ours(cluster);
        missing.removeAll(topics);
        // A hub of an older version has none of these, and goes on without until they are made.
        missing.remove(TopicKind.SCHEMAS.name(cluster));
        missing.remove(TopicKind.AUDIT.name(cluster));
        missing.removeAll(permits(cluster));
        if (!missing.isEmpty()) {
            if (reported.add(cluster)) {
                log.atError()
                        .addKeyValue("cluster", cluster)
                        .addKeyValue("missing", missing)
                        .log("topics are missing: its records wait until they are created");
            }
            return false;
        }
        var counts = partitions.computeIfAbsent(cluster, this::counted);
        if (Set.copyOf(counts.values()).size() != 1) {
            if (!counts.isEmpty() && reported.add(cluster)) {
                log.atError()
                        .addKeyValue("cluster", cluster)
                        .addKeyValue("partitions", counts)
                        .log(
                                "topics differ in their number of partitions: its records wait"
                                    + " until all of these have the same; grow the smaller ones");
            }
            return false;
        }
        if (!prepared.test(cluster)) {
            return false;
        }
        warnOfUnbounded(cluster, counts.keySet());
        complete.add(cluster);
        reported.remove(cluster);
        return true;
    }

    /** Those read or written here: where Kafka has rights, others are not even seen. */
    private static Set<String> ours(String cluster) {
        return Stream.of(TopicKind.values())
                .filter(
                        kind ->
                                kind.readers().contains(Service.ANALYSIS)
                                        || kind.writers().contains(Service.ANALYSIS))
                .map(kind -> kind.name(cluster))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** What a record unpacks to is allocated by the consumer, before anything of ours sees it. */
    private void warnOfUnbounded(String cluster, Set<String> inputs) {
        try {
            List<String> unbounded = UnpackedSize.unbounded(admin, inputs);
            if (!unbounded.isEmpty() && warned.add(cluster)) {
                log.atError()
                        .addKeyValue("cluster", cluster)
                        .addKeyValue("topics", unbounded)
                        .log(
                                "topics take records that unpack to any size, and one such record"
                                        + " stops the analysis of every cluster: set"
                                        + " max.decompressed.message.bytes (Kafka 4.4) or"
                                        + " compression.type=uncompressed on them");
            }
        } catch (ExecutionException unknown) {
            log.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("because", String.valueOf(unknown.getCause()))
                    .log("the limits of its topics cannot be read");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of each topic that is read; empty when the broker does not tell. */
    private Map<String, Integer> counted(String cluster) {
        List<String> inputs =
                Stream.of(TopicKind.values())
                        .filter(TopicKind::isInput)
                        .map(kind -> kind.name(cluster))
                        .filter(topics::contains)
                        .toList();
        Map<String, Integer> counts = new TreeMap<>();
        try {
            admin.describeTopics(inputs)
                    .allTopicNames()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .forEach((name, topic) -> counts.put(name, topic.partitions().size()));
        } catch (ExecutionException | TimeoutException away) {
            log.atWarn().setCause(away).log("topics could not be described");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return counts;
    }

    private void refresh() {
        Instant now = time.instant();
        if (askedAt.isAfter(now.minus(SPACING))) {
            return;
        }
        askedAt = now;
        partitions.clear();
        try {
            topics = admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException away) {
            log.atWarn().setCause(away).log("topics could not be listed");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
