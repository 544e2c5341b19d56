package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** What people ask for by {@code kubectl annotate} is done once, and the annotation goes. */
@Tag("long")
class AnnotationsIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String SKIP = "flagger.app/skip-analysis";
    private static final String RESET = "flagger.app/reset";

    @Test
    void oneRunIsNotAnalysedTheNextIsAndAFailedOneStartsOver() throws Exception {
        try (var cluster = new Cluster();
                var serinus = RunningSerinus.on(cluster, "annotations");
                var told = new History(serinus.kafka)) {
            cluster.apply(Manifests.namespace("shop"));
            cluster.apply(Manifests.deployment("shop", "app", 1));
            cluster.apply(Manifests.canary("shop", "app", ""));
            await("Initialized").atMost(LONG).until(() -> told.has("Initialized"));
            cluster.measures("42");

            annotate(cluster, SKIP);
            cluster.image("shop", "app", "podinfo:2.0.0");
            await("the first to be promoted").atMost(LONG).until(() -> told.has("Promoted"));
            assertThat(told.has("AnalysisSkipped")).isTrue();
            await().atMost(LONG).until(() -> !isAnnotated(cluster, SKIP));

            cluster.image("shop", "app", "podinfo:3.0.0");
            await("the second to be analysed").atMost(LONG).until(() -> told.has("RolledBack"));

            cluster.measures("100");
            annotate(cluster, RESET);
            await("the second to be promoted").atMost(LONG).until(() -> promoted(told) == 2);
            await().atMost(LONG).until(() -> !isAnnotated(cluster, RESET));
        }
    }

    private static long promoted(History told) {
        return told.events().stream().filter(it -> it.getType().equals("Promoted")).count();
    }

    private static void annotate(Cluster cluster, String name) {
        var _ =
                canary(cluster)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}"
                                        .formatted(name));
    }

    private static boolean isAnnotated(Cluster cluster, String name) {
        var annotations = canary(cluster).get().getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(name);
    }

    private static Resource<GenericKubernetesResource> canary(Cluster cluster) {
        return cluster.user
                .genericKubernetesResources("flagger.app/v1beta1", "Canary")
                .inNamespace("shop")
                .withName("app");
    }
}
