package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import javax.tools.ToolProvider;

/**
 * A serializer that this build has never seen, as Confluent's is, put on the class path outside.
 */
class ForeignSerializerTest {

    private static final String SOURCE =
            """
            package foreign;
            public class Stamping implements org.apache.kafka.common.serialization.Serializer<Object> {
                private Object settings;
                public void configure(java.util.Map<String, ?> configuration, boolean isKey) {
                    settings = configuration.get("schema.registry.url") + " "
                            + configuration.get("auto.register.schemas") + " "
                            + configuration.get("value.subject.name.strategy");
                }
                public byte[] serialize(String topic, Object value) {
                    var record = (org.apache.avro.generic.IndexedRecord) value;
                    return (settings + " " + topic + " " + record.getSchema().getName()).getBytes();
                }
            }
            """;

    private static final KafkaSettings SETTINGS =
            new KafkaSettings(
                    Map.of(
                            "bootstrap.servers",
                            "localhost:1",
                            "schema.registry.url",
                            "http://registry:8081",
                            "value.serializer",
                            "foreign.Stamping"));

    @Test
    void takesThePlaceOfOursByKafkasOwnProperty(@TempDir Path folder) throws Exception {
        // Given
        Path source = folder.resolve("Stamping.java");
        Files.writeString(source, SOURCE);
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.toString(),
                                source.toString());
        assertThat(compiled).isZero();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var outside = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(outside);

            // When
            var serializer = SETTINGS.<Action>values(Action.class).serializer();

            // Then
            assertThat(new String(serializer.serialize("serinus.east.actions", action()), UTF_8))
                    .isEqualTo(
                            "http://registry:8081 false"
                                + " io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"
                                + " serinus.east.actions Action");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void saysWhichJarIsMissing() {
        assertThatThrownBy(() -> SETTINGS.values(Action.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "value.serializer names foreign.Stamping, which is not on the class path:"
                                + " add its jar");
    }

    private static Action action() {
        return Action.newBuilder()
                .setCanary("east/shop/cart")
                .setActor("ada")
                .setAskedAt(Instant.EPOCH)
                .setAction(ActionKind.PAUSE)
                .setReason("")
                .build();
    }
}
