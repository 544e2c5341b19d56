package dev.serinus.schemas.runtime;

import dev.serinus.schemas.events.DeadLetter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A record that nobody can use, with the place it came from. */
@SuppressWarnings("ArrayRecordComponent") // bytes passing through; never compared
public record SetAside(
        String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {

    /** What is kept of a key where the whole is too large; no name of a canary is longer. */
    public static final int KEY_BEGINNING = 1 << 10;

    /** What is kept of a value where the whole is too large: enough to recognise it. */
    public static final int VALUE_BEGINNING = 16 << 10;

    private static final int REASON = 2_000;
    private static final String TOO_LARGE = "; the record is too large for a letter";

    /**
     * The letters that may tell of it: with its bytes, with their beginning, with the place only.
     * The first that is not too large for the topic is sent.
     */
    public List<DeadLetter> letters(String service, String reason, Instant at) {
        String said = reason.substring(0, Math.min(reason.length(), REASON));
        return Stream.of(
                        letter(Integer.MAX_VALUE, Integer.MAX_VALUE, said),
                        letter(KEY_BEGINNING, VALUE_BEGINNING, said + TOO_LARGE),
                        letter(0, 0, said + TOO_LARGE))
                .map(letter -> letter.setService(service).setAt(at).build())
                .toList();
    }

    private DeadLetter.Builder letter(int keyLimit, int valueLimit, String reason) {
        return DeadLetter.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setKey(beginning(key, keyLimit))
                .setValue(beginning(value, valueLimit))
                .setCutFrom(value == null || value.length <= valueLimit ? null : value.length)
                .setReason(reason);
    }

    private static @Nullable ByteBuffer beginning(byte @Nullable [] bytes, int limit) {
        return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, limit));
    }
}
