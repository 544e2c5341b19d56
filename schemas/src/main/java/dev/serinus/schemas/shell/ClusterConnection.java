package dev.serinus.schemas.shell;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;

import jakarta.inject.Singleton;

/** The cluster that the environment describes; analysis has no client on its class path. */
@Factory
@Requires(classes = KubernetesClient.class)
public final class ClusterConnection {

    @Singleton
    @Bean(preDestroy = "close")
    KubernetesClient kubernetes() {
        return KubernetesClients.of(Config.autoConfigure(null));
    }
}
