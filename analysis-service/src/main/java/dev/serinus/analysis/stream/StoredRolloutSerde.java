package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.StoredFormat;
import dev.serinus.analysis.journal.StoredRollout;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** How the store of rollouts writes what is kept of each. */
record StoredRolloutSerde() implements Serde<StoredRollout> {

    @Override
    public Serializer<StoredRollout> serializer() {
        return (_, kept) -> kept == null ? null : StoredFormat.write(kept);
    }

    @Override
    public Deserializer<StoredRollout> deserializer() {
        return (_, json) -> json == null ? null : StoredFormat.read(json);
    }
}
