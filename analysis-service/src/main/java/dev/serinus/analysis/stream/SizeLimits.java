package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How large a record may be. One that is too large aborts the transaction, and its input is taken
 * again, for ever: so it is found out before it is sent. A topic takes what our producer lets
 * through, until a broker refuses less; that is remembered. Safe for use by many threads.
 */
final class SizeLimits {

    /** Of key and value of an input: what follows from a larger one would hardly fit anywhere. */
    static final int INPUT = 512 << 10;

    private static final String BY_DEFAULT = Integer.toString(1 << 20);

    /** What the log adds to a record, and to each of its headers, at most. */
    private static final int AROUND = 128;

    private static final int AROUND_HEADER = 16;

    private final int most;
    private final Map<String, Integer> refused = new ConcurrentHashMap<>();

    /** The limits of a producer that sends records up to this size. */
    SizeLimits(int most) {
        this.most = most;
    }

    /** What an installation's producers let through. */
    static SizeLimits of(KafkaSettings kafka) {
        return new SizeLimits(
                Integer.parseInt(
                        kafka.properties()
                                .getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, BY_DEFAULT)));
    }

    /** The largest record that this topic takes. */
    int of(String topic) {
        return refused.getOrDefault(topic, most);
    }

    boolean fits(OutgoingRecord record) {
        return size(record) <= of(record.topic());
    }

    /** Remembers that a topic did not take a record of this size. */
    void refused(String topic, int size) {
        refused.merge(topic, size - 1, Math::min);
    }

    static int size(OutgoingRecord record) {
        return size(record.key(), record.value(), record.headers());
    }

    /** At least what the broker counts. */
    static int size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        int size = AROUND + length(key) + length(value);
        for (Header header : headers) {
            size += AROUND_HEADER + header.key().getBytes(UTF_8).length + length(header.value());
        }
        return size;
    }

    /** Of what is kept of a canary, with the number and the time of its last decision. */
    static int size(String canary, int stateBytes) {
        return 2 * AROUND + canary.getBytes(UTF_8).length + stateBytes;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
