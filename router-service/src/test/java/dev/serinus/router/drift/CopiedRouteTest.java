package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Ingresses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;

/** A route that is a copy of a user's object: what is done about it whatever the ingress. */
class CopiedRouteTest {

    private static final Kind INGRESS = Ingresses.INGRESS;
    private static final String COPY = "shop-canary";
    private static final String WEIGHT = "nginx.ingress.kubernetes.io/canary-weight";
    private static final String LIMIT = "nginx.ingress.kubernetes.io/limit-rps";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("nginx-canary.yaml").withDrift();

    @BeforeEach
    void atThirtyPercent() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private ClusterObject copy() {
        return cluster.get(INGRESS, COPY);
    }

    private String weight(String copy) {
        return cluster.has(INGRESS, copy)
                ? String.valueOf(cluster.get(INGRESS, copy).annotation(WEIGHT))
                : "no copy";
    }

    private void name(String ingress) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("ingressRef")).put("name", ingress));
    }

    private static String ingress(String name) {
        return PretendCluster.read("nginx-canary.yaml")
                .split("---")[0]
                .replace("name: shop", "name: " + name);
    }

    @Test
    void aChangeOfTheUsersObjectReachesTheCopyAtThePresentSplit() {
        // When
        cluster.edit(
                INGRESS,
                "shop",
                it -> {
                    ((ObjectNode) it.spec().at("/rules/0")).put("host", "new.example.com");
                    it.withoutAnnotations(LIMIT::equals);
                });
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(copy().at("/spec/rules/0/host").asText())
                                        .isEqualTo("new.example.com"));
        assertThat(copy().annotations()).doesNotContainKey(LIMIT).containsEntry(WEIGHT, "30");
    }

    @Test
    void aWeightThatSomebodyElseSetsIsPutBackAtOnceHoweverOften() {
        for (int i = 0; i < 8; i++) {
            // When
            cluster.edit(INGRESS, COPY, it -> it.annotate(WEIGHT, "100"));
            // Then
            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(weight(COPY)).isEqualTo("30"));
        }
    }

    @Test
    void whatSomebodyElseNotesOnTheCopyStays() {
        // When
        cluster.edit(
                INGRESS,
                COPY,
                it -> it.annotate("example.com/endpoints", "10.0.0.1").annotate(WEIGHT, "100"));
        // Then
        await().untilAsserted(() -> assertThat(weight(COPY)).isEqualTo("30"));
        assertThat(copy().annotation("example.com/endpoints")).isEqualTo("10.0.0.1");
    }

    @Test
    void aDeletedCopyComesBackAtThePresentSplit() {
        // When
        cluster.objects().delete(cluster.ref(INGRESS, COPY));
        // Then
        await().untilAsserted(() -> assertThat(weight(COPY)).isEqualTo("30"));
    }

    @Test
    void aCopyThatTheCanaryAsksForNoMoreGoesOnceTheNewOneIsThere() {
        // Given
        cluster.create(ingress("store"));
        // When
        name("store");
        // Then
        await().until(() -> !cluster.has(INGRESS, COPY));
        assertThat(weight("store-canary")).isEqualTo("30");
        assertThat(cluster.has(INGRESS, "shop")).isTrue();
    }

    @Test
    void aCopyStaysUntilTheNewOneCanBeMade() {
        // Given
        name("store");
        await().during(Duration.ofMillis(300)).until(() -> cluster.has(INGRESS, COPY));
        // When
        cluster.create(ingress("store"));
        // Then
        await().until(() -> !cluster.has(INGRESS, COPY));
        assertThat(weight("store-canary")).isEqualTo("30");
    }

    @Test
    void aReleaseCanBeTakenBackWithoutTheUsersObjectAndNotGoOn() {
        // Given
        cluster.objects().delete(cluster.ref(INGRESS, "shop"));
        // When
        var more = cluster.shift(5, 60);
        var less = cluster.shift(6, 10);
        var back = cluster.shift(7, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(more.getBecause())
                .isEqualTo(
                        "ingress shop.test get query error: ingresses.networking.k8s.io \"shop\""
                                + " not found");
        assertThat(less.getCanaryWeight()).isEqualTo(10);
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void atRestTheCopyGoesWithTheUsersObjectAndComesBackWithIt() {
        // Given
        cluster.shift(5, 0);
        cluster.settle();
        // When
        cluster.objects().delete(cluster.ref(INGRESS, "shop"));
        // Then
        await().until(() -> !cluster.has(INGRESS, COPY));
        // When
        cluster.create(ingress("shop"));
        // Then
        await().untilAsserted(() -> assertThat(weight(COPY)).isEqualTo("0"));
    }

    @Test
    void aSecondCanaryOfTheSameObjectIsRefusedBeforeAnythingIsWritten() {
        // Given
        cluster.create(
                PretendCluster.read("workload.yaml")
                        .split("---")[2]
                        .replace("name: podinfo", "name: cart")
                        .replace("app: podinfo", "app: cart"));
        cluster.edit(
                INGRESS,
                "shop",
                it ->
                        ((ObjectNode) it.spec().at("/rules/0/http"))
                                .withArrayProperty("paths")
                                .addObject()
                                .put("path", "/cart")
                                .putObject("backend")
                                .putObject("service")
                                .put("name", "cart")
                                .putObject("port")
                                .put("number", 9898));
        var other =
                cluster.canary()
                        .edited(
                                it -> {
                                    it.metadata().put("name", "cart").put("uid", "uid-of-cart");
                                    it.metadata().remove("resourceVersion");
                                    ((ObjectNode) it.spec().path("targetRef")).put("name", "cart");
                                });
        var created =
                cluster.objects()
                        .create(new ClusterObject(cluster.ref(Kind.CANARY, "cart"), other.json()));
        int writes = cluster.writes();
        // When
        var refused = cluster.sendTo("cart", cluster.command(RouterAction.INITIALIZE, 1, created));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .contains("shop-canary")
                .contains("belongs to Canary podinfo")
                .contains("spec.ingressRef");
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void theUsersObjectStaysAsItIsAndTheCopyGoesWithTheCanary() {
        // Given
        var before = cluster.get(INGRESS, "shop");
        var canary = cluster.canary();
        cluster.objects().delete(cluster.ref(Kind.CANARY, "podinfo"));
        await().until(
                        () ->
                                cluster.canaries()
                                                .get(PretendCluster.NAMESPACE, "podinfo")
                                                .orElseThrow()
                                                .latest()
                                                .getMetadata()
                                                .getDeletionTimestamp()
                                        != null);
        // When
        var restored = cluster.send(cluster.command(RouterAction.RESTORE, 9, canary));
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
        assertThat(cluster.get(INGRESS, "shop")).isEqualTo(before);
    }
}
