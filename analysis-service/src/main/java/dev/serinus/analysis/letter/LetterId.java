package dev.serinus.analysis.letter;

import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.common.TopicPartition;

import java.util.Optional;

/** Where a dead letter lies, which is its name for people: {@code CLUSTER/PARTITION/OFFSET}. */
public record LetterId(String cluster, int partition, long offset) {

    /** Empty where the text names none. */
    public static Optional<LetterId> parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var id = new LetterId(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
            id.place(); // refuses a name that no cluster has
            return id.partition < 0 || id.offset < 0 ? Optional.empty() : Optional.of(id);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    TopicPartition place() {
        return new TopicPartition(TopicKind.DEAD_LETTERS.name(cluster), partition);
    }

    @Override
    public String toString() {
        return cluster + "/" + partition + "/" + offset;
    }
}
