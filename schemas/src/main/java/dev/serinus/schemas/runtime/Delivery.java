package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Takes one record to its end: handled, or set aside with a reason. What cannot be read is found
 * out here and not in the consumer, which a poison record would otherwise stop for good.
 */
final class Delivery<V> {

    private final Topic<CanaryKey, V> topic;
    private final String cluster;
    private final DeadLetters deadLetters;
    private final RecordHandler<V> handler;
    private final Share<V> share;
    final LongAdder handled = new LongAdder();
    final LongAdder setAside = new LongAdder();

    Delivery(
            Topic<CanaryKey, V> topic,
            String cluster,
            DeadLetters deadLetters,
            RecordHandler<V> handler) {
        this(topic, cluster, deadLetters, handler, (_, _) -> true);
    }

    /** Of some of the topic's records. */
    Delivery(
            Topic<CanaryKey, V> topic,
            String cluster,
            DeadLetters deadLetters,
            RecordHandler<V> handler,
            Share<V> share) {
        this.topic = topic;
        this.cluster = cluster;
        this.deadLetters = deadLetters;
        this.handler = handler;
        this.share = share;
    }

    /** What the record waits behind: others of its canary, or of its partition without a canary. */
    Object lane(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? record.partition() : new String(record.key(), UTF_8);
    }

    /**
     * The record's delivery, to be run when it is its turn.
     *
     * @param behind what waits in its lane at the moment it is asked
     */
    Runnable waiting(
            ConsumerRecord<byte[], byte[]> record,
            Progress progress,
            Supplier<List<Runnable>> behind) {
        return new Waiting(record, progress, behind);
    }

    final class Waiting implements Runnable {

        private final ConsumerRecord<byte[], byte[]> record;
        private final Progress progress;
        private final Supplier<List<Runnable>> behind;
        private volatile boolean answered;
        private boolean looked; // by the one thread at a time that looks for others' records

        Waiting(
                ConsumerRecord<byte[], byte[]> record,
                Progress progress,
                Supplier<List<Runnable>> behind) {
            this.record = record;
            this.progress = progress;
            this.behind = behind;
        }

        @Override
        public void run() {
            deliver(record, progress, this);
        }

        boolean isOfAny(Set<Progress> partitions) {
            return partitions.contains(progress);
        }

        /**
         * True where another loop handles the record, found out once: it need not wait here.
         *
         * @throws RuntimeException if it cannot be read now, and may be later
         */
        boolean turnsOutOthers() {
            if (looked) {
                return false;
            }
            boolean others = isOthers();
            looked = true;
            return others;
        }

        private boolean isOthers() {
            if (!isPart()) {
                return false;
            }
            try {
                canary(record);
                V value =
                        topic.values()
                                .deserializer()
                                .deserialize(topic.name(), record.headers(), record.value());
                return value == null
                        ? share.leavesUnreadable()
                        : share.isOthers(value, record.partition());
            } catch (RuntimeException unreadable) {
                if (Trouble.passes(unreadable)) {
                    throw unreadable;
                }
                return share.leavesUnreadable();
            }
        }

        /** Counts it as read: another loop handles it. */
        void leave() {
            Thread worker = Thread.currentThread();
            if (progress.begin(worker)) {
                progress.end(worker, record.offset(), true);
            }
        }

        /**
         * Sets the record aside: it waited behind another one for too long. What another loop
         * handles is no loss here.
         */
        void giveUp() {
            Thread worker = Thread.currentThread();
            if (!progress.begin(worker)) {
                return;
            }
            boolean done = false;
            try {
                if (!isLeft()) {
                    deadLetters.setAside(
                            record,
                            "an earlier record of this canary is still in work, and its partition"
                                    + " is full: what waits behind it is given up so that other"
                                    + " canaries go on");
                    setAside.increment();
                }
                done = true;
            } catch (InterruptedException stopped) {
                // Not done: whoever has the partition next gets the record again.
            } finally {
                progress.end(worker, record.offset(), done);
                Thread.interrupted();
            }
        }

        private boolean isLeft() {
            try {
                return isOthers();
            } catch (RuntimeException notNow) {
                return false;
            }
        }

        /** Those of its lane that ask the same, when the handler answers questions. */
        private List<Waiting> repeats(V value) {
            if (!(handler instanceof RepeatedQuestions<V> questions)) {
                return List.of();
            }
            List<Waiting> repeats = new ArrayList<>();
            for (Runnable each : behind.get()) {
                // A lane holds deliveries of this loop only.
                if (each instanceof Delivery<?>.Waiting) {
                    @SuppressWarnings("unchecked")
                    var other = (Waiting) each;
                    if (isRepeat(questions, other, value)) {
                        repeats.add(other);
                    }
                }
            }
            return repeats;
        }

        private boolean isRepeat(RepeatedQuestions<V> questions, Waiting other, V value) {
            try {
                return questions.isRepeat(
                        topic.values()
                                .deserializer()
                                .deserialize(
                                        topic.name(), other.record.headers(), other.record.value()),
                        value);
            } catch (RuntimeException unreadable) {
                return false; // it is set aside when it is its turn
            }
        }
    }

    /** True where other loops handle some of the topic's records. */
    boolean isPart() {
        return share.isPart();
    }

    Optional<Duration> patienceWhenFull() {
        return handler.patienceWhenFull();
    }

    /** Handles the record on the thread of its lane, unless its partition was revoked meanwhile. */
    void deliver(ConsumerRecord<byte[], byte[]> record, Progress progress) {
        deliver(record, progress, new Waiting(record, progress, List::of));
    }

    private void deliver(
            ConsumerRecord<byte[], byte[]> record, Progress progress, Waiting waiting) {
        Thread worker = Thread.currentThread();
        if (!progress.begin(worker)) {
            return;
        }
        boolean done = false;
        try {
            if (!waiting.answered) {
                handle(record, progress, waiting);
            }
            done = true;
        } catch (InterruptedException stopped) {
            // Not done: whoever has the partition next gets the record again.
        } finally {
            progress.end(worker, record.offset(), done);
            Thread.interrupted(); // the lane's next record has nothing to do with it
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever a handler throws must not end the loop
    private void handle(ConsumerRecord<byte[], byte[]> record, Progress progress, Waiting waiting)
            throws InterruptedException {
        try {
            CanaryKey canary;
            V value;
            try {
                canary = canary(record);
                value = value(record);
            } catch (RuntimeException unreadable) {
                if (share.leavesUnreadable()) {
                    return;
                }
                throw unreadable;
            }
            if (!share.isOurs(value, record)) {
                return;
            }
            if (waiting.repeats(value).isEmpty()) {
                handler.handle(canary, value);
                waiting.repeats(value).forEach(repeat -> repeat.answered = true);
            }
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
