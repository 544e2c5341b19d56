package dev.serinus.analysis.replay;

import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The journals of some clusters as they are on the broker at this moment. */
public final class Journal {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaSettings settings;

    /** Of the broker that these settings name. */
    public Journal(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Reads to the present end; no cluster named means all of them. */
    public void read(List<String> clusters, Consumer<JournalEntry> reader) {
        read(TopicKind.JOURNAL, clusters, reader);
    }

    /** The same of permits, of all clusters, since they share scopes. */
    void readPermits(Consumer<PermitEntry> reader) {
        read(TopicKind.PERMIT_JOURNAL, List.of(), reader);
    }

    private <E extends SpecificRecord> void read(
            TopicKind kind, List<String> clusters, Consumer<E> reader) {
        Deserializer<E> values = settings.<E>values().deserializer();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, kind, clusters);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!atEnd(consumer, ends)) {
                for (var record : consumer.poll(POLL)) {
                    var place = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.getOrDefault(place, 0L)) {
                        reader.accept(values.deserialize(record.topic(), record.value()));
                    }
                }
            }
        }
    }

    private static boolean atEnd(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<byte[], byte[]> consumer, TopicKind kind, List<String> clusters) {
        String suffix = "." + kind.suffix();
        return consumer.listTopics().entrySet().stream()
                .filter(
                        topic ->
                                clusters.isEmpty()
                                        ? topic.getKey().startsWith("serinus.")
                                                && topic.getKey().endsWith(suffix)
                                        : clusters.stream()
                                                .map(kind::name)
                                                .anyMatch(topic.getKey()::equals))
                .flatMap(topic -> topic.getValue().stream())
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                settings.with(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG, "serinus-replay",
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
