package dev.serinus.schemas.runtime;

import dev.serinus.schemas.wire.AvroDeserializer;
import dev.serinus.schemas.wire.AvroSerializer;
import dev.serinus.schemas.wire.SchemaTopic;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Kafka's own properties, by Kafka's own names: what an installation sets for all clients of a
 * service. Whoever needs TLS, SASL or Confluent's serializer sets the property that Kafka documents
 * for it.
 */
public record KafkaSettings(Map<String, String> properties) {

    /** The variable that names a file with properties. */
    public static final String FILE = "KAFKA_PROPERTIES_FILE";

    private static final String PREFIX = "KAFKA_";

    public KafkaSettings {
        properties = Map.copyOf(properties);
        if (!properties.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException(
                    "bootstrap.servers is missing: set KAFKA_BOOTSTRAP_SERVERS=HOST:PORT or put it"
                            + " into the file named by KAFKA_PROPERTIES_FILE");
        }
    }

    /** Settings for a broker at this address and nothing else. */
    public static KafkaSettings at(String bootstrapServers) {
        return new KafkaSettings(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Reads the variables, and the file that {@link #FILE} names, if it does. One that cannot be
     * read is an {@link IllegalArgumentException}.
     */
    public static KafkaSettings from(Map<String, String> environment) {
        var file = new Properties();
        String name = environment.get(FILE);
        if (name != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(name))) {
                file.load(reader);
            } catch (IOException unreadable) {
                throw new IllegalArgumentException(
                        FILE + " names a file that cannot be read: " + name, unreadable);
            }
        }
        return from(environment, file);
    }

    /**
     * Reads {@code KAFKA_SASL_MECHANISM}-style variables as {@code sasl.mechanism}, and {@code
     * SCHEMA_REGISTRY_URL} as {@code schema.registry.url}; the variables win over the properties of
     * {@code file}.
     */
    public static KafkaSettings from(Map<String, String> environment, Properties file) {
        Map<String, String> found = new HashMap<>();
        file.stringPropertyNames().forEach(name -> found.put(name, file.getProperty(name)));
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX) && !name.equals(FILE)) {
                        found.put(property(name.substring(PREFIX.length())), value);
                    } else if (name.startsWith("SCHEMA_REGISTRY_")) {
                        found.put(property(name), value);
                    }
                });
        return new KafkaSettings(found);
    }

    private static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** These settings with more on top, for one client. */
    public Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(properties);
        all.putAll(more);
        return all;
    }

    /** The same for a client that is nobody's member and part of nobody's transaction. */
    Map<String, Object> alone(Map<String, String> more) {
        Map<String, Object> all = new HashMap<>(properties);
        all.keySet()
                .removeAll(
                        Set.of(
                                CommonClientConfigs.GROUP_ID_CONFIG,
                                CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG,
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                CommonClientConfigs.CLIENT_ID_CONFIG));
        all.putAll(more);
        return all;
    }

    /** The serde of record values of any type; prefer {@link #values(Class)}, which checks it. */
    public <V extends SpecificRecord> Serde<V> values() {
        return serde(Map.of());
    }

    /**
     * The serde of record values: the classes named by value.serializer and value.deserializer,
     * ours by default. A record of another type is refused when it is read.
     */
    public <V extends SpecificRecord> Serde<V> values(Class<? extends SpecificRecord> type) {
        return serde(Map.of(AvroDeserializer.VALUE_TYPE, type));
    }

    private <V extends SpecificRecord> Serde<V> serde(Map<String, Object> more) {
        Serializer<V> serializer =
                instance(
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        AvroSerializer.class.getName());
        Deserializer<V> deserializer =
                instance(
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        AvroDeserializer.class.getName());
        Map<String, Object> configuration = with(more);
        configuration.putIfAbsent("specific.avro.reader", "true");
        // So that a foreign serializer keeps our rules, unless the installation says otherwise.
        configuration.putIfAbsent("auto.register.schemas", "false");
        configuration.putIfAbsent(
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        configuration.put(SchemaTopic.PROPERTY, KafkaSchemaLog.of(this));
        serializer.configure(configuration, false);
        deserializer.configure(configuration, false);
        return Serdes.serdeFrom(serializer, deserializer);
    }

    @SuppressWarnings({
        "unchecked",
        "TypeParameterUnusedInFormals"
    }) // Kafka names a class, and promises its kind
    private <T> T instance(String property, String byDefault) {
        String name = properties.getOrDefault(property, byDefault);
        try {
            // The jar may have been put where only the context class loader finds it.
            Class<?> type = Class.forName(name, true, Utils.getContextOrKafkaClassLoader());
            return (T) Utils.newInstance(type);
        } catch (ClassNotFoundException missing) {
            throw new IllegalArgumentException(
                    property + " names " + name + ", which is not on the class path: add its jar",
                    missing);
        }
    }

    /** Names of the properties only: their values may be secrets. */
    @Override
    public String toString() {
        return "KafkaSettings" + properties.keySet();
    }
}
