package dev.serinus.schemas.wire;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads Avro records in either wire format. */
public final class AvroDeserializer<V extends SpecificRecord> implements Deserializer<V> {

    @Override
    public V deserialize(String topic, byte[] bytes) {
        throw new UnsupportedOperationException("arrives with the wire format");
    }
}
