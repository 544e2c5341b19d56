package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Avro's single-object encoding: {@code C3 01}, the schema's CRC-64-AVRO fingerprint (little
 * endian), then Avro binary. It needs no registry: readers find the schema in this jar.
 */
final class SingleObject {

    static final int HEADER = 10;
    private static final byte[] MARK = {(byte) 0xC3, 0x01};
    private static final Map<Schema, Long> FINGERPRINTS = new ConcurrentHashMap<>();

    private SingleObject() {}

    static boolean begins(byte[] bytes) {
        return bytes.length >= HEADER && bytes[0] == MARK[0] && bytes[1] == MARK[1];
    }

    static byte[] header(Schema schema) {
        long fingerprint =
                FINGERPRINTS.computeIfAbsent(schema, SchemaNormalization::parsingFingerprint64);
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARK)
                .putLong(fingerprint)
                .array();
    }

    static Schema writer(byte[] bytes) {
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        Schema found = KnownSchemas.find(fingerprint);
        if (found == null) {
            throw new SerializationException(
                    "no schema of this version has the fingerprint %016x: upgrade the reader before the writer"
                            .formatted(fingerprint));
        }
        return found;
    }
}
