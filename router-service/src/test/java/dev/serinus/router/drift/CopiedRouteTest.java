package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Ingresses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

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
            await().atMost(Duration.ofSeconds(30))
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

    /** Of a Service each. */
    private List<List<Integer>> ports() {
        return Stream.of("podinfo", "podinfo-primary", "podinfo-canary")
                .map(
                        name ->
                                cluster.get(Kind.SERVICE, name)
                                        .at("/spec/ports")
                                        .valueStream()
                                        .map(port -> port.path("port").asInt())
                                        .toList())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 0})
    void aPortIsServedBesideTheNewOneWhileTheUsersRouteLeadsToIt(int weight) {
        // Given
        assertThat(cluster.shift(5, weight).getCanaryWeight()).isEqualTo(weight);
        cluster.settle();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("port", 8080));
        // Then
        await().untilAsserted(() -> assertThat(ports()).containsOnly(List.of(8080, 9898)));
        assertThat(weight(COPY)).isEqualTo(String.valueOf(weight));
        cluster.settle();
        assertThat(ports()).containsOnly(List.of(8080, 9898));
        // When
        cluster.edit(
                INGRESS,
                "shop",
                it ->
                        ((ObjectNode) it.spec().at("/rules/0/http/paths/0/backend/service/port"))
                                .put("number", 8080));
        // Then
        await().untilAsserted(() -> assertThat(ports()).containsOnly(List.of(8080)));
        assertThat(copy().at("/spec/rules/0/http/paths/0/backend/service/port/number").asInt())
                .isEqualTo(8080);
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
        await().until(() -> cluster.context().cluster().find(cluster.ref(INGRESS, "shop")) == null);
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
    void aReleaseCanBeTakenBackWithoutTheUsersObjectAndWithoutTheCopy() {
        // Given
        cluster.objects().delete(cluster.ref(INGRESS, "shop"));
        cluster.objects().delete(cluster.ref(INGRESS, COPY));
        await().until(() -> cluster.context().cluster().find(cluster.ref(INGRESS, "shop")) == null);
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        var stopped = cluster.scale(7, false);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(back.getBecause()).isEmpty();
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(stopped.getBecause()).isEmpty();
    }

    @Test
    void aCopyThatSaysNothingThatCanBeReadIsTakenBackAllTheSame() {
        // Given: nobody looks who would delete it at rest
        try (var quiet = new PretendCluster()) {
            quiet.apply("workload.yaml").apply("nginx-canary.yaml");
            quiet.initialize(1);
            quiet.serve("podinfo-primary");
            quiet.serve("podinfo");
            quiet.takeOver(2);
            quiet.scale(3, true);
            quiet.serve("podinfo");
            quiet.shift(4, 30);
            quiet.objects().delete(quiet.ref(INGRESS, "shop"));
            quiet.edit(INGRESS, COPY, it -> it.annotate(WEIGHT, "half"));
            // When
            var back = quiet.shift(5, 0);
            // Then
            assertThat(back.getBecause()).isEmpty();
            assertThat(quiet.get(INGRESS, COPY).annotation(WEIGHT)).isEqualTo("0");
        }
    }

    @Test
    void aReleaseCanBeTakenBackThoughAnObjectIsNamedThatIsNotThere() {
        // Given
        name("store");
        // When
        var back = cluster.shift(5, 0);
        var stopped = cluster.scale(6, false);
        // Then
        assertThat(back.getBecause()).isEmpty();
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
        assertThat(stopped.getBecause()).isEmpty();
    }

    @Test
    void aReleaseGoesOnByTheObjectThatIsNamedNowAndNoCopyIsLeft() {
        // Given
        cluster.create(ingress("store"));
        name("store");
        // When
        var more = cluster.shift(5, 60);
        // Then
        assertThat(more.getCanaryWeight()).isEqualTo(60);
        assertThat(weight("store-canary")).isEqualTo("60");
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
    }

    @Test
    void anObjectOfTheCopysNameThatSomebodyElseMadeStopsNoReleaseFromBeingTakenBack() {
        // Given
        cluster.create(ingress("store"));
        cluster.create(ingress("store-canary"));
        var theirs = cluster.get(INGRESS, "store-canary");
        name("store");
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getBecause()).contains("Ingress store-canary.test is in the way");
        assertThat(back.getBecause()).isEmpty();
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
        assertThat(cluster.get(INGRESS, "store-canary")).isEqualTo(theirs);
    }

    @Test
    void aCopyThatTheCanaryAsksForNoMoreGoesWhenASuspendedCanaryGoesOn() {
        // Given
        cluster.create(ingress("store"));
        suspend(true);
        name("store");
        await().during(Duration.ofMillis(300)).until(() -> cluster.has(INGRESS, COPY));
        // When
        suspend(false);
        // Then
        await().until(() -> !cluster.has(INGRESS, COPY));
        assertThat(weight("store-canary")).isEqualTo("30");
    }

    private void suspend(boolean suspend) {
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", suspend));
    }

    @Test
    void aCopyThatTheCanaryAsksForNoMoreIsFoundByARouterThatKnowsNothingOfIt() {
        try (var restarted = new PretendCluster()) {
            // Given
            restarted.apply("workload.yaml").apply("nginx-canary.yaml");
            restarted.initialize(1);
            restarted.serve("podinfo-primary");
            restarted.serve("podinfo");
            restarted.takeOver(2);
            restarted.scale(3, true);
            restarted.serve("podinfo");
            restarted.shift(4, 30);
            restarted.create(ingress("store"));
            // When: nobody watches when another is named
            restarted.restart(
                    () ->
                            restarted.edit(
                                    Kind.CANARY,
                                    "podinfo",
                                    it ->
                                            ((ObjectNode) it.spec().path("ingressRef"))
                                                    .put("name", "store")));
            restarted.reach("Progressing");
            restarted.withDrift();
            // Then
            await().until(() -> !restarted.has(INGRESS, COPY));
            assertThat(restarted.get(INGRESS, "store-canary").annotation(WEIGHT)).isEqualTo("30");
        }
    }

    @Test
    void theTargetKeepsItsPodsWhileACopyOfAnotherNameLeadsToThem() {
        // Given: the copy that is asked for leads to nobody
        try (var slow = new PretendCluster()) {
            slow.apply("workload.yaml").apply("nginx-canary.yaml");
            slow.initialize(1);
            slow.serve("podinfo-primary");
            slow.serve("podinfo");
            slow.takeOver(2);
            slow.scale(3, true);
            slow.serve("podinfo");
            slow.shift(4, 30);
            slow.edit(
                    Kind.CANARY,
                    "podinfo",
                    it -> ((ObjectNode) it.spec().path("ingressRef")).put("name", "store"));
            // When
            var result = slow.scale(5, false);
            // Then
            assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
            assertThat(result.getBecause())
                    .startsWith("Ingress shop-canary.test, which the Canary asks for no more");
        }
    }

    @Test
    void whatCannotBeMadeOfTheUsersObjectStopsNoOtherRepairAndIsToldOnce() {
        // Given: at rest there is no copy, and none can be made
        cluster.shift(5, 0);
        cluster.settle();
        cluster.edit(
                INGRESS,
                "shop",
                it ->
                        ((ObjectNode) it.spec().at("/rules/0/http/paths/0/backend/service"))
                                .put("name", "elsewhere"));
        cluster.objects().delete(cluster.ref(INGRESS, COPY));
        for (int i = 0; i < 3; i++) {
            // When
            cluster.edit(
                    Kind.SERVICE,
                    "podinfo",
                    it -> ((ObjectNode) it.spec().at("/selector")).put("app", "nobody"));
            // Then
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    cluster.get(Kind.SERVICE, "podinfo")
                                                            .at("/spec/selector/app")
                                                            .asText())
                                            .isEqualTo("podinfo-primary"));
        }
        await().untilAsserted(
                        () ->
                                assertThat(
                                                cluster.objects()
                                                        .list(
                                                                Kind.EVENT,
                                                                PretendCluster.NAMESPACE,
                                                                Map.of()))
                                        .extracting(event -> event.at("/message").asText())
                                        .containsExactly(
                                                "Not as it has to be for now: backend podinfo not"
                                                    + " found in ingress shop; lead one of its"
                                                    + " paths there, or set spec.service.name to"
                                                    + " the Service that it leads to"));
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
        cluster.settle(); // what drift makes meanwhile is not counted
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
    void anObjectOfTheCopysNameThatSomebodyElseMadeIsRefusedBeforeAnythingIsWritten() {
        // Given
        try (var fresh = new PretendCluster()) {
            fresh.apply("workload.yaml").apply("nginx-canary.yaml").create(ingress(COPY));
            // When
            var refused = fresh.initialize(1);
            // Then
            assertThat(refused.getBecause())
                    .isEqualTo(
                            "Ingress shop-canary.test is in the way: the copy of shop that leads to"
                                + " the canary has this name; rename or delete it, or name another"
                                + " one than shop in spec.ingressRef");
            assertThat(fresh.writes()).isZero();
            // When
            fresh.objects().delete(fresh.ref(INGRESS, COPY));
            // Then
            assertThat(fresh.initialize(1).getBecause()).isEmpty();
        }
    }

    @Test
    void aCopyOfAnotherNameGoesWithTheCanaryToo() {
        // Given
        name("store");
        // When
        var restored = restored();
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
    }

    @Test
    void theUsersObjectStaysAsItIsAndTheCopyGoesWithTheCanary() {
        // Given
        var before = cluster.get(INGRESS, "shop");
        // When
        var restored = restored();
        // Then
        assertThat(restored.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(INGRESS, COPY)).isFalse();
        assertThat(cluster.get(INGRESS, "shop")).isEqualTo(before);
    }

    private RouterResult restored() {
        var canary = cluster.canary();
        cluster.delete("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
    }
}
