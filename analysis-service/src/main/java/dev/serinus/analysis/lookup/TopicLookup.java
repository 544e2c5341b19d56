package dev.serinus.analysis.lookup;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ErrorCauses;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One question to Kafka: made for it and closed after it, in no group, so that nothing is read
 * while nobody asks. Not for several threads. Whatever stands in the way is {@link LookupFailed}.
 */
public final class TopicLookup implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration longest;
    private final long deadline;

    /**
     * Connects.
     *
     * @param client what it is called in logs of the broker
     * @param longest that the whole question may take, from now on
     */
    public TopicLookup(KafkaSettings kafka, String client, Duration longest) {
        this.longest = longest;
        deadline = System.nanoTime() + longest.toNanos();
        try {
            consumer =
                    new KafkaConsumer<>(
                            kafka.with(
                                    Map.of(
                                            ConsumerConfig.CLIENT_ID_CONFIG,
                                            client,
                                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                            "read_committed",
                                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                            "false",
                                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                            "false",
                                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                            "earliest",
                                            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                            Long.toString(SILENCE.toMillis()))),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
        } catch (KafkaException | IllegalArgumentException trouble) {
            throw failed(trouble);
        }
    }

    /** All partitions of the topics that are wanted, as far as they may be seen. */
    public List<TopicPartition> partitions(Predicate<String> topics) {
        return asked(
                () ->
                        consumer.listTopics(patience()).entrySet().stream()
                                .filter(topic -> topics.test(topic.getKey()))
                                .flatMap(topic -> topic.getValue().stream())
                                .map(each -> new TopicPartition(each.topic(), each.partition()))
                                .toList());
    }

    /** True where there is such a partition. */
    public boolean exists(TopicPartition place) {
        return partitions(place.topic()::equals).contains(place);
    }

    /** The first offsets that are still kept. */
    public Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
        return asked(() -> consumer.beginningOffsets(partitions, patience()));
    }

    /** The offsets that the next records get. */
    public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return asked(() -> consumer.endOffsets(partitions, patience()));
    }

    /**
     * The first offsets whose records were written at this time or later; where there is none, the
     * end.
     */
    public Map<TopicPartition, Long> since(List<TopicPartition> partitions, Instant time) {
        Map<TopicPartition, Long> all = new HashMap<>(ends(partitions));
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(each -> times.put(each, Math.max(0, time.toEpochMilli())));
        asked(() -> consumer.offsetsForTimes(times, patience()))
                .forEach(
                        (place, found) -> {
                            if (found != null) {
                                all.put(place, found.offset());
                            }
                        });
        return all;
    }

    /** Hands over all records from these offsets to the end that there is now. */
    public void read(
            Map<TopicPartition, Long> from, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        read(from, ends(List.copyOf(from.keySet())), reader);
    }

    /**
     * Hands over all records from these offsets to others, which are no part of it; those of one
     * partition in their order.
     */
    public void read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        look(
                from,
                to,
                record -> {
                    reader.accept(record);
                    return true;
                });
    }

    /**
     * The same, as far as the time allows it, and of each partition no more than so many bytes.
     *
     * @return whether these were all
     */
    public boolean readSome(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            long bytes,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<TopicPartition, Long> until = new HashMap<>(to);
        Map<TopicPartition, Long> read = new HashMap<>();
        var whole = new AtomicBoolean(true);
        boolean ended =
                asked(
                        () ->
                                look(
                                        from,
                                        until,
                                        record -> {
                                            reader.accept(record);
                                            var place = place(record);
                                            long size =
                                                    Math.max(0L, record.serializedKeySize())
                                                            + Math.max(
                                                                    0L,
                                                                    record.serializedValueSize());
                                            long next = record.offset() + 1;
                                            if (read.merge(place, size, Long::sum) >= bytes
                                                    && next < until.getOrDefault(place, 0L)) {
                                                until.put(place, next);
                                                consumer.pause(List.of(place));
                                                whole.set(false);
                                            }
                                            return true;
                                        },
                                        true));
        return ended && whole.get();
    }

    /**
     * True where a record from this offset to the end that there is now is wanted; what comes after
     * the first is not read.
     */
    public boolean holds(
            TopicPartition place, long from, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        var found = new AtomicBoolean();
        look(
                Map.of(place, from),
                ends(List.of(place)),
                record -> {
                    found.set(wanted.test(record));
                    return !found.get();
                });
        return found.get();
    }

    private void look(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        asked(() -> look(from, to, reader, false));
    }

    /**
     * Reads until the reader has enough.
     *
     * @param some what was read counts where the time is over, which is said by false
     */
    private boolean look(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Predicate<ConsumerRecord<byte[], byte[]>> reader,
            boolean some) {
        consumer.assign(from.keySet());
        consumer.resume(from.keySet());
        from.forEach(consumer::seek);
        int silent = 0;
        while (from.keySet().stream().anyMatch(each -> isBefore(each, to))) {
            if (some && left().isZero()) {
                return false;
            }
            patience();
            var records = consumer.poll(POLL);
            silent = records.isEmpty() ? silent + 1 : 0;
            check(silent);
            for (var record : records) {
                if (record.offset() < to.getOrDefault(place(record), 0L) && !reader.test(record)) {
                    return true;
                }
            }
        }
        return true;
    }

    /** The record that lies there; empty where none does any more. */
    public Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition place, long offset) {
        return asked(
                () -> {
                    if (!exists(place)) {
                        return Optional.empty();
                    }
                    long end = ends(List.of(place)).getOrDefault(place, 0L);
                    consumer.assign(List.of(place));
                    consumer.seek(place, offset);
                    for (int silent = 0;
                            offset < end && consumer.position(place) <= offset;
                            silent++) {
                        check(silent);
                        patience();
                        for (var record : consumer.poll(POLL)) {
                            if (record.offset() == offset) {
                                return Optional.of(record);
                            }
                        }
                    }
                    return Optional.empty();
                });
    }

    /** How long the question may still take; zero where its time is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Also for who was interrupted, and stays so. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(CLOSING));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How long the next answer of a broker may take. */
    private Duration patience() {
        Duration left = left();
        if (left.isZero()) {
            throw new TimeoutException(
                    "there is more than can be read in %d s".formatted(longest.toSeconds()));
        }
        return left.compareTo(SILENCE) < 0 ? left : SILENCE;
    }

    private boolean isBefore(TopicPartition partition, Map<TopicPartition, Long> to) {
        return consumer.position(partition) < to.getOrDefault(partition, 0L);
    }

    private static TopicPartition place(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** A broker that is gone answers nothing, for ever. */
    private static void check(int silentPolls) {
        if (POLL.multipliedBy(silentPolls).compareTo(SILENCE) > 0) {
            throw new TimeoutException("it does not answer any more");
        }
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException trouble) {
            throw failed(trouble);
        }
    }

    private static LookupFailed failed(Exception trouble) {
        return new LookupFailed(ErrorCauses.shortest(trouble));
    }
}
