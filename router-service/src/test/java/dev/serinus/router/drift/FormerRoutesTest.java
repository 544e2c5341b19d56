package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Istio;
import dev.serinus.schemas.mesh.Traefik;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.function.Consumer;

/** Routes that a Canary asked for before somebody edited it while no router ran. */
class FormerRoutesTest {

    private static final Kind ROUTE = Istio.VIRTUAL_SERVICE;
    private static final Kind HTTP =
            new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    private static final String USERS =
            """
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata: {name: podinfo, labels: {mine: "yes"}}
            spec: {hosts: [podinfo], http: [{route: [{destination: {host: podinfo}}]}]}
            """;

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void atThirtyPercent() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
    }

    private void edit(Consumer<ObjectNode> spec) {
        cluster.edit(Kind.CANARY, "podinfo", it -> spec.accept(it.spec()));
    }

    private void rename(String apex) {
        edit(spec -> ((ObjectNode) spec.path("service")).put("name", apex));
    }

    private int weight(String route) {
        return cluster.get(ROUTE, route).at("/spec/http/0/route/1/weight").asInt();
    }

    private void assertGivenBack(ClusterObject route, ClusterObject before) {
        assertThat(route.at("/spec")).isEqualTo(before.at("/spec"));
        assertThat(route.annotations()).isEmpty();
        assertThat(route.labels()).isEqualTo(before.labels());
    }

    @Test
    void oneByAnotherNameLeadsToThePrimary() {
        // Given
        cluster.apply("istio-canary.yaml");
        atThirtyPercent();
        // When
        cluster.restart(() -> rename("shop"));
        cluster.reach("Progressing");
        cluster.withDrift();
        // Then
        await().untilAsserted(() -> assertThat(weight("podinfo")).isZero());
        assertThat(weight("shop")).isEqualTo(30);
    }

    @Test
    void oneByAnotherNameLeadsToThePrimaryOnceThatServes() {
        // Given
        cluster.apply("istio-canary.yaml");
        atThirtyPercent();
        cluster.restart(() -> rename("shop"));
        cluster.reach("Progressing");
        cluster.serve("podinfo-primary", 0);
        cluster.withDrift();
        await().until(() -> cluster.has(ROUTE, "shop"));
        assertThat(weight("podinfo")).isEqualTo(30);
        // When
        cluster.serve("podinfo-primary");
        // Then
        await().untilAsserted(() -> assertThat(weight("podinfo")).isZero());
    }

    /** Before anybody repairs: its pods would go, and requests to them with nobody there. */
    @Test
    void aStepTakesTheCanarysShareFromOneByAnotherName() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        edit(spec -> spec.put("suspend", true));
        rename("shop");
        await().until(
                        () ->
                                cluster.canaries()
                                        .get(PretendCluster.NAMESPACE, "podinfo")
                                        .filter(it -> "shop".equals(it.latest().apex()))
                                        .isPresent());
        assertThat(cluster.shift(5, 30).getCanaryWeight()).isEqualTo(30);
        // When
        var back = cluster.shift(6, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight("shop")).isZero();
        assertThat(weight("podinfo")).isZero();
        assertThat(cluster.scale(7, false).getBecause()).isEmpty();
    }

    @Test
    void thePodsStayWhileOneByAnotherNameLeadsToThem() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        edit(spec -> spec.put("suspend", true));
        rename("shop");
        cluster.shift(5, 0);
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    ((ObjectNode) it.spec().at("/http/0/route/1")).put("weight", 30);
                    ((ObjectNode) it.spec().at("/http/0/route/0")).put("weight", 70);
                });
        // When
        var stopped = cluster.scale(6, false);
        // Then
        assertThat(stopped.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(stopped.getBecause())
                .startsWith("VirtualService podinfo.test, which the Canary asks for no more");
    }

    /** Nobody watches its kind any more when the router begins. */
    @Test
    void oneOfAnotherProviderLeadsToThePrimary() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        // When
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        cluster.reach("Progressing");
        cluster.withDrift();
        // Then
        await().untilAsserted(() -> assertThat(weight("podinfo")).isZero());
        await().until(() -> cluster.has(Traefik.TRAEFIK_SERVICE, "podinfo"));
    }

    /** Whoever starts again is asked before any watch stands. */
    @Test
    void thePodsStayWhileOneOfAnotherProviderThatNobodyWatchesLeadsToThem() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        assertThat(cluster.shift(5, 0).getBecause()).isEmpty();
        // When
        var stopped = cluster.scale(6, false);
        // Then
        assertThat(stopped.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(stopped.getBecause())
                .startsWith("VirtualService podinfo.test, which the Canary asks for no more");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isPositive();
    }

    @Test
    void whatAnotherProviderBroughtAndIsGoneKeepsNoPods() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        cluster.without(ROUTE).without(Istio.DESTINATION_RULE);
        cluster.shift(5, 0);
        // When
        var stopped = cluster.scale(6, false);
        // Then
        assertThat(stopped.getBecause()).isEmpty();
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt()).isZero();
    }

    @Test
    void whatMayNotBeListedIsSaidWithWhatToDo() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        cluster.forbidding(ROUTE);
        cluster.shift(5, 0);
        // When
        var stopped = cluster.scale(6, false);
        // Then
        assertThat(stopped.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(stopped.getBecause())
                .contains(
                        "some VirtualService of a mesh that podinfo.test had before",
                        "the right to list them",
                        "serinus.dev/providers");
    }

    @Test
    void oneOfAnotherProviderThatNobodyWatchesIsGivenBackWhenTheCanaryGoes() {
        // Given
        cluster.create(USERS);
        var before = cluster.get(ROUTE, "podinfo");
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        // When
        delete();
        // Then
        assertGivenBack(cluster.get(ROUTE, "podinfo"), before);
    }

    @Test
    void oneOfAnotherProviderThatWasTakenOverIsGivenBackWhenTheCanaryGoes() {
        // Given
        cluster.create(USERS);
        var before = cluster.get(ROUTE, "podinfo");
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        cluster.restart(() -> edit(spec -> spec.put("provider", "traefik")));
        cluster.reach("Progressing");
        cluster.withDrift();
        await().untilAsserted(() -> assertThat(weight("podinfo")).isZero());
        // When
        delete();
        // Then
        assertGivenBack(cluster.get(ROUTE, "podinfo"), before);
    }

    @Test
    void oneThatWasTakenOverIsGivenBackWhenTheCanaryGoes() {
        // Given
        cluster.create(USERS).apply("istio-canary.yaml").withDrift();
        var before = cluster.get(ROUTE, "podinfo");
        atThirtyPercent();
        assertThat(cluster.get(ROUTE, "podinfo").annotation(RouteMetadata.ORIGINAL)).isNotNull();
        // When
        rename("shop");
        await().until(() -> cluster.has(ROUTE, "shop"));
        delete();
        // Then
        assertGivenBack(cluster.get(ROUTE, "podinfo"), before);
        assertThat(cluster.has(ROUTE, "shop")).isFalse();
    }

    @Test
    void oneThatWasTakenOverByARepairIsGivenBackWhenTheCanaryGoes() {
        // Given
        cluster.create(USERS.replace("podinfo", "shop")).apply("istio-canary.yaml").withDrift();
        var before = cluster.get(ROUTE, "shop");
        atThirtyPercent();
        rename("shop");
        await().until(() -> cluster.get(ROUTE, "shop").annotation(RouteMetadata.ORIGINAL) != null);
        // When
        rename("store");
        await().until(() -> cluster.has(ROUTE, "store"));
        delete();
        // Then
        assertGivenBack(cluster.get(ROUTE, "shop"), before);
    }

    @Test
    void whatWasMadeByAnotherNameGoesWithTheCanary() {
        // Given
        cluster.apply("istio-canary.yaml").withDrift();
        atThirtyPercent();
        rename("shop");
        await().until(() -> cluster.has(Kind.SERVICE, "shop"));
        // When
        delete();
        // Then
        for (String apex : new String[] {"podinfo", "shop"}) {
            assertThat(cluster.has(ROUTE, apex)).as("route " + apex).isFalse();
            assertThat(cluster.has(Kind.SERVICE, apex + "-primary")).as(apex).isFalse();
            assertThat(cluster.has(Kind.SERVICE, apex + "-canary")).as(apex).isFalse();
        }
    }

    private void delete() {
        cluster.delete("podinfo");
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 9)).getBecause()).isEmpty();
    }

    /** A manifest that breaks rules is not in force after a start, and shows no name any more. */
    @Test
    void oneThatWasTakenOverIsGivenBackThoughTheManifestTellsItsNameNoMore() {
        // Given
        cluster.create(USERS.replace("podinfo", "shop")).apply("istio-canary.yaml");
        rename("shop");
        var before = cluster.get(ROUTE, "shop");
        atThirtyPercent();
        // When
        cluster.restart(() -> edit(spec -> spec.remove("service")));
        cluster.delete("podinfo");
        var done =
                cluster.patiently(
                        () -> cluster.sendToAnother(cluster.command(RouterAction.RESTORE, 9)));
        // Then
        assertThat(done.getBecause()).isEmpty();
        assertGivenBack(cluster.get(ROUTE, "shop"), before);
        assertThat(cluster.has(Kind.SERVICE, "shop-primary")).isFalse();
    }

    @Test
    void oneInPlaceOfWhichRoutesOfTheUsersAreNamedIsGivenBack() {
        // Given
        cluster.create(
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: podinfo}
                spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: podinfo, port: 9898}]}]}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: own}
                spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: podinfo, port: 9898}]}]}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: gatewayapi:v1
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898, gatewayRefs: [{name: web}]}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """);
        var before = cluster.get(HTTP, "podinfo");
        atThirtyPercent();
        // When
        cluster.restart(
                () ->
                        edit(
                                spec -> {
                                    var service = (ObjectNode) spec.path("service");
                                    service.remove("gatewayRefs");
                                    service.putArray("routeRefs")
                                            .addObject()
                                            .put("kind", "HTTPRoute")
                                            .put("name", "own");
                                }));
        cluster.reach("Progressing");
        cluster.withDrift();
        // Then
        await().untilAsserted(() -> assertGivenBack(cluster.get(HTTP, "podinfo"), before));
        assertThat(cluster.get(HTTP, "own").at("/spec/rules/0/backendRefs/1/weight").asInt())
                .isEqualTo(30);
    }
}
