package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Kept on a compacted topic. Before each answer the topic is read to the end that it has at that
 * moment, so that what another process kept before it died, or before a rebalance, is known. While
 * the broker is away one waits. What there is without such a topic, or where it may not be read, as
 * after an upgrade without {@code topics apply}, is for whoever makes it to say.
 */
public final class KafkaKeptRecords<V> implements KeptRecords<V>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KafkaKeptRecords.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration TURN = Duration.ofMillis(100);

    /** What is done without a topic that can be read. */
    public enum WithoutTopic {
        /** What is kept lives as long as the process, and that is told. */
        FORGET_AT_THE_END,
        /** Nothing is answered and nothing kept: {@link NoTopic} is thrown. */
        REFUSE
    }

    /** There is no such topic, or it may not be read; the message says what to do. */
    public static final class NoTopic extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoTopic(String topic) {
            super(
                    "there is no topic %s, or it may not be read: `serinus topics apply` makes it"
                            .formatted(topic));
        }
    }

    private final Topic<CanaryKey, V> topic;
    private final KafkaSettings settings;
    private final Outbox outbox;
    private final WithoutTopic without;
    private final Map<CanaryKey, V> latest = new ConcurrentHashMap<>();
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Consumer<byte[], byte[]> consumer; // guarded by reading
    private List<TopicPartition> partitions = List.of(); // guarded by reading
    private volatile boolean absent;
    private volatile boolean closed;

    /** Refuses without a topic. */
    public KafkaKeptRecords(Topic<CanaryKey, V> topic, KafkaSettings settings, Outbox outbox) {
        this(topic, settings, outbox, WithoutTopic.REFUSE);
    }

    public KafkaKeptRecords(
            Topic<CanaryKey, V> topic,
            KafkaSettings settings,
            Outbox outbox,
            WithoutTopic without) {
        this.topic = topic;
        this.settings = settings;
        this.outbox = outbox;
        this.without = without;
    }

    @Override
    public Optional<V> get(CanaryKey canary) throws InterruptedException {
        readToTheEnd();
        return Optional.ofNullable(latest.get(canary));
    }

    @Override
    public void put(CanaryKey canary, V value) throws InterruptedException {
        if (!absent) {
            outbox.send(topic, canary, value);
        }
        latest.put(canary, value);
    }

    @Override
    public Map<CanaryKey, V> known() {
        return Map.copyOf(latest);
    }

    private void readToTheEnd() throws InterruptedException {
        var pause = new Backoff();
        reading.lockInterruptibly();
        try {
            while (!closed) {
                try {
                    read();
                    return;
                } catch (InterruptException stopped) {
                    Thread.interrupted(); // the client sets the flag again; the exception says it
                    throw new InterruptedException("interrupted while reading " + topic.name());
                } catch (AuthorizationException | UnknownTopicOrPartitionException none) {
                    isAbsent(true);
                    return;
                } catch (KafkaException away) {
                    log.atWarn()
                            .addKeyValue("topic", topic.name())
                            .addKeyValue("because", away.toString())
                            .log("not read yet, trying again");
                }
                pause.next();
            }
            throw new InterruptedException("closed before reading " + topic.name());
        } finally {
            reading.unlock();
        }
    }

    /** Whatever breaks a look off, the next one begins anew: half of one would pass for all. */
    private void read() throws InterruptedException {
        boolean whole = false;
        try {
            var open = opened();
            isAbsent(partitions.isEmpty());
            if (partitions.isEmpty()) {
                return;
            }
            Map<TopicPartition, Long> ends = open.endOffsets(partitions, ANSWER);
            while (!isAt(open, ends)) {
                if (closed) {
                    throw new InterruptedException("closed while reading " + topic.name());
                }
                for (var record : open.poll(TURN)) {
                    take(record);
                }
            }
            whole = true;
        } finally {
            if (!whole) {
                forget();
            }
        }
    }

    private static boolean isAt(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
    }

    private Consumer<byte[], byte[]> opened() {
        if (consumer != null) {
            return consumer;
        }
        var made =
                new KafkaConsumer<>(
                        settings.alone(
                                Map.of(
                                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer = made; // from here on it is closed with whatever fails
        partitions =
                made.partitionsFor(topic.name(), ANSWER).stream()
                        .map(each -> new TopicPartition(topic.name(), each.partition()))
                        .toList();
        made.assign(partitions);
        made.seekToBeginning(partitions);
        return made;
    }

    /** What nobody can read is passed over: at worst something is told twice. */
    private void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.value() == null || record.key() == null) {
            return;
        }
        var pause = new Backoff();
        while (true) {
            try {
                latest.put(
                        topic.keys().deserializer().deserialize(topic.name(), record.key()),
                        topic.values()
                                .deserializer()
                                .deserialize(topic.name(), record.headers(), record.value()));
                return;
            } catch (RuntimeException unreadable) {
                if (!Trouble.passes(unreadable)) {
                    log.atWarn()
                            .addKeyValue("topic", record.topic())
                            .addKeyValue("partition", record.partition())
                            .addKeyValue("offset", record.offset())
                            .addKeyValue("because", Trouble.reason(unreadable))
                            .log("record cannot be read, passed over");
                    return;
                }
            }
            pause.next();
        }
    }

    private void isAbsent(boolean now) {
        if (now && without == WithoutTopic.REFUSE) {
            throw new NoTopic(topic.name());
        }
        if (now && !absent) {
            log.atWarn()
                    .addKeyValue("topic", topic.name())
                    .log(
                            "there is no such topic, or it may not be read: what is kept is lost"
                                    + " with this process; `serinus topics apply` makes it");
        }
        absent = now;
    }

    private void forget() {
        var before = consumer;
        consumer = null;
        partitions = List.of();
        if (before != null) {
            // A thread that is interrupted could not close it.
            boolean interrupted = Thread.interrupted();
            try {
                before.close(CloseOptions.timeout(Duration.ZERO));
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** What is kept stays where it is. */
    @Override
    public void close() {
        closed = true;
        reading.lock();
        try {
            forget();
        } finally {
            reading.unlock();
        }
    }
}
