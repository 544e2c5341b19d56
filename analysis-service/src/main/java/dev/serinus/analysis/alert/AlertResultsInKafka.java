package dev.serinus.analysis.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.lookup.LookBack;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.TopicLookup;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Read back from {@code serinus.CLUSTER.alert-results}. */
public final class AlertResultsInKafka implements AlertResults {

    private static final String CLIENT = "serinus-analysis-alerts";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** The clock of the notifier is another one: which run they are of says the rest. */
    private static final Duration OTHER_CLOCK = Duration.ofHours(1);

    private final KafkaSettings kafka;
    private final Deserializer<AlertResult> values;

    public AlertResultsInKafka(KafkaSettings kafka) {
        this.kafka = kafka;
        values = kafka.<AlertResult>values(AlertResult.class).deserializer();
    }

    @Override
    public Part before(CanaryKey canary, @Nullable Instant since, @Nullable Long from, int most) {
        String topic = TopicKind.ALERT_RESULTS.name(canary.cluster());
        byte[] key = canary.toString().getBytes(UTF_8);
        try (var lookup = new TopicLookup(kafka, CLIENT, LONGEST)) {
            var partitions = lookup.partitions(topic::equals);
            if (partitions.isEmpty()) { // that nobody was told is another answer
                throw new LookupFailed(
                        "there is no topic %s, or it may not be read: `serinus topics apply --acls` makes it"
                                .formatted(topic));
            }
            var place = new TopicPartition(topic, Partitions.of(canary, partitions.size()));
            long begin =
                    since == null
                            ? 0
                            : lookup.since(List.of(place), since.minus(OTHER_CLOCK))
                                    .getOrDefault(place, 0L);
            var back =
                    LookBack.along(lookup, place, begin, from, most, record -> result(record, key));
            return new Part(back.found(), back.earlier());
        }
    }

    /** One that nobody can read is left out, as everywhere. */
    private Optional<AlertResult> result(ConsumerRecord<byte[], byte[]> record, byte[] key) {
        if (!Arrays.equals(record.key(), key) || record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(values.deserialize(record.topic(), record.value()));
        } catch (SerializationException foreign) {
            return Optional.empty();
        }
    }
}
