package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

import java.util.concurrent.atomic.LongAdder;

/**
 * Takes one record to its end: handled, or set aside with a reason. What cannot be read is found
 * out here and not in the consumer, which a poison record would otherwise stop for good.
 */
final class Delivery<V> {

    private final Topic<CanaryKey, V> topic;
    private final String cluster;
    private final DeadLetters deadLetters;
    private final RecordHandler<V> handler;
    final LongAdder handled = new LongAdder();
    final LongAdder setAside = new LongAdder();

    Delivery(
            Topic<CanaryKey, V> topic,
            String cluster,
            DeadLetters deadLetters,
            RecordHandler<V> handler) {
        this.topic = topic;
        this.cluster = cluster;
        this.deadLetters = deadLetters;
        this.handler = handler;
    }

    /** What the record waits behind: others of its canary, or of its partition without a canary. */
    Object lane(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? record.partition() : new String(record.key(), UTF_8);
    }

    /** Handles the record on the thread of its lane, unless its partition was revoked meanwhile. */
    void deliver(ConsumerRecord<byte[], byte[]> record, Progress progress) {
        Thread worker = Thread.currentThread();
        if (!progress.begin(worker)) {
            return;
        }
        boolean done = false;
        try {
            handle(record, progress);
            done = true;
        } catch (InterruptedException stopped) {
            // Not done: whoever has the partition next gets the record again.
        } finally {
            progress.end(worker, record.offset(), done);
            Thread.interrupted(); // the lane's next record has nothing to do with it
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever a handler throws must not end the loop
    private void handle(ConsumerRecord<byte[], byte[]> record, Progress progress)
            throws InterruptedException {
        try {
            CanaryKey canary = canary(record);
            handler.handle(canary, value(record));
            handled.increment();
        } catch (Throwable failure) {
            if (progress.isInterrupted()) {
                // Whatever the handler made of it: nothing is wrong with the record.
                throw new InterruptedException("the partition was taken away");
            }
            Thread.interrupted();
            deadLetters.setAside(record, Trouble.reason(failure));
            setAside.increment();
        }
    }

    private CanaryKey canary(ConsumerRecord<byte[], byte[]> record) {
        CanaryKey canary = topic.keys().deserializer().deserialize(topic.name(), record.key());
        if (!canary.cluster().equals(cluster)) {
            throw new SerializationException(
                    "its key names cluster '%s', but only records of '%s' belong on %s"
                            .formatted(canary.cluster(), cluster, topic.name()));
        }
        return canary;
    }

    private V value(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.value() == null) {
            throw new SerializationException(
                    "it has no value; "
                            + topic.name()
                            + " is not compacted and knows no deletions");
        }
        var pause = new Backoff();
        while (true) {
            try {
                return topic.values()
                        .deserializer()
                        .deserialize(topic.name(), record.headers(), record.value());
            } catch (RuntimeException unreadable) {
                if (!Trouble.passes(unreadable)) {
                    throw unreadable;
                }
                pause.next();
            }
        }
    }
}
