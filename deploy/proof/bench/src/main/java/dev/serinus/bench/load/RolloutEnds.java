package dev.serinus.bench.load;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Follows the public history as any subscriber does, to know which rollouts have ended, and that
 * all of them were promoted.
 */
public final class RolloutEnds implements AutoCloseable {

    private static final Set<String> TROUBLE =
            Set.of(
                    "CheckFailed",
                    "CheckInconclusive",
                    "RolledBack",
                    "PromotionFailed",
                    "Restarted");

    private final Set<CanaryKey> initialised = new HashSet<>(); // guarded by this, as all below
    private long rollouts;
    private String trouble = "";
    private Consumer<CanaryKey> listener = _ -> {};
    private final Thread reader;
    private volatile boolean open = true;

    public RolloutEnds(KafkaSettings kafka) {
        reader = Thread.ofPlatform().name("ends").daemon().start(() -> read(kafka));
    }

    private void read(KafkaSettings kafka) {
        var topic = new Topics(kafka).rolloutEvents();
        try (var consumer =
                new KafkaConsumer<>(
                        kafka.with(
                                Map.of(
                                        "isolation.level", "read_committed",
                                        "enable.auto.commit", "false",
                                        "auto.offset.reset", "earliest")),
                        topic.keys().deserializer(),
                        topic.values().deserializer())) {
            List<TopicPartition> all =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (open) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> take(record.key(), record.value()));
            }
        }
    }

    private void take(CanaryKey canary, RolloutEvent event) {
        Consumer<CanaryKey> told;
        synchronized (this) {
            told = listener;
            if (TROUBLE.contains(event.getType())) {
                trouble = canary + ": " + event.getType() + ", " + event.getMessage();
            } else if (event.getType().equals("Initialized")) {
                initialised.add(canary);
            } else if (event.getType().equals("Promoted")) {
                rollouts++;
            } else {
                return;
            }
            notifyAll();
        }
        if (event.getType().equals("Promoted")) {
            told.accept(canary);
        }
    }

    /** Is told of each canary whose rollout has ended, on the reader's thread. */
    public synchronized void onPromoted(Consumer<CanaryKey> next) {
        listener = next;
    }

    /** Rollouts that were promoted so far, of all canaries. */
    public synchronized long rollouts() {
        return rollouts;
    }

    /** Returns once all canaries are initialised. */
    public void awaitInitialized(Collection<CanaryKey> canaries, Duration limit)
            throws InterruptedException {
        await(() -> initialised.containsAll(canaries), "initialised", limit);
    }

    /** Returns once so many rollouts, of all canaries, are promoted. */
    public void awaitRollouts(LongSupplier count, Duration limit) throws InterruptedException {
        await(() -> rollouts >= count.getAsLong(), "promoted, all that were released,", limit);
    }

    private synchronized void await(BooleanSupplier there, String what, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!there.getAsBoolean() && trouble.isEmpty()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new IllegalStateException(
                        "not %s within %d s: %d rollouts have been promoted so far"
                                .formatted(what, limit.toSeconds(), rollouts));
            }
            wait(left);
        }
        if (!trouble.isEmpty()) {
            throw new IllegalStateException(
                    "a rollout did not go as it was played, and figures would mean nothing: "
                            + trouble);
        }
    }

    @Override
    public void close() {
        open = false;
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
