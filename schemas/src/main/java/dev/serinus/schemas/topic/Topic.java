package dev.serinus.schemas.topic;

import org.apache.kafka.common.serialization.Serde;

/** A topic as a value: nobody spells a name or picks a serde by hand. */
public record Topic<K, V>(String name, Serde<K> keys, Serde<V> values) {}
