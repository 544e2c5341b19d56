package dev.serinus.watcher.cluster;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;

import java.time.Duration;

@EnableKubernetesMockClient(crud = true, https = false)
class ClusterTest {

    private static final int CANARIES = 200;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    /** A command for a Canary may come in the moment in which it is seen. */
    @Test
    void whatIsInForceIsKnownAsSoonAsTheCanaryIsSeen() throws InterruptedException {
        var claims = new Claims().settle("lab", "kafka");
        try (var cluster =
                new Cluster(
                        client,
                        installation("http://prometheus:9090"),
                        claims,
                        SecretChanges.WATCHED)) {
            cluster.start();
            for (int i = 0; i < CANARIES; i++) {
                // Given
                var key = new CanaryKey("lab", "test", "podinfo-" + i);
                var uid =
                        applyCanary(
                                        client,
                                        CANARY.replace(
                                                "{name: podinfo,",
                                                "{name: %s,".formatted(key.name())))
                                .getMetadata()
                                .getUid();
                // When
                cluster.canaries()
                        .insistOnGeneration("test", key.name(), uid, 0, Duration.ofSeconds(30));
                // Then
                assertThat(cluster.inForce(key)).as(key.name()).isPresent();
            }
        }
    }
}
