package dev.serinus.analysis;

import dev.serinus.analysis.api.Health;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.runtime.KafkaSettings;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.Micronaut;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The analysis service as a process: reads its configuration, serves HTTP, wires nothing else. */
public final class Application {

    /** Below the environment, so that every one of them can be set from outside. */
    private static final int LAST = -1_000;

    private static final Map<String, Object> DEFAULTS =
            Stream.concat(
                            ReadApi.properties().entrySet().stream(),
                            Map.<String, Object>of(
                                    "micronaut.server.port",
                                    8080,
                                    "micronaut.metrics.export.prometheus.enabled",
                                    true)
                                    .entrySet()
                                    .stream())
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private Application() {}

    public static void main(String[] arguments) {
        start(arguments);
    }

    /** Starts the process' context; closing it stops the service. */
    public static ApplicationContext start(String... arguments) {
        return Micronaut.build(arguments)
                .banner(false)
                .propertySources(PropertySource.of("serinus-defaults", DEFAULTS, LAST))
                .start();
    }

    /** The service itself, where nobody brought one along. */
    @Factory
    @Requires(property = "serinus.service", value = "analysis")
    static final class Beans {

        @Singleton
        KafkaSettings kafka() throws IOException {
            Properties file = new Properties();
            String path = System.getenv("KAFKA_PROPERTIES_FILE");
            if (path != null) {
                try (Reader reader = Files.newBufferedReader(Path.of(path))) {
                    file.load(reader);
                }
            }
            return KafkaSettings.from(System.getenv(), file);
        }

        @Context
        @Bean(preDestroy = "close")
        @Requires(missingBeans = Health.class)
        AnalysisService service(
                KafkaSettings kafka, AnalysisConfig config, MeterRegistry registry) {
            var service = new AnalysisService(kafka, config, InstantSource.system(), registry);
            service.start();
            return service;
        }

        @Singleton
        @Requires(missingBeans = FleetView.class)
        FleetView fleet(AnalysisService service) {
            return service.fleet();
        }
    }
}
