package dev.serinus.analysis.past;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.lookup.LookBack;
import dev.serinus.analysis.lookup.TopicLookup;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Read back from {@code serinus.rollout-events}, in steps from the end: the events of one canary
 * lie on one partition, among those of others.
 */
public final class PastEventsInKafka implements PastEvents {

    private static final String CLIENT = "serinus-analysis-past";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final KafkaSettings kafka;
    private final Topic<CanaryKey, RolloutEvent> topic;

    public PastEventsInKafka(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topic = new Topics(kafka).rolloutEvents();
    }

    @Override
    public Part before(CanaryKey canary, @Nullable Long from, int most) {
        byte[] key = canary.toString().getBytes(UTF_8);
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            var partitions = lookup.partitions(topic.name()::equals);
            if (partitions.isEmpty()) {
                return new Part(List.of(), null);
            }
            var place = new TopicPartition(topic.name(), Partitions.of(canary, partitions.size()));
            var back = LookBack.along(lookup, place, 0, from, most, record -> event(record, key));
            return new Part(back.found(), back.earlier());
        }
    }

    /** One that nobody can read is left out, as everywhere. */
    private Optional<RolloutEvent> event(ConsumerRecord<byte[], byte[]> record, byte[] key) {
        if (!Arrays.equals(record.key(), key) || record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    topic.values().deserializer().deserialize(record.topic(), record.value()));
        } catch (SerializationException foreign) {
            return Optional.empty(); // FleetView has told of it in the log when it came.
        }
    }
}
