package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.wire.RegistryAway;
import dev.serinus.schemas.wire.SchemaLog;
import dev.serinus.schemas.wire.SchemaTopic;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.CommonClientConfigs;
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
import java.util.Arrays;
import java.util.HashMap;
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

    /** Far more than all versions together have: what lies behind that is not looked for. */
    private static final long MOST_BYTES = 64 << 20;

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
    public Optional<Schema> read(String topic, long fingerprint) {
        byte[] key = key(fingerprint);
        try (var consumer =
                new KafkaConsumer<>(
                        with(
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
            var ends = consumer.endOffsets(partitions, ANSWER);
            long limit = System.nanoTime() + ANSWER.toNanos();
            long bytes = 0;
            while (bytes < MOST_BYTES && !isAt(consumer, ends)) {
                if (System.nanoTime() > limit) {
                    throw new RegistryAway(topic + " cannot be read to its end");
                }
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    bytes += record.serializedKeySize() + record.serializedValueSize();
                    if (Arrays.equals(record.key(), key)) {
                        Optional<Schema> found = parsed(topic, record.value(), fingerprint);
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
            return Optional.empty();
        } catch (AuthorizationException | UnknownTopicOrPartitionException none) {
            log.atDebug().addKeyValue("topic", topic).log("no schemas can be read there");
            return Optional.empty();
        } catch (RegistryAway away) {
            throw away;
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException away) {
            throw new RegistryAway(topic + " cannot be read now");
        }
    }

    private static boolean isAt(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
    }

    /** Whoever may write there may write anything: what is not the schema is passed over. */
    private static Optional<Schema> parsed(String topic, byte @Nullable [] text, long fingerprint) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            Schema schema = new Schema.Parser().parse(new String(text, UTF_8));
            return Optional.of(schema)
                    .filter(
                            found ->
                                    SchemaNormalization.parsingFingerprint64(found) == fingerprint);
        } catch (AvroRuntimeException foreign) {
            log.atWarn().addKeyValue("topic", topic).log("passing over what is no Avro schema");
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
                        with(
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

    /** Our own clients are nobody's member and part of nobody's transaction. */
    private Map<String, Object> with(Map<String, String> more) {
        Map<String, Object> all = new HashMap<>(settings.properties());
        all.keySet()
                .removeAll(
                        Set.of(
                                CommonClientConfigs.GROUP_ID_CONFIG,
                                CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG,
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                CommonClientConfigs.CLIENT_ID_CONFIG));
        all.putAll(more);
        return all;
    }
}
