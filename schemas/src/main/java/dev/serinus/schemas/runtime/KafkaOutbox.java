package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.wire.AvroSerializer;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * An outbox on Kafka: idempotent, acknowledged by all in-sync replicas, and patient. While the
 * broker is away, or refuses what it may soon allow, a send waits; interrupting it ends the wait,
 * and then nobody knows whether the record arrived. Only a record that can never be published (too
 * large, not encodable) is the caller's trouble, as an exception.
 */
public final class KafkaOutbox implements Outbox, PartitionedOutbox, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KafkaOutbox.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final boolean tellsSchemas;
    private final Map<String, Long> warned = new ConcurrentHashMap<>(); // topic -> when
    private Producer<byte[], byte[]> current; // guarded by this; replaced after a fatal error
    private boolean closed; // guarded by this

    public KafkaOutbox(KafkaSettings settings, String clientId) {
        this(() -> new KafkaProducer<>(configuration(settings, clientId)), true);
    }

    /** An outbox on producers of another making: a new one is made when one fails for good. */
    KafkaOutbox(Supplier<Producer<byte[], byte[]>> producers) {
        this(producers, false);
    }

    private KafkaOutbox(Supplier<Producer<byte[], byte[]>> producers, boolean tellsSchemas) {
        this.producers = producers;
        this.tellsSchemas = tellsSchemas;
        current = producers.get();
    }

    private static Map<String, Object> configuration(KafkaSettings settings, String clientId) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.LINGER_MS_CONFIG, "0"); // each sender waits for its own record
        all.putAll(settings.properties());
        all.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        // A record that is given up could still be in the log: so it is not given up.
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // With more, a partition that was just made may take the second request and refuse the
        // first for ever as out of order (KAFKA-15591).
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return all;
    }

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value)
            throws InterruptedException {
        publish(topic, null, canary, value);
    }

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, int partition, CanaryKey key, V value)
            throws InterruptedException {
        publish(topic, partition, key, value);
    }

    @Override
    public int partitions(Topic<CanaryKey, ?> topic) throws InterruptedException {
        return insist(topic.name(), "", producer -> producer.partitionsFor(topic.name()).size());
    }

    private <V> void publish(
            Topic<CanaryKey, V> topic, @Nullable Integer partition, CanaryKey canary, V value)
            throws InterruptedException {
        byte[] key = canary.toString().getBytes(UTF_8);
        byte[] bytes = encoded(topic, canary, value);
        insist(
                topic.name(),
                canary.toString(),
                producer ->
                        producer.send(new ProducerRecord<>(topic.name(), partition, key, bytes))
                                .get());
    }

    /** Something that is asked of a producer until it succeeds. */
    @FunctionalInterface
    private interface Request<T> {
        T of(Producer<byte[], byte[]> producer) throws ExecutionException, InterruptedException;
    }

    private <T> T insist(String topic, String about, Request<T> request)
            throws InterruptedException {
        var pause = new Backoff();
        while (true) {
            Producer<byte[], byte[]> producer = producer();
            try {
                return request.of(producer);
            } catch (ExecutionException failed) {
                judge(
                        Objects.requireNonNullElse(failed.getCause(), failed),
                        topic,
                        about,
                        producer);
            } catch (InterruptException interrupted) {
                Thread.interrupted(); // the client sets the flag again; the exception says it now
                throw new InterruptedException("interrupted while publishing to " + topic);
            } catch (KafkaException failed) {
                judge(failed, topic, about, producer);
            } catch (IllegalStateException closedMeanwhile) {
                renew(producer);
            }
            pause.next();
        }
    }

    /** Waits for a registry that is away: that is no fault of the record. */
    private <V> byte[] encoded(Topic<CanaryKey, V> topic, CanaryKey canary, V value)
            throws InterruptedException {
        var pause = new Backoff();
        while (true) {
            producer(); // says so when this outbox was closed
            try {
                if (tellsSchemas) {
                    tell(topic, value);
                }
                return topic.values().serializer().serialize(topic.name(), value);
            } catch (RuntimeException failed) {
                if (!Trouble.passes(failed)) {
                    throw failed;
                }
                warn(failed, topic.name(), canary.toString());
            }
            pause.next();
        }
    }

    /** Before the first record of its schema goes out, readers of an older version can read it. */
    private static <V> void tell(Topic<CanaryKey, V> topic, V value) throws InterruptedException {
        Optional<String> cluster = TopicKind.cluster(topic.name());
        if (cluster.isPresent()
                && value instanceof SpecificRecord record
                && topic.values().serializer() instanceof AvroSerializer<?> ours) {
            ours.tell(cluster.get(), List.of(record.getSchema()));
        }
    }

    /** Returns when another attempt is worth it. */
    private void judge(
            Throwable failure, String topic, String canary, Producer<byte[], byte[]> producer) {
        switch (failure) {
            case RecordTooLargeException never -> throw never;
            case RecordBatchTooLargeException never -> throw never;
            case InvalidTopicException never -> throw never;
            case RetriableException _ -> warn(failure, topic, canary);
            // Somebody may allow it yet; the producer is as good for other topics as before.
            case TopicAuthorizationException _ -> warn(failure, topic, canary);
            default -> {
                warn(failure, topic, canary);
                renew(producer);
            }
        }
    }

    /** Told once a minute of each topic: what is tried again every few seconds is no news. */
    private void warn(Throwable failure, String topic, String canary) {
        long now = System.nanoTime();
        Long last = warned.get(topic);
        boolean news = last == null || now - last >= REMINDER.toNanos();
        if (news) {
            warned.put(topic, now);
        }
        log.atLevel(news ? Level.WARN : Level.DEBUG)
                .addKeyValue("topic", topic)
                .addKeyValue("canary", canary)
                .addKeyValue("because", failure.toString())
                .log(
                        isMissing(failure)
                                ? "not published yet, trying again: the topic or the right to write"
                                        + " it is missing (`deploy/serinus topics apply --acls`)"
                                : "not published yet, trying again");
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof TopicAuthorizationException
                || failure instanceof UnknownTopicOrPartitionException
                || (failure instanceof TimeoutException
                        && String.valueOf(failure.getMessage())
                                .contains("not present in metadata"));
    }

    /**
     * After a fatal error a producer refuses everything, so it is replaced, once for all senders.
     * Where that fails as well, as while no name can be resolved, the next attempt tries again.
     */
    private synchronized void renew(Producer<byte[], byte[]> failed) {
        if (failed.equals(current) && !closed) {
            failed.close(Duration.ZERO);
            try {
                current = producers.get();
            } catch (KafkaException notNow) {
                log.atWarn()
                        .addKeyValue("because", notNow.toString())
                        .log("no new producer yet, trying again");
            }
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("this outbox is closed");
        }
        return current;
    }

    /** Waits a few seconds for what is under way; whoever still waits then gets an exception. */
    @Override
    public void close() {
        Producer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        last.close(CLOSING);
    }
}
