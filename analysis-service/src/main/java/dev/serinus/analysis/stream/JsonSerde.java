package dev.serinus.analysis.stream;

import dev.serinus.analysis.records.RolloutJson;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** How the stores write their records. */
record JsonSerde<T>(Class<T> type) implements Serde<T> {

    @Override
    public Serializer<T> serializer() {
        return (_, value) -> value == null ? null : RolloutJson.write(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (_, json) -> json == null ? null : RolloutJson.read(json, type);
    }
}
