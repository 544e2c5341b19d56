package dev.serinus.loadtester;

import dev.serinus.schemas.shell.ClusterConnection;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;

import jakarta.inject.Singleton;

/** Puts a test's API server in the place of the environment's. */
@Factory
@Requires(property = "test.api-server")
class ApiServerBean {

    @Singleton
    @Bean(preDestroy = "close")
    @Replaces(bean = KubernetesClient.class, factory = ClusterConnection.class)
    KubernetesClient kubernetes(@Value("${test.api-server}") String address) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl(address).build())
                .build();
    }
}
