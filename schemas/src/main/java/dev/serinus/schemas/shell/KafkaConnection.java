package dev.serinus.schemas.shell;

import dev.serinus.schemas.runtime.KafkaSettings;

import io.micronaut.context.annotation.Factory;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Kafka as the environment describes it. */
@Factory
public final class KafkaConnection {

    @Singleton
    KafkaSettings kafka() throws IOException {
        var file = new Properties();
        String name = System.getenv("KAFKA_PROPERTIES_FILE");
        if (name != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(name))) {
                file.load(reader);
            } catch (IOException unreadable) {
                throw new IOException(
                        "KAFKA_PROPERTIES_FILE names a file that cannot be read: " + name,
                        unreadable);
            }
        }
        return KafkaSettings.from(System.getenv(), file);
    }
}
