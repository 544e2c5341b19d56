package dev.serinus.schemas.wire;

import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

import java.io.IOException;

/** Writes Avro single-object encoding. */
public final class AvroSerializer<V extends SpecificRecord> implements Serializer<V> {

    @Override
    public byte[] serialize(String topic, V value) {
        if (value == null) {
            return null;
        }
        try {
            var model = SpecificData.getForClass(value.getClass());
            var bytes = new BinaryMessageEncoder<V>(model, value.getSchema()).encode(value);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (IOException impossible) {
            throw new SerializationException(
                    "a record for " + topic + " cannot be encoded", impossible);
        }
    }
}
