package dev.serinus.analysis.stream;

import dev.serinus.schemas.events.DeadLetter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Instant;

/** A record as it came, with the place it came from. */
record Arrival(
        String topic,
        int partition,
        long offset,
        long producedAt,
        byte @Nullable [] key,
        byte @Nullable [] value) {

    /** The cluster a topic belongs to; names are {@code serinus.CLUSTER.KIND}. */
    String cluster() {
        return topic.substring(topic.indexOf('.') + 1, topic.lastIndexOf('.'));
    }

    /** This record, set aside. */
    DeadLetter setAside(String reason, Instant at) {
        return DeadLetter.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setKey(key == null ? null : ByteBuffer.wrap(key))
                .setValue(value == null ? null : ByteBuffer.wrap(value))
                .setService("analysis")
                .setReason(reason)
                .setAt(at)
                .build();
    }
}
