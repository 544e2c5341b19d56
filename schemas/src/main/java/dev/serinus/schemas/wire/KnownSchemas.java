package dev.serinus.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.Schema;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every schema this jar can read by its fingerprint: those its classes were generated from, and all
 * that were ever released.
 */
final class KnownSchemas {

    /** One path per line, such as {@code v0/Change.avsc}: a jar cannot list its own folders. */
    static final String INDEX = "/released/index";

    private static final SchemaStore.Cache BY_FINGERPRINT = load();

    private KnownSchemas() {}

    /** The schema with this CRC-64-AVRO fingerprint; null when nobody of ours ever wrote it. */
    static @Nullable Schema find(long fingerprint) {
        return BY_FINGERPRINT.findByFingerprint(fingerprint);
    }

    /** The present schemas, one per kind of topic. */
    static List<Schema> present() {
        return Stream.of(TopicKind.values())
                .flatMap(kind -> kind.value().stream())
                .map(type -> SpecificData.get().getSchema(type))
                .toList();
    }

    /** The schemas of every released version, as they were written. */
    static List<Released> released() {
        return lines(INDEX).stream().map(path -> new Released(path, parse(path))).toList();
    }

    /** A schema as it was released: {@code path} tells the version. */
    record Released(String path, Schema schema) {}

    private static SchemaStore.Cache load() {
        var store = new SchemaStore.Cache();
        released().forEach(release -> store.addSchema(release.schema()));
        present().forEach(store::addSchema);
        return store;
    }

    private static Schema parse(String path) {
        return new Schema.Parser().parse(String.join("\n", lines("/released/" + path)));
    }

    private static List<String> lines(String resource) {
        try (InputStream bytes = KnownSchemas.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new IllegalStateException(resource + " is missing from the schemas jar");
            }
            return new BufferedReader(new InputStreamReader(bytes, UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
