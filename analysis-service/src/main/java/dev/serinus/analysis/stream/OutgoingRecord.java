package dev.serinus.analysis.stream;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way out, ready for the wire: no value is a tombstone.
 *
 * @param toScope said to a scope, which is decided upon in one partition
 */
@SuppressWarnings("ArrayRecordComponent") // bytes passing through; never compared
record OutgoingRecord(
        String topic,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        boolean toScope) {

    OutgoingRecord(String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        this(topic, key, value, headers, false);
    }
}
