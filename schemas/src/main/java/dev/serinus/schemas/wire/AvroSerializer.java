package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/**
 * Writes the registry wire format when {@code schema.registry.url} is configured, subject per topic
 * and record, and Avro single-object encoding otherwise. Safe for use by many threads once
 * configured.
 */
public final class AvroSerializer<V extends SpecificRecord> implements Serializer<V> {

    private @Nullable SchemaRegistry registry;
    private @Nullable SchemaTopic told;

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        registry = SchemaRegistry.of(configuration).orElse(null);
        told = registry == null ? SchemaTopic.of(configuration).orElse(null) : null;
    }

    /**
     * {@inheritDoc}
     *
     * @throws RegistryAway when the id of the schema is not known here and cannot be learnt now
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable V value) {
        if (value == null) {
            return null;
        }
        Schema schema = value.getSchema();
        byte[] header =
                registry == null
                        ? SingleObject.header(schema)
                        : RegistryFormat.header(
                                registry.id(RegistryFormat.subject(topic, schema), schema));
        try {
            return Records.write(header, value);
        } catch (IOException | RuntimeException wrong) {
            throw new SerializationException(
                    "a %s for %s cannot be encoded".formatted(schema.getFullName(), topic), wrong);
        }
    }

    /**
     * Has the schemas of such a topic learnt before they are needed, by whoever shares its
     * registry.
     */
    public void expect(String topic, Schema schema) {
        if (registry != null) {
            registry.expect(RegistryFormat.subject(topic, schema), schema);
        }
    }

    /**
     * Tells readers of an older version by which schemas a cluster's records are written, before
     * the first of them. A registry does so by itself.
     *
     * @throws RegistryAway when Kafka does not answer
     */
    public void tell(String cluster, Collection<Schema> schemas) throws InterruptedException {
        if (told != null) {
            told.publish(cluster, schemas);
        }
    }
}
