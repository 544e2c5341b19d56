package dev.serinus.watcher.status;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.applyCanary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

@EnableKubernetesMockClient(crud = true, https = false)
class NoticesTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @Test
    void aSentenceThatWasNotTakenIsToldAgainAndThenOnce() {
        server.expect()
                .post()
                .withPath("/api/v1/namespaces/test/events")
                .andReturn(403, "not yet")
                .once();
        var canary = applyCanary(client, CANARY);
        var notices = new Notices(client, () -> Instant.EPOCH, Duration.ofMillis(1));

        notices.tell(canary, "claimed by another");
        await().until(() -> !client.v1().events().inNamespace("test").list().getItems().isEmpty());

        notices.tell(canary, "claimed by another");
        assertThat(client.v1().events().inNamespace("test").list().getItems())
                .singleElement()
                .extracting(event -> event.getMessage())
                .isEqualTo("claimed by another");
    }
}
