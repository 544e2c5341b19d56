package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.Kept;
import dev.serinus.analysis.journal.KeptFormat;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** How the store of rollouts writes what is kept of each. */
record KeptSerde() implements Serde<Kept> {

    @Override
    public Serializer<Kept> serializer() {
        return (_, kept) -> kept == null ? null : KeptFormat.write(kept);
    }

    @Override
    public Deserializer<Kept> deserializer() {
        return (_, json) -> json == null ? null : KeptFormat.read(json);
    }
}
