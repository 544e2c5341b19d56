package dev.serinus.schemas.wire;

import org.apache.avro.Schema;

import java.util.List;

/** Where schemas are written down and read, by the name of a topic. */
public interface SchemaLog {

    /**
     * Tells of all schemas that were written down there before the call, each by its CRC-64-AVRO
     * fingerprint; of none where there is no such topic or it may not be read, and not of all where
     * far more was written than schemas.
     *
     * @throws RegistryAway when nobody answers
     */
    void read(String topic, Found found);

    /**
     * Returns when they are safe; false where there is no such topic or it may not be written.
     *
     * @throws RegistryAway when nobody answers
     */
    boolean write(String topic, List<Schema> schemas) throws InterruptedException;

    /** Is told of a schema. */
    @FunctionalInterface
    interface Found {
        void schema(long fingerprint, Schema schema);
    }
}
