package dev.serinus.watcher;

import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An outbox that keeps what is sent. */
public final class Collected implements Outbox {

    private final List<Object> values = new CopyOnWriteArrayList<>();

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
        values.add(value);
    }

    /** Everything that was sent, in order. */
    public List<Object> values() {
        return values;
    }

    /** Everything of one type that was sent, in order. */
    public <T> List<T> of(Class<T> type) {
        return values.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
