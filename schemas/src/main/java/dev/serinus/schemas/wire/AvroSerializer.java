package dev.serinus.schemas.wire;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Writes Avro single-object encoding. Safe for use by many threads. */
public final class AvroSerializer<V extends SpecificRecord> implements Serializer<V> {

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable V value) {
        if (value == null) {
            return null;
        }
        try {
            return Records.write(SingleObject.header(value.getSchema()), value);
        } catch (IOException | RuntimeException wrong) {
            throw new SerializationException(
                    "a %s for %s cannot be encoded"
                            .formatted(value.getSchema().getFullName(), topic),
                    wrong);
        }
    }
}
