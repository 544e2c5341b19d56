package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Records that cannot be taken yet, in lines, each in the order it came: of a cluster whose topics
 * are not complete, and of a canary when a schema is not known and the registry is away. They are
 * kept, since a fact that was published once is not published again; and they are kept in number,
 * since a cluster that is never completed must not fill the store.
 */
final class HeldRecords {

    /** For each line and task: far more than a cluster says before its topics are there. */
    static final int SEATS = 10_000;

    /** For all lines of a task together. */
    static final long BYTES = 64 << 20;

    private final KeyValueStore<Bytes, ReceivedRecord> store;
    private final Map<String, Integer> waiting = new HashMap<>();
    private long bytes;
    private long next;

    HeldRecords(KeyValueStore<Bytes, ReceivedRecord> store) {
        this.store = store;
        try (var all = store.all()) {
            while (all.hasNext()) {
                var held = all.next();
                waiting.merge(line(held.key), 1, Integer::sum);
                bytes += held.value.size();
                next = Math.max(next, number(held.key) + 1);
            }
        }
    }

    /** True when records wait in this line: later ones must wait behind them. */
    boolean isWaiting(String line) {
        return waiting.containsKey(line);
    }

    Set<String> lines() {
        return Set.copyOf(waiting.keySet());
    }

    /** Keeps a record; false when there is no room for it. */
    boolean admit(String line, ReceivedRecord arrival) {
        if (arrival.size() > SizeLimits.INPUT
                || bytes + arrival.size() > BYTES
                || waiting.getOrDefault(line, 0) >= SEATS) {
            return false;
        }
        store.put(key(line, next++), arrival);
        waiting.merge(line, 1, Integer::sum);
        bytes += arrival.size();
        return true;
    }

    /** Calls up a line in its order, until it is empty or one is not taken. */
    void call(String line, Predicate<ReceivedRecord> taken) {
        for (var held : held(line)) {
            if (!taken.test(held.value)) {
                return;
            }
            store.delete(held.key);
            bytes -= held.value.size();
            waiting.computeIfPresent(line, (_, left) -> left > 1 ? left - 1 : null);
        }
    }

    private List<KeyValue<Bytes, ReceivedRecord>> held(String line) {
        List<KeyValue<Bytes, ReceivedRecord>> all = new ArrayList<>();
        try (var held = store.range(key(line, 0), key(line, Long.MAX_VALUE))) {
            held.forEachRemaining(all::add);
        }
        return all;
    }

    /** Names of lines have no zero byte, so that the keys of one lie together. */
    private static Bytes key(String line, long number) {
        byte[] name = line.getBytes(UTF_8);
        return Bytes.wrap(
                ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                        .put(name)
                        .put((byte) 0)
                        .putLong(number)
                        .array());
    }

    private static String line(Bytes key) {
        return new String(key.get(), 0, key.get().length - Long.BYTES - 1, UTF_8);
    }

    private static long number(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(key.get().length - Long.BYTES);
    }
}
