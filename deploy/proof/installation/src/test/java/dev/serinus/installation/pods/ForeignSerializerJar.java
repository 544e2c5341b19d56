package dev.serinus.installation.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import javax.tools.ToolProvider;

/**
 * A jar with a serializer and a deserializer that no image has, as Confluent's are: what one writes
 * begins with a byte that only the other takes off again.
 */
final class ForeignSerializerJar {

    static final String SERIALIZER = "foreign.Writing";
    static final String DESERIALIZER = "foreign.Reading";

    private static final String WRITING =
            """
            package foreign;
            import java.util.Map;
            import org.apache.kafka.common.serialization.Serializer;
            public class Writing implements Serializer<Object> {
                @SuppressWarnings("rawtypes")
                private final Serializer ours = new dev.serinus.schemas.wire.AvroSerializer();
                @Override public void configure(Map<String, ?> configuration, boolean isKey) {
                    ours.configure(configuration, isKey);
                }
                @Override @SuppressWarnings("unchecked")
                public byte[] serialize(String topic, Object value) {
                    byte[] bytes = ours.serialize(topic, value);
                    if (bytes == null) {
                        return null;
                    }
                    byte[] all = new byte[bytes.length + 1];
                    all[0] = 'F';
                    System.arraycopy(bytes, 0, all, 1, bytes.length);
                    return all;
                }
                @Override public void close() {
                    ours.close();
                }
            }
            """;
    private static final String READING =
            """
            package foreign;
            import java.util.Arrays;
            import java.util.Map;
            import org.apache.kafka.common.errors.SerializationException;
            import org.apache.kafka.common.serialization.Deserializer;
            public class Reading implements Deserializer<Object> {
                @SuppressWarnings("rawtypes")
                private final Deserializer ours = new dev.serinus.schemas.wire.AvroDeserializer();
                @Override public void configure(Map<String, ?> configuration, boolean isKey) {
                    ours.configure(configuration, isKey);
                }
                @Override public Object deserialize(String topic, byte[] data) {
                    if (data == null) {
                        return null;
                    }
                    if (data[0] != 'F') {
                        throw new SerializationException("not by the other half");
                    }
                    return ours.deserialize(topic, Arrays.copyOfRange(data, 1, data.length));
                }
                @Override public void close() {
                    ours.close();
                }
            }
            """;

    private ForeignSerializerJar() {}

    /**
     * @param folder where it is written
     */
    static void write(Path folder, Path work) throws IOException {
        Path writing = Files.writeString(work.resolve("Writing.java"), WRITING);
        Path reading = Files.writeString(work.resolve("Reading.java"), READING);
        Path classes = Files.createDirectories(work.resolve("classes"));
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
                                classes.toString(),
                                writing.toString(),
                                reading.toString());
        if (compiled != 0) {
            throw new IllegalStateException("the serializers cannot be compiled");
        }
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("foreign.jar")))) {
            for (String name : List.of("foreign/Writing.class", "foreign/Reading.class")) {
                jar.putNextEntry(new JarEntry(name));
                Files.copy(classes.resolve(name), jar);
                jar.closeEntry();
            }
        }
    }
}
