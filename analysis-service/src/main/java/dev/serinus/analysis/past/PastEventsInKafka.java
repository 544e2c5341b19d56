package dev.serinus.analysis.past;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Read back from {@code serinus.rollout-events}, in steps from the end: the events of one canary
 * lie on one partition, among those of others.
 */
public final class PastEventsInKafka implements PastEvents {

    private static final String CLIENT = "serinus-analysis-past";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** Records looked at before it is looked whether that is enough. */
    private static final long STEP = 5_000;

    /** Records looked at for one question: whoever wants more asks again. */
    private static final long MOST_LOOKED_AT = 40_000;

    private final KafkaSettings kafka;
    private final Topic<CanaryKey, RolloutEvent> topic;

    public PastEventsInKafka(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topic = new Topics(kafka).rolloutEvents();
    }

    /** An event and where it lies. */
    private record Placed(long offset, RolloutEvent event) {}

    @Override
    public Part before(CanaryKey canary, @Nullable Long from, int most) {
        byte[] key = canary.toString().getBytes(UTF_8);
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            var partitions = lookup.partitions(topic.name()::equals);
            if (partitions.isEmpty()) {
                return new Part(List.of(), null);
            }
            var place = new TopicPartition(topic.name(), Partitions.of(canary, partitions.size()));
            long begin = lookup.begins(List.of(place)).getOrDefault(place, 0L);
            long end = lookup.ends(List.of(place)).getOrDefault(place, 0L);
            long to = from == null ? end : Math.clamp(from, begin, end);
            long last = Math.max(begin, to - MOST_LOOKED_AT);
            List<Placed> found = new ArrayList<>();
            while (to > last && found.size() < most) {
                long step = Math.max(last, to - STEP);
                found.addAll(0, step(lookup, place, step, to, key));
                to = step;
            }
            var kept = found.subList(Math.max(0, found.size() - most), found.size());
            long reached = kept.size() < found.size() ? kept.getFirst().offset() : to;
            return new Part(
                    kept.stream().map(Placed::event).toList(), reached > begin ? reached : null);
        }
    }

    private List<Placed> step(
            TopicLookup lookup, TopicPartition place, long from, long to, byte[] key) {
        List<Placed> found = new ArrayList<>();
        lookup.read(
                Map.of(place, from),
                Map.of(place, to),
                record -> {
                    if (Arrays.equals(record.key(), key) && record.value() != null) {
                        add(record, found);
                    }
                });
        return found;
    }

    /** One that nobody can read is left out, as everywhere. */
    private void add(ConsumerRecord<byte[], byte[]> record, List<Placed> to) {
        try {
            to.add(
                    new Placed(
                            record.offset(),
                            topic.values()
                                    .deserializer()
                                    .deserialize(record.topic(), record.value())));
        } catch (SerializationException foreign) {
            // FleetView has told of it in the log when it came.
        }
    }
}
