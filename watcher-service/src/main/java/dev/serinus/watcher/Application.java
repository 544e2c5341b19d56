package dev.serinus.watcher;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.InstallationSettings;
import dev.serinus.schemas.shell.OutgoingSettings;
import dev.serinus.schemas.shell.ServiceProcess;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;

/** Runs the watcher as a process of its own. Wiring only. */
@Factory
public class Application {

    /** Starts it; configuration comes from the environment and Micronaut's files. */
    public static void main(String[] arguments) {
        ServiceProcess.run("watcher", arguments);
    }

    @Context
    @Bean(preDestroy = "close")
    WatcherService service(
            InstallationSettings installation,
            OutgoingSettings outgoing,
            WatcherSettings settings,
            KafkaSettings kafka,
            KubernetesClient client,
            MeterRegistry meters) {
        var service =
                new WatcherService(
                        installation.installation(),
                        kafka,
                        client,
                        settings.config(outgoing.guard(), System.getenv()),
                        meters);
        service.start();
        service.checkMetricsServer();
        return service;
    }
}
