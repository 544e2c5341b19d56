package dev.serinus.conformance.fast;

import dev.serinus.conformance.time.SerialQueue;
import dev.serinus.conformance.time.Timeline;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.RecordHandler;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Topics in memory. Records pass through their topic's own serdes, those of one canary one after
 * the other. What a handler throws is a dead letter.
 */
final class Broker implements Outbox {

    private static final Logger log = LoggerFactory.getLogger(Broker.class);

    private record Subscription<V>(
            Topic<CanaryKey, V> topic,
            RecordHandler<V> handler,
            Function<CanaryKey, SerialQueue> queues) {}

    /** A broker's, more or less: a cluster's own controllers are faster than a round through it. */
    private static final Duration LATENCY = Duration.ofMillis(10);

    private final Timeline timeline;
    private final Map<String, Subscription<?>> subscriptions = new HashMap<>();

    Broker(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Handles a topic's records in a queue for each canary. */
    <V> void subscribe(Topic<CanaryKey, V> topic, RecordHandler<V> handler) {
        Map<CanaryKey, SerialQueue> queues = new HashMap<>();
        subscriptions.put(
                topic.name(),
                new Subscription<>(
                        topic,
                        handler,
                        canary -> queues.computeIfAbsent(canary, _ -> timeline.queue())));
    }

    /** Handles all of a topic's records in one queue. */
    <V> void subscribe(Topic<CanaryKey, V> topic, RecordHandler<V> handler, SerialQueue queue) {
        subscriptions.put(topic.name(), new Subscription<>(topic, handler, _ -> queue));
    }

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
        byte[] bytes = topic.values().serializer().serialize(topic.name(), value);
        Subscription<?> subscription = subscriptions.get(topic.name());
        if (subscription != null) {
            timeline.at(
                    timeline.instant().plus(LATENCY),
                    () ->
                            subscription
                                    .queues()
                                    .apply(canary)
                                    .add(() -> deliver(subscription, canary, bytes)));
        }
    }

    private <V> void deliver(Subscription<V> to, CanaryKey canary, byte[] bytes) {
        String topic = to.topic().name();
        try {
            to.handler()
                    .handle(canary, to.topic().values().deserializer().deserialize(topic, bytes));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.atWarn()
                    .setCause(failed)
                    .addKeyValue("topic", topic)
                    .addKeyValue("canary", canary)
                    .log("record set aside");
        }
    }
}
