package dev.serinus.schemas.wire;

import org.apache.avro.Schema;

import java.util.List;
import java.util.Optional;

/** Where schemas are written down and read, by the name of a topic. */
public interface SchemaLog {

    /**
     * The one with this CRC-64-AVRO fingerprint, if it was written down there before the call;
     * empty also where there is no such topic or it may not be read.
     *
     * @throws RegistryAway when nobody answers
     */
    Optional<Schema> read(String topic, long fingerprint);

    /**
     * Returns when they are safe; false where there is no such topic or it may not be written.
     *
     * @throws RegistryAway when nobody answers
     */
    boolean write(String topic, List<Schema> schemas) throws InterruptedException;
}
