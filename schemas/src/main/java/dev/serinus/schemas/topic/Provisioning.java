package dev.serinus.schemas.topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Creates the topics of a hub and of its clusters. It may be done again at any time, by several at
 * once: what exists stays as it is, its settings included, since an administrator may have chosen
 * them; but for one limit that must not be absent, see {@link UnpackedSize}.
 */
public final class Provisioning {

    private static final Logger log = LoggerFactory.getLogger(Provisioning.class);
    private static final Duration SERVED = Duration.ofSeconds(30);

    private Provisioning() {}

    /**
     * Sees to it that every topic exists, and returns once all of them take records.
     *
     * @param partitions of all topics of a new hub; a hub that exists keeps the number it was set
     *     up with, since all topics that analysis reads need the same
     */
    public static void ensureTopics(
            Admin admin, List<String> clusters, int partitions, short replication)
            throws InterruptedException {
        Map<String, Integer> present = partitions(admin, TopicKind.names(clusters));
        int wanted = present.getOrDefault(TopicKind.ROLLOUTS.name(""), partitions);
        present.forEach(
                (topic, count) -> {
                    if (count != wanted) {
                        log.atError()
                                .addKeyValue("topic", topic)
                                .addKeyValue("partitions", count)
                                .addKeyValue("wanted", wanted)
                                .log("topic has another number of partitions than its hub");
                    }
                });
        List<NewTopic> missing =
                topics(clusters)
                        .filter(topic -> !present.containsKey(topic.name()))
                        .map(topic -> topic.with(wanted, replication))
                        .toList();
        create(admin, missing);
        awaitServed(admin, missing);
        boundRecords(admin, TopicKind.names(clusters));
    }

    private static void boundRecords(Admin admin, List<String> topics) throws InterruptedException {
        try {
            UnpackedSize.bound(admin, topics);
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof AuthorizationException)) {
                throw failure("configured", failed);
            }
            log.atWarn()
                    .addKeyValue("because", failed.getCause().getMessage())
                    .log(
                            "may not see to it that records are bounded: let an administrator set"
                                    + " max.decompressed.message.bytes on every serinus.* topic");
        }
    }

    /**
     * A topic is created before the brokers know of it, and known before its leader takes records.
     */
    private static void awaitServed(Admin admin, List<NewTopic> created)
            throws InterruptedException {
        List<String> names = created.stream().map(NewTopic::name).toList();
        long end = System.nanoTime() + SERVED.toNanos();
        Map<String, Integer> visible = partitions(admin, names);
        while (visible.size() < names.size()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "topics were created but cannot be seen after " + SERVED);
            }
            Thread.sleep(Duration.ofMillis(50));
            visible = partitions(admin, names);
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        visible.forEach(
                (topic, count) ->
                        IntStream.range(0, count)
                                .mapToObj(partition -> new TopicPartition(topic, partition))
                                .forEach(partition -> ends.put(partition, OffsetSpec.latest())));
        try {
            admin.listOffsets(ends).all().get(); // asks each leader, until it answers
        } catch (ExecutionException failed) {
            throw failure("read", failed);
        }
    }

    private record Wanted(String name, Map<String, String> settings) {
        NewTopic with(int partitions, short replication) {
            return new NewTopic(name, partitions, replication).configs(settings);
        }
    }

    private static Stream<Wanted> topics(List<String> clusters) {
        return Stream.of(TopicKind.values())
                .flatMap(
                        kind ->
                                kind.owners(clusters).stream()
                                        .map(kind::name)
                                        .map(name -> new Wanted(name, kind.settings())));
    }

    private static Map<String, Integer> partitions(Admin admin, List<String> names)
            throws InterruptedException {
        Map<String, Integer> counts = new HashMap<>();
        for (var answer : admin.describeTopics(names).topicNameValues().entrySet()) {
            present(answer.getValue())
                    .ifPresent(topic -> counts.put(answer.getKey(), topic.partitions().size()));
        }
        return counts;
    }

    private static Optional<TopicDescription> present(KafkaFuture<TopicDescription> answer)
            throws InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure("described", failed);
        }
    }

    private static void create(Admin admin, List<NewTopic> topics) throws InterruptedException {
        for (var answer : admin.createTopics(topics).values().entrySet()) {
            try {
                answer.getValue().get();
                log.atInfo().addKeyValue("topic", answer.getKey()).log("topic created");
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw failure("created", failed);
                }
            }
        }
    }

    private static IllegalStateException failure(String what, ExecutionException failed) {
        Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
        return new IllegalStateException(
                "topics cannot be " + what + ": " + cause.getMessage(), cause);
    }
}
