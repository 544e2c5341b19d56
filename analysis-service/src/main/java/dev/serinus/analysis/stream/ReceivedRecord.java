package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.SetAside;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** A record as it came, with the place it came from. */
@SuppressWarnings("ArrayRecordComponent") // bytes passing through; arrivals are never compared
record ReceivedRecord(
        String topic,
        int partition,
        long offset,
        long producedAt,
        byte @Nullable [] key,
        byte @Nullable [] value) {

    /** What followed from it for one canary: at its place, without its value. */
    ReceivedRecord about(CanaryKey canary) {
        return new ReceivedRecord(
                topic, partition, offset, producedAt, canary.toString().getBytes(UTF_8), null);
    }

    /** The cluster a topic belongs to; names are {@code serinus.CLUSTER.KIND}. */
    String cluster() {
        return cluster(topic);
    }

    /** The cluster that a line is about, which is a cluster's name or a record's line. */
    static String clusterOf(String line) {
        return isCluster(line) ? line : cluster(line.substring(0, line.indexOf('/')));
    }

    static boolean isCluster(String line) {
        return line.indexOf('/') < 0;
    }

    private static String cluster(String topic) {
        return topic.substring(topic.indexOf('.') + 1, topic.lastIndexOf('.'));
    }

    /** What it must not overtake: records of the same canary from the same topic. */
    String line() {
        String canary =
                key == null
                        ? ""
                        : new String(key, 0, Math.min(key.length, SetAside.KEY_BEGINNING), UTF_8);
        return topic + "/" + canary.replace('\0', ' ');
    }

    /** Bytes of key and value. */
    int size() {
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** This record, set aside: the first of these letters that is not too large is sent. */
    List<DeadLetter> setAside(String reason, Instant at) {
        return new SetAside(topic, partition, offset, key, value).letters("analysis", reason, at);
    }
}
