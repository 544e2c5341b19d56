package dev.serinus.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.cli.Refused;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.SetAside;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The dead letters on one Kafka, as they are when they are asked for. */
final class Letters implements AutoCloseable {

    /** Header of a record that was replayed: the letter that it lay in. */
    static final String HEADER = "serinus-dead-letter";

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<DeadLetter> values;

    Letters(KafkaSettings kafka) {
        this.kafka = kafka;
        try {
            consumer =
                    new KafkaConsumer<>(
                            kafka.with(
                                    Map.of(
                                            ConsumerConfig.CLIENT_ID_CONFIG,
                                            "serinus-dead-letters",
                                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                            "read_committed",
                                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                            "false",
                                            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                            Long.toString(PATIENCE.toMillis()))),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
            values = kafka.<DeadLetter>values(DeadLetter.class).deserializer();
        } catch (KafkaException | IllegalArgumentException trouble) {
            throw unusable(trouble);
        }
    }

    /** Hands over all letters of the clusters that are wanted, each partition in its order. */
    void read(Predicate<String> clusters, Consumer<KeptLetter> reader) {
        try {
            var partitions =
                    consumer.listTopics().entrySet().stream()
                            .filter(topic -> cluster(topic.getKey()).filter(clusters).isPresent())
                            .flatMap(topic -> topic.getValue().stream())
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            fromTo(
                    partitions,
                    consumer.beginningOffsets(partitions),
                    record -> letter(record).ifPresent(reader));
        } catch (KafkaException trouble) {
            throw unusable(trouble);
        }
    }

    /** The letter that lies there; empty where none does any more. */
    Optional<KeptLetter> find(LetterId id) {
        try {
            if (!exists(id.place())) {
                return Optional.empty();
            }
            consumer.assign(List.of(id.place()));
            long end = consumer.endOffsets(List.of(id.place())).getOrDefault(id.place(), 0L);
            consumer.seek(id.place(), id.offset());
            for (long silent = 0;
                    id.offset() < end && consumer.position(id.place()) <= id.offset();
                    silent++) {
                check(silent);
                for (var record : consumer.poll(POLL)) {
                    if (record.offset() == id.offset()) {
                        return letter(record);
                    }
                }
            }
            return Optional.empty();
        } catch (KafkaException trouble) {
            throw unusable(trouble);
        }
    }

    /**
     * True where no later record of the letter's partition is about the same canary: all that came
     * after it is still kept, and has been looked through. What a transaction that is still open
     * wrote is not seen.
     */
    boolean isNewest(KeptLetter kept) {
        byte[] key = kept.key();
        var place = place(kept);
        long next = kept.letter().getOffset() + 1;
        var followed = new boolean[1];
        try {
            if (!exists(place)
                    || consumer.beginningOffsets(List.of(place)).getOrDefault(place, Long.MAX_VALUE)
                            > next) {
                return false;
            }
            fromTo(
                    List.of(place),
                    Map.of(place, next),
                    record -> followed[0] |= Arrays.equals(record.key(), key));
            return !followed[0];
        } catch (KafkaException trouble) {
            throw unusable(trouble);
        }
    }

    /** Puts the record on its topic once more; {@link Refused} where Kafka does not take it. */
    void replay(KeptLetter kept) throws InterruptedException {
        if (!exists(place(kept))) { // a broker might make it, for nobody
            throw new Refused(
                    List.of(
                            "Kafka has no partition %d of %s any more"
                                    .formatted(
                                            kept.letter().getPartition(),
                                            kept.letter().getTopic())));
        }
        var record =
                new ProducerRecord<>(
                        kept.letter().getTopic(),
                        kept.letter().getPartition(),
                        kept.key(),
                        kept.value());
        record.headers().add(HEADER, kept.id().toString().getBytes(UTF_8));
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(
                                Map.of(
                                        ProducerConfig.CLIENT_ID_CONFIG,
                                        "serinus-dead-letters",
                                        ProducerConfig.ACKS_CONFIG,
                                        "all",
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                        Long.toString(PATIENCE.toMillis()))),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException | KafkaException trouble) {
            throw unusable(trouble);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void fromTo(
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> from,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(partitions);
        from.forEach(consumer::seek);
        var ends = consumer.endOffsets(partitions);
        long silent = 0;
        while (partitions.stream()
                .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            silent = poll(reader) ? 0 : silent + 1;
            check(silent);
        }
    }

    private static TopicPartition place(KeptLetter kept) {
        return new TopicPartition(kept.letter().getTopic(), kept.letter().getPartition());
    }

    private boolean poll(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        var records = consumer.poll(POLL);
        records.forEach(reader);
        return !records.isEmpty();
    }

    /** A broker that is gone answers nothing, for ever. */
    private static void check(long silentPolls) {
        if (POLL.multipliedBy(silentPolls).compareTo(PATIENCE) > 0) {
            throw new TimeoutException("it does not answer any more");
        }
    }

    private boolean exists(TopicPartition place) {
        var partitions = consumer.listTopics().get(place.topic());
        return partitions != null
                && partitions.stream().anyMatch(each -> each.partition() == place.partition());
    }

    private Optional<KeptLetter> letter(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return value == null
                ? Optional.empty()
                : cluster(record.topic())
                        .map(
                                cluster ->
                                        new KeptLetter(
                                                new LetterId(
                                                        cluster,
                                                        record.partition(),
                                                        record.offset()),
                                                letter(record, value)));
    }

    /** One that cannot be read itself is told of like what it may have been about. */
    private DeadLetter letter(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        try {
            return values.deserialize(record.topic(), value);
        } catch (SerializationException unreadable) {
            return new SetAside(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.key(),
                            value)
                    .letters(
                            "serinus",
                            "the letter itself cannot be read: " + ErrorCauses.shortest(unreadable),
                            Instant.ofEpochMilli(record.timestamp()))
                    .getFirst();
        }
    }

    /** The cluster whose dead letters a topic has. */
    private static Optional<String> cluster(String topic) {
        return TopicKind.cluster(topic)
                .filter(cluster -> TopicKind.DEAD_LETTERS.name(cluster).equals(topic));
    }

    private Refused unusable(Exception trouble) {
        return new Refused(
                List.of(
                        "Kafka at %s cannot be used: %s"
                                .formatted(
                                        kafka.properties().get("bootstrap.servers"),
                                        ErrorCauses.shortest(trouble))));
    }
}
