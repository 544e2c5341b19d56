package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Avro binary of the generated records, whatever goes before it on the wire. */
final class Records {

    private static final SpecificData MODEL = model();
    private static final Map<Schema, DatumReader<SpecificRecord>> READERS =
            new ConcurrentHashMap<>();

    private Records() {}

    static byte[] write(byte[] header, SpecificRecord value) throws IOException {
        var out = new ByteArrayOutputStream(256);
        out.writeBytes(header);
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<SpecificRecord>(value.getSchema(), MODEL).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /**
     * Reads what {@code writer} wrote into the class of the same name. Bytes that are left over
     * show that they were written with another schema, so they are refused as well.
     */
    static SpecificRecord read(Schema writer, byte[] bytes, int from) {
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
        try {
            SpecificRecord value = reader(writer).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new SerializationException(
                        "bytes are left over after a " + writer.getFullName());
            }
            return value;
        } catch (IOException | RuntimeException malformed) {
            if (malformed instanceof SerializationException known) {
                throw known;
            }
            throw new SerializationException("malformed " + writer.getFullName(), malformed);
        }
    }

    private static DatumReader<SpecificRecord> reader(Schema writer) {
        return READERS.computeIfAbsent(writer, Records::newReader);
    }

    @SuppressWarnings("unchecked") // the generated class of a record's schema is a SpecificRecord
    private static DatumReader<SpecificRecord> newReader(Schema writer) {
        Class<?> type = MODEL.getClass(writer);
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new SerializationException(
                    "no record of this version is named " + writer.getFullName());
        }
        return (DatumReader<SpecificRecord>) MODEL.createDatumReader(writer, MODEL.getSchema(type));
    }

    private static SpecificData model() {
        var model = new SpecificData(Records.class.getClassLoader());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        return model;
    }
}
