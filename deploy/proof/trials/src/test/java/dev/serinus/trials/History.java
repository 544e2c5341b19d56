package dev.serinus.trials;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The public history as a subscriber reads it: committed records only, each as often as it is
 * there.
 */
final class History implements AutoCloseable {

    private final List<RolloutEvent> events = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile boolean open = true;

    History(KafkaSettings kafka) {
        var topic = new Topics(kafka).rolloutEvents();
        var consumer =
                new KafkaConsumer<>(
                        kafka.with(
                                Map.of(
                                        "isolation.level", "read_committed",
                                        "enable.auto.commit", "false",
                                        "auto.offset.reset", "earliest")),
                        topic.keys().deserializer(),
                        topic.values().deserializer());
        reader =
                Thread.ofPlatform()
                        .name("history")
                        .start(
                                () -> {
                                    try (consumer) {
                                        List<TopicPartition> all =
                                                consumer.partitionsFor(topic.name()).stream()
                                                        .map(
                                                                p ->
                                                                        new TopicPartition(
                                                                                p.topic(),
                                                                                p.partition()))
                                                        .toList();
                                        consumer.assign(all);
                                        consumer.seekToBeginning(all);
                                        while (open) {
                                            consumer.poll(Duration.ofMillis(100))
                                                    .forEach(record -> events.add(record.value()));
                                        }
                                    }
                                });
    }

    /** Everything read so far. */
    List<RolloutEvent> events() {
        return List.copyOf(events);
    }

    /** True once something of this type happened. */
    boolean has(String type) {
        return events.stream().anyMatch(event -> event.getType().equals(type));
    }

    List<RolloutEvent> of(CanaryKey canary) {
        return events.stream().filter(e -> e.getCanary().equals(canary.toString())).toList();
    }

    @Override
    public void close() {
        open = false;
        try {
            reader.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
