package dev.serinus.schemas.wire;

import org.apache.avro.Schema;

import java.nio.ByteBuffer;

/** The registry wire format: a zero byte, the schema's id (big endian), then Avro binary. */
final class RegistryFormat {

    static final int HEADER = 5;
    private static final byte MARK = 0;

    private RegistryFormat() {}

    static boolean begins(byte[] bytes) {
        return bytes.length >= HEADER && bytes[0] == MARK;
    }

    static byte[] header(int id) {
        return ByteBuffer.allocate(HEADER).put(MARK).putInt(id).array();
    }

    static int id(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    /** As Confluent's TopicRecordNameStrategy names it: a topic may carry records of many types. */
    static String subject(String topic, Schema schema) {
        return topic + "-" + schema.getFullName();
    }
}
