package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.wire.RegistryAway;
import dev.serinus.schemas.wire.SchemaLog;
import dev.serinus.schemas.wire.SchemaTopic;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Schemas on topics of Kafka, as JSON by their fingerprint. Clients are made for each look, since
 * they are rare: a writer's at its start, a reader's when another version runs beside it.
 */
final class KafkaSchemaLog implements SchemaLog {

    private static final Logger log = LoggerFactory.getLogger(KafkaSchemaLog.class);
    private static final Map<KafkaSettings, SchemaTopic> SHARED = new ConcurrentHashMap<>();
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** Older versions add their schemas at each start until Kafka compacts; behind is no look. */
    private static final long MOST_BYTES = 64 << 20;

    /**
     * All schemas of a dozen versions: who has read so much and is not done is not held up by
     * Kafka.
     */
    private static final long MUCH = 1 << 20;

    /** Ten times the longest of ours. */
    private static final int LONGEST = 256 << 10;

    /** Of different schemas, and of what is none, no more than this is looked at. */
    private static final int MOST_TRIED = 1000;

    private final KafkaSettings settings;

    private KafkaSchemaLog(KafkaSettings settings) {
        this.settings = settings;
    }

    /** What all serdes of these settings share. */
    static SchemaTopic of(KafkaSettings settings) {
        return SHARED.computeIfAbsent(
                settings, kafka -> new SchemaTopic(new KafkaSchemaLog(kafka)));
    }

    @Override
    public void read(String topic, Found found) {
        try (var consumer =
                new KafkaConsumer<>(
                        settings.alone(
                                Map.of(
                                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic, ANSWER).stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            read(topic, consumer, consumer.endOffsets(partitions, ANSWER), found);
        } catch (AuthorizationException | UnknownTopicOrPartitionException none) {
            log.atDebug().addKeyValue("topic", topic).log("no schemas can be read there");
        } catch (RegistryAway away) {
            throw away;
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException away) {
            throw new RegistryAway(topic + " cannot be read now");
        }
    }

    private static void read(
            String topic,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Found found) {
        Set<Long> told = new HashSet<>();
        long limit = System.nanoTime() + ANSWER.toNanos();
        long bytes = 0;
        int foreign = 0;
        while (!isAt(consumer, ends)) {
            boolean late = System.nanoTime() - limit > 0;
            if (late && bytes < MUCH) {
                throw new RegistryAway(topic + " cannot be read to its end");
            }
            if (late || bytes >= MOST_BYTES || foreign + told.size() >= MOST_TRIED) {
                log.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("bytes", bytes)
                        .addKeyValue("foreign", foreign)
                        .log(
                                "there is far more on this topic than schemas, the rest is not"
                                        + " looked at: see who writes there");
                return;
            }
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                bytes += record.serializedKeySize() + record.serializedValueSize();
                Optional<Long> fingerprint = fingerprint(record.key());
                if (fingerprint.isPresent() && told.contains(fingerprint.get())) {
                    continue;
                }
                Optional<Schema> schema =
                        foreign + told.size() < MOST_TRIED
                                ? fingerprint.flatMap(wanted -> parsed(record.value(), wanted))
                                : Optional.empty();
                if (schema.isEmpty()) {
                    foreign++;
                } else {
                    told.add(fingerprint.get());
                    found.schema(fingerprint.get(), schema.get());
                }
            }
        }
    }

    private static boolean isAt(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
    }

    private static Optional<Long> fingerprint(byte @Nullable [] key) {
        try {
            return key == null || key.length != 16
                    ? Optional.empty()
                    : Optional.of(HexFormat.fromHexDigitsToLong(new String(key, UTF_8)));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** Whoever may write there may write anything: what is not the schema is passed over. */
    private static Optional<Schema> parsed(byte @Nullable [] text, long fingerprint) {
        if (text == null || text.length > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Schema.Parser().parse(new String(text, UTF_8)))
                    .filter(each -> SchemaNormalization.parsingFingerprint64(each) == fingerprint);
        } catch (RuntimeException | StackOverflowError foreign) {
            // Avro has exceptions of many kinds for what is no schema.
            return Optional.empty();
        }
    }

    private static byte[] key(long fingerprint) {
        return "%016x".formatted(fingerprint).getBytes(UTF_8);
    }

    @Override
    public boolean write(String topic, List<Schema> schemas) throws InterruptedException {
        try (var producer =
                new KafkaProducer<>(
                        settings.alone(
                                Map.of(
                                        ProducerConfig.ACKS_CONFIG, "all",
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "3000",
                                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "3000",
                                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "6000",
                                        ProducerConfig.LINGER_MS_CONFIG, "0")),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Schema schema : schemas) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        key(SchemaNormalization.parsingFingerprint64(schema)),
                                        schema.toString().getBytes(UTF_8))));
            }
            for (var each : sent) {
                each.get();
            }
            return true;
        } catch (ExecutionException failed) {
            return refused(topic, failed);
        } catch (KafkaException failed) {
            return refused(topic, failed);
        }
    }

    private static boolean refused(String topic, Exception failed) {
        if (!isRefused(failed)) {
            throw new RegistryAway(topic + " cannot be written now");
        }
        log.atWarn()
                .addKeyValue("topic", topic)
                .log(
                        "there is no such topic, or it may not be written: services of an older"
                            + " version cannot read what this one writes; `serinus topics apply`"
                            + " makes it");
        return false;
    }

    private static boolean isRefused(Exception failed) {
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof AuthorizationException
                    || each instanceof UnknownTopicOrPartitionException) {
                return true;
            }
        }
        return false;
    }
}
