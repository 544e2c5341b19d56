package dev.serinus.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Keys are {@code cluster/namespace/name} in UTF-8, so that any client can read and filter them.
 */
public final class CanaryKeySerde implements Serde<CanaryKey> {

    @Override
    public Serializer<CanaryKey> serializer() {
        return (topic, key) -> key == null ? null : key.toString().getBytes(UTF_8);
    }

    @Override
    public Deserializer<CanaryKey> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                throw new SerializationException(
                        "a record of " + topic + " has no key; it must name a canary");
            }
            try {
                return CanaryKey.parse(new String(bytes, UTF_8));
            } catch (IllegalArgumentException wrong) {
                throw new SerializationException(
                        "key of a record of " + topic + ": " + wrong.getMessage(), wrong);
            }
        };
    }
}
