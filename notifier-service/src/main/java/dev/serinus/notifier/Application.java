package dev.serinus.notifier;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.InstallationSettings;
import dev.serinus.schemas.shell.OutgoingSettings;
import dev.serinus.schemas.shell.ServiceProcess;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;

import jakarta.inject.Singleton;

/** Runs the notifier service as a process of its own. Wiring only. */
@Factory
public class Application {

    /** Starts it; configuration comes from the environment and Micronaut's files. */
    public static void main(String[] arguments) {
        ServiceProcess.run("notifier", arguments);
    }

    @Singleton
    NotifierConfig config(
            OutgoingSettings outgoing,
            NotifierSettings settings,
            GlobalSettings.Slack slack,
            GlobalSettings.MsTeams teams,
            GlobalSettings.EventWebhook events) {
        return settings.config(
                GlobalSettings.global(slack, teams),
                events.url() == null || events.url().isBlank() ? null : events.url(),
                outgoing.guard(),
                settings.signer(),
                System.getenv());
    }

    @Context
    @Bean(preDestroy = "close")
    NotifierService service(
            InstallationSettings installation,
            NotifierConfig config,
            KafkaSettings kafka,
            KubernetesClient client,
            MeterRegistry registry) {
        var service =
                new NotifierService(installation.installation(), kafka, client, config, registry);
        service.start();
        return service;
    }
}
