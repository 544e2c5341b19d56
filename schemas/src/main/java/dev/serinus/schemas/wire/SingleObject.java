package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Avro's single-object encoding: {@code C3 01}, the schema's CRC-64-AVRO fingerprint (little
 * endian), then Avro binary. It needs no registry: readers find the schema in this jar, or, of a
 * newer version, on the topic for schemas.
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
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARK)
                .putLong(fingerprint(schema))
                .array();
    }

    /** CRC-64-AVRO of the schema. */
    static long fingerprint(Schema schema) {
        return FINGERPRINTS.computeIfAbsent(schema, SchemaNormalization::parsingFingerprint64);
    }

    /** That of the schema by which these bytes were written. */
    static long fingerprint(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    }
}
