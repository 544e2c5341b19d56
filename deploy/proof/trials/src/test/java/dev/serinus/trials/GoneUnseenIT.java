package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A namespace goes while Serinus is away, by force, as people do it when nothing else helps. */
@Tag("long")
class GoneUnseenIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void whatWentWhileSerinusWasAwayIsGoneAfterItsStartAndTheOthersStay() throws Exception {
        try (var cluster = new Cluster()) {
            for (String namespace : new String[] {"shop", "blog"}) {
                cluster.apply(Manifests.namespace(namespace));
                cluster.apply(Manifests.deployment(namespace, "app", 1));
                cluster.apply(Manifests.canary(namespace, "app", ""));
            }
            try (var serinus = RunningSerinus.on(cluster, "gone-unseen")) {
                await("both to be initialised")
                        .atMost(LONG)
                        .until(() -> rollouts(serinus).split("Initialized", -1).length == 3);
            }

            var canary =
                    cluster.user
                            .genericKubernetesResources("flagger.app/v1beta1", "Canary")
                            .inNamespace("shop")
                            .withName("app");
            canary.edit(
                    object -> {
                        object.getMetadata().getFinalizers().clear();
                        return object;
                    });
            canary.delete();
            await("it to be gone").atMost(LONG).until(() -> canary.get() == null);

            try (var serinus = RunningSerinus.on(cluster, "gone-unseen")) {
                await("the API to forget it")
                        .atMost(LONG)
                        .until(() -> rollouts(serinus).contains("\"count\":1,"));
                assertThat(rollouts(serinus)).contains("\"namespace\":\"blog\"");
                var metrics = FlaggersMetrics.scraped(serinus.url());
                assertThat(metrics.value("flagger_canary_status", "namespace=\"shop\"")).isNaN();
                assertThat(metrics.value("flagger_canary_total", "namespace=\"shop\"")).isNaN();
                assertThat(metrics.value("flagger_canary_status", "namespace=\"blog\""))
                        .isEqualTo(1);
            }
        }
    }

    private static String rollouts(RunningSerinus serinus) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(serinus.url() + "/api/rollouts"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
