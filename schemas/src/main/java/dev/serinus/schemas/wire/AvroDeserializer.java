package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Reads Avro records in either wire format, told apart by their first bytes. What it cannot read is
 * a {@link SerializationException}. Safe for use by many threads once configured.
 */
public final class AvroDeserializer<V extends SpecificRecord> implements Deserializer<V> {

    /** Confluent's name for the class that is expected; anything else is refused. */
    public static final String VALUE_TYPE = "specific.avro.value.type";

    private @Nullable Class<?> type;
    private @Nullable SchemaRegistry registry;
    private @Nullable SchemaTopic told;

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        type = (Class<?>) configuration.get(VALUE_TYPE);
        registry = SchemaRegistry.of(configuration).orElse(null);
        told = SchemaTopic.of(configuration).orElse(null);
    }

    /**
     * {@inheritDoc}
     *
     * @throws RegistryAway when the schema is not known here and cannot be learnt now
     */
    @Override
    @SuppressWarnings("unchecked") // checked against the expected type where one is configured
    public @Nullable V deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        SpecificRecord value = read(topic, bytes);
        if (type != null && !type.isInstance(value)) {
            throw new SerializationException(
                    "%s carries %s, but found a %s"
                            .formatted(
                                    topic, type.getSimpleName(), value.getSchema().getFullName()));
        }
        return (V) value;
    }

    private SpecificRecord read(String topic, byte[] bytes) {
        if (SingleObject.begins(bytes)) {
            return Records.read(writer(topic, bytes), bytes, SingleObject.HEADER);
        }
        if (!RegistryFormat.begins(bytes)) {
            throw new SerializationException(
                    "neither registry wire format nor Avro single-object encoding");
        }
        if (registry == null) {
            throw new SerializationException(
                    "registry wire format, but schema.registry.url is not set");
        }
        Schema writer = registry.schema(RegistryFormat.id(bytes));
        return Records.read(writer, bytes, RegistryFormat.HEADER);
    }

    private Schema writer(String topic, byte[] bytes) {
        long fingerprint = SingleObject.fingerprint(bytes);
        Schema known = KnownSchemas.find(fingerprint);
        if (known != null) {
            return known;
        }
        if (told == null) {
            throw new SerializationException(
                    "no schema of this version has the fingerprint %016x: upgrade the reader before the writer"
                            .formatted(fingerprint));
        }
        return told.writer(topic, fingerprint);
    }
}
