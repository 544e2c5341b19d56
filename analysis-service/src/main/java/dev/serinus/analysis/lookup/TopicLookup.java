package dev.serinus.analysis.lookup;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ErrorCauses;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration longest;

    /**
     * Connects.
     *
     * @param client what it is called in logs of the broker
     * @param longest that one reading may take
     */
    public TopicLookup(KafkaSettings kafka, String client, Duration longest) {
        this.longest = longest;
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
                        consumer.listTopics().entrySet().stream()
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
        return asked(() -> consumer.beginningOffsets(partitions));
    }

    /** The offsets that the next records get. */
    public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return asked(() -> consumer.endOffsets(partitions));
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
        asked(
                () -> {
                    consumer.assign(from.keySet());
                    from.forEach(consumer::seek);
                    long end = System.nanoTime() + longest.toNanos();
                    int silent = 0;
                    while (from.keySet().stream().anyMatch(each -> isBefore(each, to))) {
                        if (System.nanoTime() > end) {
                            throw new TimeoutException(
                                    "there is more than can be read in %d s"
                                            .formatted(longest.toSeconds()));
                        }
                        silent = poll(to, reader) ? 0 : silent + 1;
                        check(silent);
                    }
                    return true;
                });
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
                        for (var record : consumer.poll(POLL)) {
                            if (record.offset() == offset) {
                                return Optional.of(record);
                            }
                        }
                    }
                    return Optional.empty();
                });
    }

    @Override
    public void close() {
        consumer.close();
    }

    private boolean isBefore(TopicPartition partition, Map<TopicPartition, Long> to) {
        return consumer.position(partition) < to.getOrDefault(partition, 0L);
    }

    private boolean poll(
            Map<TopicPartition, Long> to, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        var records = consumer.poll(POLL);
        for (var record : records) {
            var place = new TopicPartition(record.topic(), record.partition());
            if (record.offset() < to.getOrDefault(place, 0L)) {
                reader.accept(record);
            }
        }
        return !records.isEmpty();
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
