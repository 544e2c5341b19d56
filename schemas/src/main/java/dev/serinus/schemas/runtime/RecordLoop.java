package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A service's message loop on one topic. Records of one canary are handled one after the other, in
 * order, those of others at the same time, each lane on a virtual thread of its own; a canary whose
 * handler is slow holds up nobody else. Every record is handled at least once: its offset is
 * committed only when it and all before it in its partition are handled or set aside as dead
 * letters. Only committed records are read, from the earliest on. The loop outlives a broker that
 * is away, a rebalance, and any record or handler; it ends when it is closed, or when another
 * process takes over its {@code group.instance.id}.
 */
public final class RecordLoop<V> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RecordLoop.class);

    /** A poll returns when there are records; without any, closing waits for its end. */
    private static final Duration TURN = Duration.ofMillis(300);

    private static final Duration STUCK = Duration.ofMinutes(1);

    /** How often a group is tried that this account may not join. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    /** However long the work before it has gone on. */
    private static final Duration ALL = Duration.ofNanos(-1);

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(3);
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    private final Topic<CanaryKey, V> topic;
    private final Delivery<V> delivery;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final @Nullable FirstPlaces first;
    private final KeyedQueues queues;
    private final AtomicLong lastTurn = new AtomicLong(System.nanoTime());
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final Thread thread;
    private volatile @Nullable Assignment assignment; // of the present consumer
    private volatile Duration drain = DRAIN;
    private volatile boolean closing;
    private final Object asking = new Object();
    private boolean awaitsPlaces; // guarded by asking
    private volatile boolean refused; // the last attempt to join the group

    private RecordLoop(
            Topic<CanaryKey, V> topic,
            String group,
            Delivery<V> delivery,
            Supplier<Consumer<byte[], byte[]>> consumers,
            @Nullable FirstPlaces first) {
        this.topic = topic;
        this.delivery = delivery;
        this.consumers = consumers;
        this.first = first;
        this.queues = new KeyedQueues(group);
        this.thread = Thread.ofPlatform().name(group + "-loop").daemon().unstarted(this::run);
    }

    /**
     * Starts a loop.
     *
     * @param group consumer group, and the service named in dead letters
     * @param cluster records whose key names another cluster are set aside
     * @param deadLetterOutbox where unreadable records and those whose handler throws are put
     */
    public static <V> RecordLoop<V> start(
            Topic<CanaryKey, V> topic,
            String group,
            String cluster,
            KafkaSettings settings,
            Outbox deadLetterOutbox,
            RecordHandler<V> handler) {
        return start(topic, group, null, cluster, settings, deadLetterOutbox, handler);
    }

    /**
     * Starts a loop.
     *
     * @param formerGroup the group in which older versions read: what it has read is not read
     *     again, and nothing is read before its members have left
     */
    public static <V> RecordLoop<V> start(
            Topic<CanaryKey, V> topic,
            String group,
            @Nullable String formerGroup,
            String cluster,
            KafkaSettings settings,
            Outbox outbox,
            RecordHandler<V> handler) {
        return start(
                topic,
                group,
                new Delivery<>(topic, cluster, letters(group, cluster, settings, outbox), handler),
                settings,
                former(topic, group, formerGroup, settings));
    }

    /**
     * Starts two loops on one topic, each in a group of its own: the first handles all that is not
     * aside, and the second what is. Neither waits for the other.
     *
     * @param handler also of what is aside, until that group is there
     * @param formerGroup the group in which older versions read all of it
     * @return the loop of the main group, then that of the group aside
     */
    public static <V> List<RecordLoop<V>> startBoth(
            Topic<CanaryKey, V> topic,
            String group,
            Aside<V> aside,
            @Nullable String formerGroup,
            String cluster,
            KafkaSettings settings,
            Outbox outbox,
            RecordHandler<V> handler) {
        var beside =
                start(
                        topic,
                        aside.group(),
                        new Delivery<>(
                                topic,
                                cluster,
                                letters(aside.group(), cluster, settings, outbox),
                                aside.handler(),
                                Share.ofAside(aside.records())),
                        settings,
                        new PlacesOfMain(
                                settings,
                                group,
                                former(topic, aside.group(), formerGroup, settings),
                                aside.group(),
                                topic.name()));
        var main =
                start(
                        topic,
                        group,
                        new Delivery<>(
                                topic,
                                cluster,
                                letters(group, cluster, settings, outbox),
                                handler,
                                new AsideGroup<>(aside, beside, settings, topic.name())),
                        settings,
                        former(topic, group, formerGroup, settings));
        return List.of(main, beside);
    }

    private static <V> RecordLoop<V> start(
            Topic<CanaryKey, V> topic,
            String group,
            Delivery<V> delivery,
            KafkaSettings settings,
            @Nullable FirstPlaces first) {
        return start(
                topic,
                group,
                delivery,
                () -> new KafkaConsumer<>(LoopSettings.consumer(settings, group, topic.name())),
                first);
    }

    private static DeadLetters letters(
            String group, String cluster, KafkaSettings settings, Outbox outbox) {
        return new DeadLetters(
                new Topics(settings).deadLetters(cluster),
                cluster,
                group,
                outbox,
                InstantSource.system());
    }

    private static @Nullable FormerGroup former(
            Topic<?, ?> topic, String group, @Nullable String former, KafkaSettings settings) {
        return former == null ? null : new FormerGroup(settings, former, group, topic.name());
    }

    /** Starts a loop on consumers of another making: a new one is made when one fails. */
    static <V> RecordLoop<V> start(
            Topic<CanaryKey, V> topic,
            String group,
            Delivery<V> delivery,
            Supplier<Consumer<byte[], byte[]>> consumers,
            @Nullable FirstPlaces first) {
        var loop = new RecordLoop<>(topic, group, delivery, consumers, first);
        loop.thread.start();
        return loop;
    }

    /**
     * False when the loop has ended or hangs. A broker that is away does not make it unhealthy:
     * starting the process again would not bring the broker back.
     */
    public boolean healthy() {
        return thread.isAlive() && System.nanoTime() - lastTurn.get() < STUCK.toNanos();
    }

    /** True while this account may not read in the loop's group. */
    public boolean isRefused() {
        return refused;
    }

    /** Counters and gauges of this moment. */
    public LoopMetrics metrics() {
        Assignment now = assignment;
        return new LoopMetrics(
                delivery.handled.sum(),
                delivery.setAside.sum(),
                now == null ? 0 : now.inFlight(),
                now == null ? 0 : now.size());
    }

    /** True while this process takes the records of this partition. */
    public boolean takes(int partition) {
        Assignment now = assignment;
        return now != null && now.has(new TopicPartition(topic.name(), partition));
    }

    /** True where the record of this offset is handled, or is nothing to wait for here. */
    boolean isDone(int partition, long offset) {
        Assignment now = assignment;
        return now == null || now.isDone(new TopicPartition(topic.name(), partition), offset);
    }

    int openLanes() {
        return queues.open();
    }

    /**
     * Takes no more records, lets handlers that have begun finish for ten seconds, interrupts the
     * rest and commits what was handled. Everything else is delivered again.
     */
    @Override
    public void close() {
        close(DRAIN);
    }

    /** As {@link #close()}, all at the same time; null is a loop that was never started. */
    public static void closeAll(@Nullable RecordLoop<?>... loops) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (RecordLoop<?> loop : loops) {
                if (loop != null) {
                    threads.execute(loop::close);
                }
            }
        }
    }

    /** As {@link #close()}, with another limit for the handlers that have begun. */
    public void close(Duration limit) {
        close(limit, GOODBYE);
    }

    /** False when the loop was left behind, since its consumer did not end within its own time. */
    boolean close(Duration limit, Duration goodbye) {
        drain = limit;
        synchronized (asking) {
            closing = true;
            if (awaitsPlaces) {
                thread.interrupt();
            }
        }
        try {
            if (thread.join(limit.plus(goodbye))) {
                return true;
            }
            log.atError().addKeyValue("topic", topic.name()).log("loop does not end, left behind");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        return false;
    }

    private void run() {
        var pause = new Backoff();
        try {
            while (!closing) {
                consume();
                lastTurn.set(System.nanoTime());
                if (!closing) {
                    pause(pause);
                }
            }
        } catch (FencedInstanceIdException superseded) {
            log.atError()
                    .addKeyValue("topic", topic.name())
                    .log("another process uses this group.instance.id, ending the loop");
        } catch (InterruptedException | InterruptException hurried) {
            log.atWarn().addKeyValue("topic", topic.name()).log("loop was closed in a hurry");
        }
    }

    private void pause(Backoff pause) throws InterruptedException {
        if (!refused) {
            pause.next();
            return;
        }
        long end = System.nanoTime() + REFUSED.toNanos();
        while (!closing && System.nanoTime() - end < 0) {
            Thread.sleep(TURN);
        }
    }

    /** Ends at once where the loop is closed, though a broker that is away was asked. */
    private void awaitPlaces(FirstPlaces places) throws InterruptedException {
        synchronized (asking) {
            if (closing) {
                return;
            }
            awaitsPlaces = true;
        }
        try {
            places.await(() -> closing, () -> lastTurn.set(System.nanoTime()));
        } catch (InterruptedException | InterruptException stopped) {
            if (!closing) {
                throw stopped;
            }
        } finally {
            synchronized (asking) {
                awaitsPlaces = false;
                if (closing) {
                    Thread.interrupted(); // close() meant the question alone, not what follows
                }
            }
        }
    }

    /** Reads until the loop is closed or its consumer fails in a way that needs another one. */
    private void consume() throws InterruptedException {
        Consumer<byte[], byte[]> consumer = null;
        try {
            if (first != null) {
                awaitPlaces(first);
            }
            if (closing) {
                return;
            }
            consumer = consumers.get();
            var mine = new Assignment(consumer, first);
            assignment = mine;
            consumer.subscribe(List.of(topic.name()), mine);
            while (!closing) {
                take(consumer.poll(TURN), mine);
                if (refused && consumer.groupMetadata().generationId() >= 0) {
                    refused = false; // the first polls return before the group has answered
                }
                lastTurn.set(System.nanoTime());
            }
            mine.releaseAll(drain);
        } catch (FencedInstanceIdException | InterruptException end) {
            throw end;
        } catch (GroupAuthorizationException no) {
            // Rights are given by people: no need to say so every five seconds.
            log.atLevel(refused ? Level.DEBUG : Level.WARN)
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("because", no.toString())
                    .log("this account may not read in its group, trying again now and then");
            refused = true;
        } catch (RuntimeException trouble) {
            log.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("because", trouble.toString())
                    .log("consumer failed, opening another");
        } finally {
            if (assignment != null) {
                assignment.loseAll();
            }
            if (consumer != null) {
                close(consumer);
            }
        }
    }

    /** What a consumer says at its end changes nothing: its partitions are given back by now. */
    private void close(Consumer<?, ?> consumer) {
        try {
            consumer.close(CloseOptions.timeout(CLOSING));
        } catch (RuntimeException trouble) {
            log.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("because", trouble.toString())
                    .log("consumer did not close in good order");
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> polled, Assignment mine) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            var progress = mine.progress(new TopicPartition(record.topic(), record.partition()));
            progress.took(record.offset(), size(record));
            Object lane = delivery.lane(record);
            queues.add(lane, delivery.waiting(record, progress, () -> queues.waiting(lane)));
        }
        mine.reached(polled);
        mine.balance();
        var full = mine.full();
        if (!full.isEmpty()) {
            leaveToOthers(full);
            delivery.patienceWhenFull().ifPresent(patience -> giveUp(full, patience));
        }
        mine.commit();
    }

    /** What another loop handles takes no place in a full partition. */
    private void leaveToOthers(Set<Progress> full) {
        if (!delivery.isPart() || !leaving.compareAndSet(false, true)) {
            return;
        }
        Thread.startVirtualThread(
                () -> {
                    try {
                        var others = others(full);
                        queues.withdraw(others::contains, ALL)
                                .forEach(work -> ((Delivery<?>.Waiting) work).leave());
                    } finally {
                        leaving.set(false);
                    }
                });
    }

    private Set<Runnable> others(Set<Progress> full) {
        Set<Runnable> others = new HashSet<>();
        for (Runnable work : queues.waiting()) {
            try {
                if (work instanceof Delivery<?>.Waiting one
                        && one.isOfAny(full)
                        && one.turnsOutOthers()) {
                    others.add(work);
                }
            } catch (RuntimeException notNow) {
                return others; // the next turn looks again
            }
        }
        return others;
    }

    /** Lanes that stand still leave their place in a full partition to others. */
    private void giveUp(Set<Progress> full, Duration patience) {
        var stuck =
                queues.withdraw(
                        work -> work instanceof Delivery<?>.Waiting one && one.isOfAny(full),
                        patience);
        if (!stuck.isEmpty()) {
            Thread.startVirtualThread(
                    () -> stuck.forEach(work -> ((Delivery<?>.Waiting) work).giveUp()));
        }
    }

    private static int size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
}
