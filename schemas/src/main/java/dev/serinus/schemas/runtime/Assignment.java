package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The partitions that one consumer is responsible for: stops those that have too much under way,
 * commits what is handled, and hands over in good order what is taken away. Only the consumer's own
 * thread calls it, but for what it says of itself.
 */
final class Assignment implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Assignment.class);

    /** Of each partition: bounds memory, whatever the number of canaries. */
    static final Progress.Limits LIMITS = new Progress.Limits(500, 4 << 20);

    private static final Duration HAND_OVER = Duration.ofSeconds(3);
    private static final long COMMIT_EVERY = Duration.ofMillis(200).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final @Nullable FirstPlaces first;
    private final Map<TopicPartition, Progress> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private long lastCommit = System.nanoTime();

    /**
     * @param first where what the group has not read yet is taken up, if that is said
     */
    Assignment(Consumer<byte[], byte[]> consumer, @Nullable FirstPlaces first) {
        this.consumer = consumer;
        this.first = first;
    }

    boolean has(TopicPartition partition) {
        return partitions.containsKey(partition);
    }

    /** True where the record of this offset is handled, or is nothing to wait for here. */
    boolean isDone(TopicPartition partition, long offset) {
        Progress progress = partitions.get(partition);
        return progress == null || progress.isDone(offset);
    }

    int size() {
        return partitions.size();
    }

    int inFlight() {
        return partitions.values().stream().mapToInt(Progress::inFlight).sum();
    }

    Progress progress(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, _ -> new Progress());
    }

    /** Notes where the consumer is after a poll, which skips what was not committed. */
    void reached(ConsumerRecords<byte[], byte[]> polled) {
        polled.nextOffsets().forEach((partition, next) -> progress(partition).reached(next));
    }

    /** Of the partitions that take in no more until some of their records are handled. */
    Set<Progress> full() {
        return consumer.paused().stream().map(this::progress).collect(Collectors.toSet());
    }

    /** Stops the partitions that are full, and takes up those that have room again. */
    void balance() {
        var paused = consumer.paused();
        partitions.forEach(
                (partition, progress) -> {
                    if (!paused.contains(partition) && progress.isFull(LIMITS)) {
                        consumer.pause(List.of(partition));
                    } else if (paused.contains(partition) && progress.hasRoom(LIMITS)) {
                        consumer.resume(List.of(partition));
                    }
                });
    }

    /** Commits now and then, in the background; what fails is committed the next time. */
    void commit() {
        if (System.nanoTime() - lastCommit < COMMIT_EVERY) {
            return;
        }
        lastCommit = System.nanoTime();
        var marks = marks(partitions.keySet());
        if (!marks.isEmpty()) {
            consumer.commitAsync(
                    marks,
                    (offsets, failure) -> {
                        if (failure == null) {
                            committed.putAll(offsets);
                        }
                    });
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        assigned.forEach(this::progress);
        if (first != null) {
            var places = first.offsets(consumer, assigned);
            places.forEach(
                    (partition, offset) -> {
                        consumer.seek(partition, offset);
                        // Committed at the next turn, with or without a record.
                        progress(partition).reached(offset);
                    });
            if (first.areToldAtOnce() && !places.isEmpty()) {
                consumer.commitSync(places, HAND_OVER);
                committed.putAll(places);
            }
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        release(revoked, HAND_OVER);
    }

    /** They are another consumer's already: nothing may be committed. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        for (TopicPartition partition : lost) {
            Progress progress = partitions.remove(partition);
            committed.remove(partition);
            if (progress != null) {
                progress.revoke();
                progress.interrupt();
            }
        }
    }

    /** Gives all partitions back, letting what has begun finish within {@code limit}. */
    void releaseAll(Duration limit) {
        release(List.copyOf(partitions.keySet()), limit);
    }

    void loseAll() {
        onPartitionsLost(List.copyOf(partitions.keySet()));
    }

    private void release(Collection<TopicPartition> released, Duration limit) {
        released.forEach(partition -> progress(partition).revoke());
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (TopicPartition partition : released) {
                Progress progress = progress(partition);
                if (!progress.awaitQuiet(Duration.ofNanos(end - System.nanoTime()))) {
                    progress.interrupt();
                }
            }
            var marks = marks(released);
            if (!marks.isEmpty()) {
                consumer.commitSync(marks, HAND_OVER);
            }
        } catch (InterruptedException stopped) {
            throw new InterruptException(stopped);
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException failed) {
            log.atWarn()
                    .addKeyValue("because", failed.toString())
                    .log("last offsets not committed, their records will come again");
        } finally {
            partitions.keySet().removeAll(released);
            committed.keySet().removeAll(released);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> marks(Collection<TopicPartition> wanted) {
        Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
        for (TopicPartition partition : wanted) {
            progress(partition)
                    .lowWaterMark()
                    .filter(mark -> !mark.equals(committed.get(partition)))
                    .ifPresent(mark -> marks.put(partition, mark));
        }
        return marks;
    }
}
