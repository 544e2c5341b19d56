package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Where a consumer group begins to read that takes up what another group did before. */
interface FirstPlaces {

    /**
     * Waits until it may begin.
     *
     * @param looked called at each look, to tell that the loop is alive
     */
    void await(BooleanSupplier closing, Runnable looked) throws InterruptedException;

    /**
     * Where to begin in those of these partitions in which the consumer's group has no place of its
     * own; a partition that is not named begins with its first record.
     */
    Map<TopicPartition, OffsetAndMetadata> offsets(
            Consumer<?, ?> consumer, Collection<TopicPartition> assigned);

    /** True where the places are committed before anything is read, since others wait for that. */
    default boolean areToldAtOnce() {
        return false;
    }
}
