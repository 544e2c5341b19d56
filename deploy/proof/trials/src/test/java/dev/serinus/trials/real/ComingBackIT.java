package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.Main;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Serinus hands its Canary back, another controller works on it, and Serinus comes back with the
 * data that it had: what it remembers is not how things are, so it takes the Canary over as if it
 * met it for the first time.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class ComingBackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Three intervals: a rollout that were to begin would have begun. */
    private static final Duration A_WHILE = Duration.ofSeconds(9);

    private static final String FINALIZER = "finalizer.flagger.app";
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestBed bed;
    private Outside outside;
    private Apps apps;
    private AnotherController flagger;
    private Path data;
    private @Nullable AllInOne serinus;
    private @Nullable KubernetesClient client;

    @BeforeAll
    void promoteOnceAndHandBack(TestBed bed, @TempDir Path directory) {
        this.bed = bed;
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        flagger = new AnotherController(bed, "shop");
        data = directory.resolve("serinus");
        apps.apply("shop");
        start();
        RightsIT.awaitPhase(apps, "shop", "Initialized");
        apps.release("shop", 2);
        RightsIT.awaitPhase(apps, "shop", "Succeeded");
        handBack();
    }

    @AfterAll
    void end() {
        stop();
        outside.close();
    }

    @Test
    @Order(1)
    void goesOnFromWhereTheOtherIsWhateverItRemembers() {
        // Given
        apps.release("shop", 3);
        flagger.isAt(20);
        await().atMost(PATIENCE).until(() -> ready("shop") == 2);
        try (var weights =
                        new Observed<>(
                                bed,
                                "networking.istio.io/v1beta1",
                                "VirtualService",
                                "shop",
                                AnotherController::canaryWeights);
                var sizes =
                        new Observed<>(
                                bed,
                                "apps/v1",
                                "Deployment",
                                "shop",
                                target -> target.at("/spec/replicas").asInt());
                var images =
                        new Observed<>(
                                bed,
                                "apps/v1",
                                "Deployment",
                                "shop-primary",
                                ComingBackIT::image)) {
            var audit = Audit.begin(bed.controlPlane().auditLog());
            // When
            start();
            RightsIT.awaitPhase(apps, "shop", "Succeeded");
            // Then
            assertThat(weights.values())
                    .as("the canary's share, from that of the other")
                    .startsWith(List.of(20), List.of(40), List.of(60))
                    .endsWith(List.of(0));
            assertThat(sizes.values()).as("the target's size").containsExactly(2, 0);
            assertThat(images.values()).containsExactly("shop:2", "shop:3");
            assertThat(firstWrite(audit)).endsWith("canaries shop");
            assertThat(apps.canary("shop").get().getMetadata().getFinalizers()).contains(FINALIZER);
            assertThat(apps.canary("shop").get().getMetadata().getAnnotations())
                    .containsKey(Claims.ANNOTATION);
        }
    }

    @Test
    @Order(2)
    void doesNotRollOutAgainWhatTheOtherFinished() {
        // Given
        handBack();
        apps.release("shop", 4);
        flagger.hasPromoted("shop:4");
        await().atMost(PATIENCE).until(() -> ready("shop-primary") == 2);
        try (var specs = new Specs()) {
            var audit = Audit.begin(bed.controlPlane().auditLog());
            // When
            start();
            awaitTakenOver();
            // Then
            awaitNothingDone(specs);
            assertThat(apps.phase("shop")).isEqualTo("Succeeded");
            assertThat(firstWrite(audit)).endsWith("canaries shop");
        }
        // When
        apps.release("shop", 5);
        // Then
        await().atMost(PATIENCE).until(() -> image("shop-primary").equals("shop:5"));
        RightsIT.awaitPhase(apps, "shop", "Succeeded");
    }

    @Test
    @Order(3)
    void doesNotReleaseAgainWhatTheOtherTookBack() {
        // Given
        handBack();
        apps.release("shop", 6);
        flagger.hasTakenBack();
        try (var specs = new Specs()) {
            // When
            start();
            awaitTakenOver();
            // Then
            awaitNothingDone(specs);
            assertThat(apps.phase("shop")).isEqualTo("Failed");
            assertThat(image("shop-primary")).isEqualTo("shop:5");
        }
    }

    @Test
    @Order(4)
    void aDeletionRestoresWhatWasPromotedLast() {
        // When
        var _ = apps.canary("shop").delete();
        // Then
        RightsIT.awaitPhase(apps, "shop", "gone");
        assertThat(ready("shop")).isEqualTo(2);
        assertThat(image("shop")).isEqualTo("shop:5");
        assertThat(object("Service", "v1", "shop").at("/spec/selector").path("app").asText())
                .isEqualTo("shop");
    }

    private void awaitTakenOver() {
        await("the Canary to be taken over")
                .atMost(PATIENCE)
                .until(
                        () ->
                                apps.canary("shop")
                                        .get()
                                        .getMetadata()
                                        .getFinalizers()
                                        .contains(FINALIZER));
    }

    /** Notes and owners are written to what is taken over, and change nothing that serves. */
    private void awaitNothingDone(Specs specs) {
        await("nothing to be done")
                .during(A_WHILE)
                .atMost(A_WHILE.multipliedBy(2))
                .untilAsserted(specs::assertUnchanged);
    }

    /** What says where traffic goes, how many pods run and what runs in them, since it is made. */
    private final class Specs implements AutoCloseable {

        private final Map<String, Observed<JsonNode>> seen = new TreeMap<>();

        Specs() {
            see("networking.istio.io/v1beta1", "VirtualService", "shop");
            List.of("shop", "shop-primary").forEach(it -> see("apps/v1", "Deployment", it));
            List.of("shop", "shop-primary", "shop-canary").forEach(it -> see("v1", "Service", it));
        }

        private void see(String version, String kind, String name) {
            seen.put(
                    kind + " " + name,
                    new Observed<>(bed, version, kind, name, it -> it.path("spec")));
        }

        void assertUnchanged() {
            seen.forEach((name, specs) -> assertThat(specs.values()).as(name).hasSize(1));
        }

        @Override
        public void close() {
            seen.values().forEach(Observed::close);
        }
    }

    private void start() {
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(requireNonNull(serinus).missing()).isEmpty());
    }

    private void stop() {
        if (serinus != null) {
            serinus.close();
            serinus = null;
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }

    /** Its data stay. */
    private void handBack() {
        stop();
        int _ =
                Main.execute(
                        new Main(),
                        "handback",
                        "--namespace",
                        bed.namespace(),
                        "--kubeconfig",
                        bed.kubeconfig(User.ADMIN).toString());
        assertThat(apps.canary("shop").get().getMetadata().getFinalizers()).isEmpty();
    }

    /** But for the status and events, which change nothing. */
    private List<String> writes(Audit audit) {
        return audit.writes(User.SERINUS.username(), bed.namespace()).stream()
                .filter(write -> !write.contains("canaries/status") && !write.contains(" events "))
                .toList();
    }

    private String firstWrite(Audit audit) {
        return writes(audit).stream().findFirst().orElse("none");
    }

    private int ready(String deployment) {
        return object("Deployment", "apps/v1", deployment).at("/status/readyReplicas").asInt();
    }

    private String image(String deployment) {
        return image(object("Deployment", "apps/v1", deployment));
    }

    private static String image(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0/image").asText();
    }

    private JsonNode object(String kind, String version, String name) {
        return JSON.valueToTree(apps.object(kind, version, name).get());
    }
}
