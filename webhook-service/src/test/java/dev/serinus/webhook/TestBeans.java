package dev.serinus.webhook;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ClusterConnection;
import dev.serinus.schemas.shell.KafkaConnection;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Value;

import jakarta.inject.Singleton;

/** Puts the test's broker and API server in the place of the environment's. */
@Factory
class TestBeans {

    @SuppressWarnings("NullAway.Init") // each test sets it first
    static KubernetesClient client;

    @Singleton
    @Replaces(bean = KafkaSettings.class, factory = KafkaConnection.class)
    KafkaSettings kafka(@Value("${test.kafka:`127.0.0.1:1`}") String broker) {
        return KafkaSettings.at(broker);
    }

    @Singleton
    @Replaces(bean = KubernetesClient.class, factory = ClusterConnection.class)
    KubernetesClient kubernetes() {
        return client;
    }
}
