package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An outbox that keeps what it is given. Every record goes through its serde, as on the wire, so
 * that a test notices what cannot be encoded.
 */
public final class InMemoryOutbox implements Outbox {

    /** One record as it was sent. */
    public record Sent(String topic, CanaryKey canary, Object value) {}

    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
        byte[] bytes = topic.values().serializer().serialize(topic.name(), value);
        V read = topic.values().deserializer().deserialize(topic.name(), bytes);
        sent.add(new Sent(topic.name(), canary, read));
    }

    /** Everything sent so far, in order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** The values sent so far to one topic, in order. */
    @SuppressWarnings("unchecked") // a topic carries values of its type only
    public <V> List<V> on(Topic<CanaryKey, V> topic) {
        return sent.stream()
                .filter(record -> record.topic().equals(topic.name()))
                .map(record -> (V) record.value())
                .toList();
    }
}
