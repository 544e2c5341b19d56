package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Records of clusters whose topics are not complete yet, in the order they came. They are kept,
 * since a fact that the watcher published once is not published again; and they are kept in number,
 * since a cluster that is never completed must not fill the store.
 */
final class WaitingRoom {

    /** For each cluster and task: far more than a cluster says before its topics are there. */
    static final int SEATS = 10_000;

    private final KeyValueStore<Bytes, Arrival> store;
    private final Map<String, Integer> waiting = new HashMap<>();
    private long next;

    WaitingRoom(KeyValueStore<Bytes, Arrival> store) {
        this.store = store;
        try (var all = store.all()) {
            while (all.hasNext()) {
                var held = all.next();
                waiting.merge(held.value.cluster(), 1, Integer::sum);
                next = Math.max(next, number(held.key) + 1);
            }
        }
    }

    /** True when records of this cluster wait: later ones must wait behind them. */
    boolean isWaiting(String cluster) {
        return waiting.containsKey(cluster);
    }

    Set<String> clusters() {
        return Set.copyOf(waiting.keySet());
    }

    /** Keeps a record; false when there is no seat left. */
    boolean admit(Arrival arrival) {
        if (waiting.getOrDefault(arrival.cluster(), 0) >= SEATS) {
            return false;
        }
        store.put(key(arrival.cluster(), next++), arrival);
        waiting.merge(arrival.cluster(), 1, Integer::sum);
        return true;
    }

    /** All records of a cluster in the order they came; they are gone from here. */
    List<Arrival> leave(String cluster) {
        List<Arrival> leaving = new ArrayList<>();
        List<Bytes> keys = new ArrayList<>();
        try (var held = store.range(key(cluster, 0), key(cluster, Long.MAX_VALUE))) {
            held.forEachRemaining(
                    each -> {
                        keys.add(each.key);
                        leaving.add(each.value);
                    });
        }
        keys.forEach(store::delete);
        waiting.remove(cluster);
        return leaving;
    }

    /** Names of clusters have no zero byte, so that one cluster's keys lie together. */
    private static Bytes key(String cluster, long number) {
        byte[] name = cluster.getBytes(UTF_8);
        return Bytes.wrap(
                ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                        .put(name)
                        .put((byte) 0)
                        .putLong(number)
                        .array());
    }

    private static long number(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(key.get().length - Long.BYTES);
    }
}
