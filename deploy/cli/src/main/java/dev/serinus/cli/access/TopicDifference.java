package dev.serinus.cli.access;

import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.topic.UnpackedSize;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** What is otherwise with the topics on a broker than it would be were they made now. */
public final class TopicDifference {

    private TopicDifference() {}

    /**
     * A sentence for each difference. Topics that exist say themselves how many partitions all are
     * to have: those of the hub.
     *
     * @param partitions of a hub that does not exist yet
     */
    public static List<String> of(Admin admin, List<String> clusters, int partitions)
            throws ExecutionException, InterruptedException {
        List<String> told = new ArrayList<>();
        Map<String, TopicDescription> found = new TreeMap<>();
        var asked =
                new TreeMap<>(admin.describeTopics(TopicKind.names(clusters)).topicNameValues());
        for (var answer : asked.entrySet()) {
            described(answer.getValue(), answer.getKey(), told)
                    .ifPresent(topic -> found.put(answer.getKey(), topic));
        }
        var hub = found.get(TopicKind.ROLLOUTS.name(""));
        int wanted = hub == null ? partitions : hub.partitions().size();
        found.forEach(
                (name, topic) -> {
                    if (topic.partitions().size() != wanted) {
                        told.add(
                                "topic %s has %d partitions, its hub %d"
                                        .formatted(name, topic.partitions().size(), wanted));
                    }
                });
        compareSettings(admin, clusters, found, told);
        return told;
    }

    private static Optional<TopicDescription> described(
            KafkaFuture<TopicDescription> answer, String name, List<String> told)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                told.add("topic " + name + " is missing");
                return Optional.empty();
            }
            if (failed.getCause() instanceof TopicAuthorizationException) {
                told.add(
                        "topic "
                                + name
                                + " cannot be seen by this principal, or is missing (the right to"
                                + " Describe it is needed)");
                return Optional.empty();
            }
            throw failed;
        }
    }

    private static void compareSettings(
            Admin admin,
            List<String> clusters,
            Map<String, TopicDescription> found,
            List<String> told)
            throws ExecutionException, InterruptedException {
        Map<String, Config> settings = new HashMap<>();
        var resources =
                found.keySet().stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        for (var answer : admin.describeConfigs(resources).values().entrySet()) {
            try {
                settings.put(answer.getKey().name(), answer.getValue().get());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicAuthorizationException)) {
                    throw failed;
                }
                told.add(
                        "the settings of topic %s cannot be seen by this principal (the right to DescribeConfigs is needed)"
                                .formatted(answer.getKey().name()));
            }
        }
        kinds(clusters)
                .forEach(
                        (name, kind) -> {
                            if (settings.containsKey(name)) {
                                compare(name, kind.settings(), settings.get(name), told);
                            }
                        });
        UnpackedSize.unbounded(admin, settings.keySet())
                .forEach(
                        name ->
                                told.add(
                                        "topic %s takes records that unpack to any size: it has neither max.decompressed.message.bytes (Kafka 4.4) nor compression.type=uncompressed"
                                                .formatted(name)));
    }

    private static void compare(
            String topic, Map<String, String> wanted, Config found, List<String> told) {
        new TreeMap<>(wanted)
                .forEach(
                        (setting, value) -> {
                            ConfigEntry entry = found.get(setting);
                            if (entry == null || !value.equals(entry.value())) {
                                told.add(
                                        "topic %s has %s=%s, not %s"
                                                .formatted(
                                                        topic,
                                                        setting,
                                                        entry == null ? "" : entry.value(),
                                                        value));
                            }
                        });
    }

    private static Map<String, TopicKind> kinds(List<String> clusters) {
        Map<String, TopicKind> all = new TreeMap<>();
        Stream.of(TopicKind.values())
                .forEach(
                        kind ->
                                kind.owners(clusters)
                                        .forEach(cluster -> all.put(kind.name(cluster), kind)));
        return all;
    }
}
