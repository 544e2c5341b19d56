package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Claims;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * A second installation is started for a cluster, by the same name even: it leaves alone what the
 * first claims, says so, and takes it over once the first is stopped and its claim removed.
 */
@Tag("long")
class TwoInstallationsIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void aCanaryHasOneInstallationUntilItIsHandedOver() throws Exception {
        try (var cluster = new Cluster()) {
            cluster.apply(Manifests.namespace("shop"));
            cluster.apply(Manifests.deployment("shop", "app", 1));
            cluster.apply(Manifests.canary("shop", "app", ""));
            var first = RunningSerinus.on(cluster, "first-installation");
            try (var told = new History(first.kafka)) {
                await("the first to initialise it")
                        .atMost(LONG)
                        .until(() -> told.has("Initialized"));
                try (var second = RunningSerinus.on(cluster, "second-installation");
                        var toldBySecond = new History(second.kafka)) {
                    await("a word about it").atMost(LONG).until(() -> isLeftAlone(cluster));
                    cluster.image("shop", "app", "podinfo:2.0.0");
                    await("the first to promote it").atMost(LONG).until(() -> told.has("Promoted"));
                    assertThat(toldBySecond.events()).isEmpty();
                    assertThat(told.events())
                            .extracting(event -> event.getType())
                            .doesNotContain("Restarted", "RolledBack");

                    first.close();
                    unclaim(cluster);
                    cluster.image("shop", "app", "podinfo:3.0.0");
                    await("the second to promote it")
                            .atMost(LONG)
                            .until(() -> toldBySecond.has("Promoted"));
                }
            } finally {
                first.close();
            }
        }
    }

    private static boolean isLeftAlone(Cluster cluster) {
        return cluster.user.v1().events().inNamespace("shop").list().getItems().stream()
                .anyMatch(
                        event ->
                                event.getReason().equals("Claimed")
                                        && event.getMessage().contains(Claims.ANNOTATION));
    }

    private static void unclaim(Cluster cluster) {
        var _ =
                canary(cluster)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"annotations\":{\"%s\":null}}}"
                                        .formatted(Claims.ANNOTATION));
    }

    private static Resource<GenericKubernetesResource> canary(Cluster cluster) {
        return cluster.user
                .genericKubernetesResources("flagger.app/v1beta1", "Canary")
                .inNamespace("shop")
                .withName("app");
    }
}
