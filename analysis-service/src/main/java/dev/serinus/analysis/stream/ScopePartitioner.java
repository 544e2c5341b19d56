package dev.serinus.analysis.stream;

import org.apache.kafka.streams.processor.StreamPartitioner;

import java.util.Optional;
import java.util.Set;

/**
 * Brings what is said to a scope to the task that decides for it. By its key it would come to
 * another one where a cluster's topics have another number of partitions.
 */
final class ScopePartitioner implements StreamPartitioner<byte[], OutgoingRecord> {

    @Override
    @SuppressWarnings("removal") // abstract still: there is no other to implement
    public Optional<Set<Integer>> partitions(
            String topic, byte[] key, OutgoingRecord value, int partitions) {
        return Optional.of(Set.of(InputReader.OF_SCOPES));
    }
}
