package dev.serinus.cli.access;

import dev.serinus.schemas.topic.TopicKind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The topics of a hub and of these clusters as they are to be made.
 *
 * @param partitions of each of them
 * @param copies of each partition; less than 1 for what the brokers have as default
 */
public record PlannedTopics(List<String> clusters, int partitions, short copies) {

    /** Kafka's own limit of what is sent, and so what a record may unpack to. */
    private static final String UNPACKED = "1048588";

    public PlannedTopics {
        clusters = List.copyOf(clusters);
    }

    /** One topic and its settings, by Kafka's names. */
    record PlannedTopic(String name, SequencedMap<String, String> settings) {}

    List<PlannedTopic> topics() {
        List<PlannedTopic> all = new ArrayList<>();
        for (TopicKind kind : TopicKind.values()) {
            for (String cluster : kind.owners(clusters)) {
                all.add(new PlannedTopic(kind.name(cluster), settings(kind)));
            }
        }
        return all;
    }

    private static SequencedMap<String, String> settings(TopicKind kind) {
        SequencedMap<String, String> all = new TreeMap<>(kind.settings());
        all.putAll(Map.of("max.decompressed.message.bytes", UNPACKED));
        return all;
    }
}
