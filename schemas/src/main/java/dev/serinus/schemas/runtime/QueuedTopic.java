package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records that are sent in their order, by a thread of its own: whoever adds one waits for nothing,
 * also while the broker is away or the topic is not there yet. What is added while a thousand wait
 * is dropped and counted in the log, and so is what waits when the process ends: for records that
 * tell people something, and upon which nothing is decided.
 */
public final class QueuedTopic<V> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(QueuedTopic.class);
    private static final int MOST = 1_000;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final Topic<CanaryKey, V> topic;
    private final Outbox outbox;
    private final BlockingQueue<Waiting<V>> queue = new ArrayBlockingQueue<>(MOST);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread sender;
    private volatile boolean closed;
    private volatile boolean sending; // one is in hand, and no longer in the queue

    private record Waiting<V>(CanaryKey key, V value) {}

    /** The outbox stays the caller's to close, after this. */
    public QueuedTopic(Topic<CanaryKey, V> topic, Outbox outbox) {
        this.topic = topic;
        this.outbox = outbox;
        sender = Thread.ofVirtual().name("queued " + topic.name()).start(this::send);
    }

    /** Has it sent; false where it is dropped. */
    public boolean add(CanaryKey key, V value) {
        if (!closed && queue.offer(new Waiting<>(key, value))) {
            return true;
        }
        if (dropped.getAndIncrement() == 0) {
            log.atWarn()
                    .addKeyValue("topic", topic.name())
                    .log("more waits to be sent than is kept: what comes now is dropped");
        }
        return false;
    }

    private void send() {
        try {
            while (!closed || !queue.isEmpty()) {
                var next = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    sending = true;
                    send(next);
                    sending = false;
                }
            }
        } catch (InterruptedException ended) {
            // close() says how many are lost.
        }
    }

    private void send(Waiting<V> next) throws InterruptedException {
        try {
            outbox.send(topic, next.key(), next.value());
            long lost = dropped.getAndSet(0);
            if (lost > 0) {
                log.atError()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("dropped", lost)
                        .log("records were dropped, since too many waited to be sent");
            }
        } catch (RuntimeException never) {
            log.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("canary", next.key())
                    .setCause(never)
                    .log("a record cannot be sent");
        }
    }

    /** Waits a few seconds for what was added. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        try {
            if (!sender.join(CLOSING)) {
                sender.interrupt();
                sender.join();
            }
        } catch (InterruptedException stopping) {
            sender.interrupt();
            interrupted = true;
        }
        long lost = queue.size() + dropped.get() + (sending ? 1 : 0);
        if (lost > 0) {
            log.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("dropped", lost)
                    .log("records were not sent before the end");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
