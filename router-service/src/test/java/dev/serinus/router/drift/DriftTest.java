package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Mark;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class DriftTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml").withDrift();

    @BeforeEach
    void atThirtyPercent() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private int weight() {
        return cluster.has(ROUTE, "podinfo")
                ? cluster.get(ROUTE, "podinfo").at("/spec/http/0/route/1/weight").asInt()
                : -1;
    }

    private static void weigh(Edit edit, int canary) {
        ((ObjectNode) edit.spec().at("/http/0/route/1")).put("weight", canary);
        ((ObjectNode) edit.spec().at("/http/0/route/0")).put("weight", 100 - canary);
    }

    @Test
    void whatSomebodyElseChangedIsPutBackAtThePresentSplit() {
        // When
        cluster.edit(ROUTE, "podinfo", it -> weigh(it, 100));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
        assertThat(cluster.get(ROUTE, "podinfo").mark())
                .hasValueSatisfying(found -> assertThat(found.number()).isEqualTo("1.4"));
    }

    @Test
    void aDeletedRouteComesBackAtThePresentSplit() {
        // When
        cluster.objects().delete(cluster.ref(ROUTE, "podinfo"));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
    }

    @Test
    void whatIsMadeAgainCannotBeUndoneByAnEarlierStep() {
        // When
        cluster.objects().delete(cluster.ref(ROUTE, "podinfo"));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
        assertThat(cluster.get(ROUTE, "podinfo").mark())
                .hasValueSatisfying(found -> assertThat(found.number()).isEqualTo("1.4"));
    }

    @Test
    void anEditOfTheServiceReshapesTheRouteAtThePresentSplit() {
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("service"))
                                .putArray("hosts")
                                .add("shop.example.com"));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(cluster.get(ROUTE, "podinfo").at("/spec/hosts/0"))
                                        .hasToString("\"shop.example.com\""));
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void aRouteWhoseNameTheCanaryGaveUpLeadsToThePrimary() {
        // When
        rename();
        // Then
        await().untilAsserted(() -> assertThat(weight()).isZero());
        assertThat(cluster.get(ROUTE, "shop").at("/spec/http/0/route/1/weight").asInt())
                .isEqualTo(30);
        assertThat(cluster.has(Kind.SERVICE, "shop-primary")).isTrue();
        assertThat(cluster.has(Kind.SERVICE, "shop-canary")).isTrue();
        assertThat(cluster.get(Kind.SERVICE, "shop").at("/spec/selector/app").asText())
                .isEqualTo("podinfo-primary");
    }

    @Test
    void aRouteWhoseNameTheCanaryGaveUpLeadsToThePrimaryOnceThatServes() {
        // Given
        cluster.serve("podinfo-primary", 0);
        rename();
        await().until(() -> cluster.has(ROUTE, "shop"));
        assertThat(weight()).isEqualTo(30);
        // When
        cluster.serve("podinfo-primary");
        // Then
        await().untilAsserted(() -> assertThat(weight()).isZero());
    }

    @Test
    void theSameRouteByAnotherVersionOfItsKindIsNotLeft() {
        // Given
        var v1 = new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
        try (var gateway = new PretendCluster()) {
            gateway.apply("workload.yaml").apply("gateway-canary.yaml").withDrift();
            gateway.initialize(1);
            gateway.serve("podinfo-primary");
            gateway.serve("podinfo");
            gateway.takeOver(2);
            gateway.scale(3, true);
            gateway.serve("podinfo");
            gateway.shift(4, 30);
            gateway.settle();
            var live = gateway.get(v1, "podinfo");
            // When: as an API server shows it by each version
            var other =
                    new Kind("gateway.networking.k8s.io", "v1beta1", "HTTPRoute", "httproutes")
                            .named(PretendCluster.NAMESPACE, "podinfo");
            var json = live.json().deepCopy().put("apiVersion", other.kind().apiVersion());
            json.withObjectProperty("metadata").remove("resourceVersion");
            var _ = gateway.objects().create(new ClusterObject(other, json));
            gateway.edit(
                    Kind.CANARY, "podinfo", it -> it.spec().put("provider", "gatewayapi:v1beta1"));
            // Then
            await().during(Duration.ofMillis(500))
                    .until(
                            () ->
                                    gateway.get(v1, "podinfo")
                                                    .at("/spec/rules/0/backendRefs/1/weight")
                                                    .asInt()
                                            == 30);
        }
    }

    @Test
    void aRouteThatCannotBeLeftKeepsNoOtherFromBeingLeft() {
        // Given: two that are to be left, of which one is another Canary's by now
        cluster.serve("podinfo-primary", 0);
        rename("shop");
        await().until(() -> cluster.has(ROUTE, "shop"));
        rename("store");
        await().until(() -> cluster.has(ROUTE, "store"));
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> ((ObjectNode) it.metadata().at("/ownerReferences/0")).put("name", "another"));
        // When
        cluster.serve("podinfo-primary");
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(
                                                cluster.get(ROUTE, "shop")
                                                        .at("/spec/http/0/route/1/weight")
                                                        .asInt())
                                        .isZero());
    }

    @Test
    void aRouteWhoseNameASuspendedCanaryGaveUpLeadsToThePrimaryWhenItGoesOn() {
        // Given
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        rename();
        await().during(Duration.ofMillis(300)).until(() -> weight() == 30);
        // When
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", false));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isZero());
    }

    @Test
    void aRouteOnAMeshTheCanaryLeftLeadsToThePrimary() {
        // Given
        var gateway = new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    it.spec().put("provider", "gatewayapi:v1");
                    ((ObjectNode) it.spec().path("service"))
                            .putArray("gatewayRefs")
                            .addObject()
                            .put("name", "public");
                });
        // Then
        await().untilAsserted(() -> assertThat(weight()).isZero());
        assertThat(cluster.get(gateway, "podinfo").at("/spec/rules/0/backendRefs/1/weight").asInt())
                .isEqualTo(30);
    }

    @Test
    void aRouteOfTheUsersOwnThatIsNamedNoMoreIsGivenBack() {
        // Given
        var gateway = new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
        for (String name : List.of("web", "other")) {
            cluster.create(
                    """
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: %s, namespace: test}
                    spec: {rules: [{backendRefs: [{name: podinfo, port: 9898}]}]}
                    """
                            .formatted(name));
        }
        String backend = "/spec/rules/0/backendRefs/0/name";
        steer("web");
        await().untilAsserted(
                        () ->
                                assertThat(cluster.get(gateway, "web").at(backend).asText())
                                        .isEqualTo("podinfo-primary"));
        // When
        steer("other");
        // Then
        await().untilAsserted(
                        () -> assertThat(cluster.get(gateway, "web").annotations()).isEmpty());
        assertThat(cluster.get(gateway, "web").at(backend).asText()).isEqualTo("podinfo");
        assertThat(cluster.get(gateway, "other").at("/spec/rules/0/backendRefs/1/weight").asInt())
                .isEqualTo(30);
    }

    private void steer(String route) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    it.spec().put("provider", "gatewayapi:v1");
                    ((ObjectNode) it.spec().path("service"))
                            .putArray("routeRefs")
                            .addObject()
                            .put("kind", "HTTPRoute")
                            .put("name", route);
                });
    }

    private void rename() {
        rename("shop");
    }

    private void rename(String service) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", service));
    }

    @Test
    void aTargetWithoutAPrimaryGetsNoTrafficYet() {
        // Given
        cluster.create(
                PretendCluster.read("workload.yaml").split("---")[2].replace("podinfo", "cart"));
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("targetRef")).put("name", "cart"));
        cluster.settle();
        int writes = cluster.writes();
        // When
        rename();
        // Then
        await().during(Duration.ofMillis(500)).until(() -> cluster.writes() == writes);
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void aServiceThatSelectsOtherPodsIsPutBack() {
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

    @Test
    void whatDecidesWhereTrafficGoesIsPutBackAtOnceHoweverOftenItIsTurned() {
        for (int i = 0; i < 12; i++) {
            // When
            cluster.edit(
                    Kind.SERVICE,
                    "podinfo",
                    it -> ((ObjectNode) it.spec().at("/selector")).put("app", "podinfo"));
            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    cluster.get(Kind.SERVICE, "podinfo")
                                                            .at("/spec/selector/app")
                                                            .asText())
                                            .isEqualTo("podinfo-primary"));
        }
    }

    @Test
    void aServiceIsPutBackAtOnceThoughItsLabelsAreFoughtOver() {
        // Given: somebody who sets a label for ever is answered more and more slowly
        for (int i = 0; i < 4; i++) {
            cluster.edit(Kind.SERVICE, "podinfo", it -> it.label(Map.of("mine", "yes")));
            cluster.settle();
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    !cluster.get(Kind.SERVICE, "podinfo")
                                            .labels()
                                            .containsKey("mine"));
        }
        cluster.edit(Kind.SERVICE, "podinfo", it -> it.label(Map.of("mine", "yes")));
        // When
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().at("/selector")).put("app", "podinfo"));
        // Then: the label's turn would come after 8 s
        await().atMost(Duration.ofSeconds(7))
                .untilAsserted(
                        () ->
                                assertThat(
                                                cluster.get(Kind.SERVICE, "podinfo")
                                                        .at("/spec/selector/app")
                                                        .asText())
                                        .isEqualTo("podinfo-primary"));
    }

    @Test
    void aPrimaryThatSomebodyStopsRunsAgainInTheSizeItWasPromotedIn() {
        // When
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 0));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(
                                                cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                                        .at("/spec/replicas")
                                                        .asInt())
                                        .isEqualTo(2));
    }

    @Test
    void aSecretWhoseTrackingIsSwitchedOffIsReadItselfByThePrimaryOfTheSameRevision() {
        // Given
        var before = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        // When
        cluster.edit(
                Kind.SECRET,
                "podinfo-secret",
                it -> it.annotate("flagger.app/config-tracking", "disabled"));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(
                                                cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                                        .at("/spec/template/spec/containers/0/env")
                                                        .findValuesAsText("name"))
                                        .contains("podinfo-secret", "podinfo-config-primary")
                                        .doesNotContain("podinfo-secret-primary"));
        var after = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(after.annotations()).isEqualTo(before.annotations());
        await().untilAsserted(
                        () ->
                                assertThat(
                                                cluster.objects()
                                                        .list(
                                                                Kind.CONTROLLER_REVISION,
                                                                PretendCluster.NAMESPACE,
                                                                Map.of()))
                                        .singleElement()
                                        .satisfies(
                                                kept ->
                                                        assertThat(kept.at("/data").toString())
                                                                .doesNotContain(
                                                                        "podinfo-secret-primary")));
    }

    @Test
    void aCanaryThatNobodyClaimsIsClaimedBeforeItIsRepaired() {
        // Given
        cluster.edit(
                Kind.CANARY, "podinfo", it -> it.withoutAnnotations(Claims.ANNOTATION::equals));
        await().until(
                        () ->
                                !cluster.canaries()
                                        .get(PretendCluster.NAMESPACE, "podinfo")
                                        .orElseThrow()
                                        .latest()
                                        .getMetadata()
                                        .getAnnotations()
                                        .containsKey(Claims.ANNOTATION));
        cluster.interfere(
                "podinfo",
                () ->
                        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/http/0/route/1/weight"))
                                .as("the Canary comes first")
                                .hasToString("60"));
        // When
        cluster.edit(ROUTE, "podinfo", it -> weigh(it, 60));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo("lab@kafka");
    }

    @Test
    void aDeletedPrimaryComesBackAsItWasPromoted() {
        // Given
        cluster.release("podinfo:broken");
        // When
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        // Then
        await().until(() -> cluster.has(Kind.DEPLOYMENT, "podinfo-primary"));
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                .at("/spec/template/spec/containers/0/image")
                                .asText())
                .isEqualTo("podinfo:1");
    }

    @Test
    void whatALaterStepOfAnotherRouterWroteIsNewsAndNoDrift() {
        // Given
        int writes = cluster.writes();
        // When
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    weigh(it, 60);
                    it.annotate(Mark.ANNOTATION, "1.5");
                });
        // Then
        await().during(Duration.ofMillis(500)).until(() -> weight() == 60);
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void aRouteThatIsCarriedOnByAnotherRouterIsRepairedAtItsSplit() {
        // Given
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    weigh(it, 60);
                    it.annotate(Mark.ANNOTATION, "1.5");
                });
        cluster.settle();
        // When
        cluster.edit(ROUTE, "podinfo", it -> weigh(it, 10));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(60));
    }

    @Test
    void aMeshThatIsNotInstalledKeepsNobodyElsesObjectsFromComingBack() {
        // Given: another Canary asks for it; a router starts after the primary has gone
        cluster.close();
        var gateway = new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
        try (var without = new PretendCluster().without(gateway)) {
            without.apply("workload.yaml").apply("istio-canary.yaml");
            without.initialize(1);
            without.serve("podinfo-primary");
            without.serve("podinfo");
            without.takeOver(2);
            try (var drift = without.anotherDrift()) {
                without.reach("Succeeded");
                without.create(
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: Canary
                        metadata: {name: other, finalizers: [finalizer.flagger.app]}
                        spec:
                          provider: gatewayapi:v1
                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: other}
                          service: {port: 9898, gatewayRefs: [{name: public}]}
                          analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                        """);
                without.objects().delete(without.ref(Kind.DEPLOYMENT, "podinfo-primary"));
                // When
                drift.start();
                // Then
                await().until(() -> without.has(Kind.DEPLOYMENT, "podinfo-primary"));
            }
        }
    }

    private void suspendAtRest() {
        cluster.shift(5, 0);
        cluster.scale(6, false);
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        cluster.settle();
    }

    private String selectedByApex() {
        return selectedBy("podinfo");
    }

    private String selectedBy(String service) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector/app").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"podinfo", "podinfo-primary"})
    void noServiceOfASuspendedCanaryLeadsToATargetWithoutPods(String service) {
        // Given
        suspendAtRest();
        cluster.serve("podinfo", 0);
        // When
        cluster.edit(
                Kind.SERVICE,
                service,
                it -> {
                    ((ObjectNode) it.spec().path("selector")).put("app", "podinfo");
                    it.spec().put("publishNotReadyAddresses", true);
                });
        // Then
        await().untilAsserted(() -> assertThat(selectedBy(service)).isEqualTo("podinfo-primary"));
        assertThat(
                        cluster.get(Kind.SERVICE, service)
                                .at("/spec/publishNotReadyAddresses")
                                .asBoolean())
                .as("what was changed by hand besides")
                .isTrue();
    }

    @Test
    void anotherTargetOfASuspendedCanaryGetsNoTrafficBeforeItHasAPrimary() {
        // Given
        cluster.create(
                PretendCluster.read("workload.yaml").split("---")[2].replace("podinfo", "cart"));
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("targetRef")).put("name", "cart"));
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo"));
        await().until(() -> latest().getSpec().targetRef().name().equals("cart"));
        // When
        var changes = new UrgentRepair(cluster.context()).of(latest());
        // Then
        assertThat(changes).isEmpty();
    }

    private Canary latest() {
        return cluster.canaries().get(PretendCluster.NAMESPACE, "podinfo").orElseThrow().latest();
    }

    @Test
    void whatIsMissingOfASuspendedCanaryComesBack() {
        // Given
        suspendAtRest();
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-primary"));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        // Then
        await().untilAsserted(
                        () -> {
                            assertThat(cluster.has(Kind.SERVICE, "podinfo-primary")).isTrue();
                            assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isTrue();
                        });
    }

    @Test
    void theApexOfASuspendedCanaryMayLeadToATargetThatServes() {
        // Given
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        cluster.settle();
        // When
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("selector")).put("app", "podinfo"));
        cluster.settle();
        // Then
        assertThat(selectedByApex()).isEqualTo("podinfo");
    }

    @Test
    void noWeightIsWrittenForASuspendedCanaryUntilItGoesOn() {
        // Given
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        cluster.settle();
        cluster.edit(ROUTE, "podinfo", it -> weigh(it, 10));
        cluster.settle();
        assertThat(weight()).isEqualTo(10);
        // When
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", false));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
    }

    @Test
    void nothingIsWrittenForACanaryThatIsOnlyTriedUntilItIsNot() {
        // Given
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("dryRun", true));
        cluster.settle();
        cluster.edit(ROUTE, "podinfo", it -> weigh(it, 10));
        cluster.settle();
        assertThat(weight()).isEqualTo(10);
        // When
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("dryRun", false));
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
    }

    @Test
    void whatTheRouterItselfWroteCostsNoRequestMore() {
        // Given
        int requests = cluster.requests();
        // When
        cluster.shift(5, 60);
        // Then
        await().during(Duration.ofMillis(300)).until(() -> true);
        assertThat(cluster.requests() - requests)
                .as("the test's read of the Canary and one write; all else is known")
                .isEqualTo(2);
    }

    @Test
    void aPrimaryThatBecomesReadyIsNoDrift() {
        // Given
        int requests = cluster.requests();
        // When
        cluster.serve("podinfo-primary", 1);
        // Then
        await().during(Duration.ofMillis(300)).until(() -> true);
        assertThat(cluster.requests()).as("the edit's own read and write").isEqualTo(requests + 2);
    }

    @Test
    void aStatusOfTheMeshIsNoDrift() {
        // Given
        int requests = cluster.requests();
        // When
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> it.put("status", JsonNodeFactory.instance.objectNode().put("seen", true)));
        // Then
        await().during(Duration.ofMillis(300)).until(() -> true);
        assertThat(cluster.requests()).as("the edit's own read and write").isEqualTo(requests + 2);
    }
}
