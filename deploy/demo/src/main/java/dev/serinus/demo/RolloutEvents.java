package dev.serinus.demo;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What Serinus tells everyone: reads serinus.rollout-events as any subscriber does, from now on,
 * and keeps what concerns one canary.
 */
final class RolloutEvents implements AutoCloseable {

    private final CanaryKey canary;
    private final Consumer<RolloutEvent> reader;
    private final KafkaConsumer<CanaryKey, RolloutEvent> consumer;
    private final List<RolloutEvent> events = new ArrayList<>(); // guarded by itself
    private final Thread reading;

    private RolloutEvents(CanaryKey canary, KafkaSettings kafka, Consumer<RolloutEvent> reader) {
        this.canary = canary;
        this.reader = reader;
        var topic = new Topics(kafka).rolloutEvents();
        consumer =
                new KafkaConsumer<>(
                        kafka.with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                        topic.keys().deserializer(),
                        topic.values().deserializer());
        var partitions =
                consumer.partitionsFor(topic.name()).stream()
                        .map(
                                p ->
                                        new org.apache.kafka.common.TopicPartition(
                                                p.topic(), p.partition()))
                        .toList();
        consumer.assign(partitions);
        // What an earlier run of the demo left behind is another canary's history.
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reading = Thread.ofPlatform().daemon().name("events").start(this::read);
    }

    /** Reads from now on; each event of this canary is handed over as it comes. */
    static RolloutEvents open(
            CanaryKey canary, KafkaSettings kafka, Consumer<RolloutEvent> reader) {
        return new RolloutEvents(canary, kafka, reader);
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (var event : consumer.poll(Duration.ofMillis(200))) {
                    if (event.key().equals(canary)) {
                        reader.accept(event.value());
                        synchronized (events) {
                            events.add(event.value());
                            events.notifyAll();
                        }
                    }
                }
            }
        } catch (WakeupException closing) {
            // asked to end
        }
    }

    /** How many events there are so far: a place to wait from. */
    int mark() {
        synchronized (events) {
            return events.size();
        }
    }

    /** Everything after a mark, in order. */
    List<RolloutEvent> since(int mark) {
        synchronized (events) {
            return List.copyOf(events.subList(mark, events.size()));
        }
    }

    /** The phase after the last event; empty before the first. */
    String phase() {
        synchronized (events) {
            return events.isEmpty() ? "" : events.getLast().getPhase();
        }
    }

    /** The first event after the mark that fits; empty when none comes in time. */
    Optional<RolloutEvent> await(int mark, Predicate<RolloutEvent> fits, Duration patience)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(patience);
        synchronized (events) {
            while (true) {
                var found = since(mark).stream().filter(fits).findFirst();
                long left = Duration.between(Instant.now(), deadline).toMillis();
                if (found.isPresent() || left <= 0) {
                    return found;
                }
                events.wait(left);
            }
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reading.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
