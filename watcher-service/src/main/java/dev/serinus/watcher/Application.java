package dev.serinus.watcher;

import dev.serinus.schemas.runtime.KafkaSettings;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.runtime.Micronaut;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Runs the watcher as a process of its own. Wiring only. */
@Factory
public class Application {

    /** Starts it; configuration comes from the environment and Micronaut's files. */
    public static void main(String[] args) {
        Micronaut.build(args).mainClass(Application.class).banner(false).start();
    }

    @Singleton
    @Bean(preDestroy = "close")
    KubernetesClient kubernetes() {
        return new KubernetesClientBuilder().build();
    }

    @Singleton
    KafkaSettings kafka() throws IOException {
        var file = new Properties();
        String name = System.getenv("KAFKA_PROPERTIES_FILE");
        if (name != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(name))) {
                file.load(reader);
            }
        }
        return KafkaSettings.from(System.getenv(), file);
    }

    @Context
    @Bean(preDestroy = "close")
    WatcherService service(
            Settings settings, KafkaSettings kafka, KubernetesClient client, MeterRegistry meters) {
        var service =
                new WatcherService(
                        settings.installation(),
                        kafka,
                        client,
                        settings.config(System.getenv()),
                        meters);
        service.start();
        return service;
    }
}
