package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Routes of the user's own that come, go and break while a Canary steers them. */
class SteeredRoutesTest {

    private static final Kind HTTP = GatewayApi.V1.writes().getFirst();
    private static final Kind GRPC = GatewayApi.V1.steers().getLast();

    private static final String STEERED = ClusterObject.STEERED + "podinfo";

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void route(Kind kind, String name) {
        cluster.create(
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: %s
                metadata: {name: %s, labels: {team: shop}}
                spec:
                  parentRefs: [{name: edge}]
                  hostnames: [%s.example.com]
                  rules:
                  - backendRefs: [{name: podinfo, port: 9898}]
                """
                        .formatted(kind.name(), name, name));
    }

    private void atThirtyPercent(String service) {
        cluster.create(
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: gatewayapi:v1
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898, %s}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """
                        .formatted(service));
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
    }

    private void edit(Consumer<ObjectNode> service) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> service.accept((ObjectNode) it.spec().path("service")));
    }

    private static void steer(ObjectNode service, String... routes) {
        service.remove("gatewayRefs");
        var refs = service.putArray("routeRefs");
        for (String route : routes) {
            refs.addObject().put("kind", "HTTPRoute").put("name", route);
        }
    }

    private static String backends(ClusterObject route) {
        List<String> found = new ArrayList<>();
        for (JsonNode backend : route.at("/spec/rules/0/backendRefs")) {
            found.add(backend.path("name").asText() + " " + backend.path("weight").asText("-"));
        }
        return String.join(", ", found);
    }

    private String backends(Kind kind, String name) {
        return backends(cluster.get(kind, name));
    }

    /** What a route named, one entry for each time that the router wrote it. */
    private List<String> written(String name) {
        return cluster.written(HTTP, name).stream().map(SteeredRoutesTest::backends).toList();
    }

    private void restored() {
        cluster.delete("podinfo");
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 9)).getOutcome())
                .isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aRouteThatWasTakenOverWholeIsGivenBackWholeThoughItsWeightsAloneChangeNow() {
        cluster.withDrift();
        route(HTTP, "podinfo");
        var before = cluster.get(HTTP, "podinfo");
        atThirtyPercent("gatewayRefs: [{name: web}]");
        cluster.settle();
        // When
        edit(service -> steer(service, "podinfo"));
        // Then
        await().until(() -> cluster.get(HTTP, "podinfo").annotation(STEERED) != null);
        var steered = cluster.get(HTTP, "podinfo");
        assertThat(backends(steered)).isEqualTo("podinfo-primary 70, podinfo-canary 30");
        assertThat(steered.at("/spec/parentRefs")).isEqualTo(before.at("/spec/parentRefs"));
        assertThat(steered.annotation(RouteMetadata.ORIGINAL)).isNull();
        restored();
        assertThat(cluster.get(HTTP, "podinfo").at("/spec")).isEqualTo(before.at("/spec"));
        assertThat(cluster.get(HTTP, "podinfo").annotations()).isEmpty();
        assertThat(cluster.get(HTTP, "podinfo").labels()).isEqualTo(before.labels());
    }

    @Test
    void aRouteOfWhichWeightsWereChangedIsGivenBackThoughItIsTakenOverWholeNow() {
        cluster.withDrift();
        route(HTTP, "podinfo");
        var before = cluster.get(HTTP, "podinfo");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: podinfo}]");
        cluster.settle();
        // When
        edit(
                service -> {
                    service.remove("routeRefs");
                    service.putArray("gatewayRefs").addObject().put("name", "web");
                });
        // Then
        await().until(
                        () ->
                                cluster.get(HTTP, "podinfo").annotation(RouteMetadata.ORIGINAL)
                                        != null);
        assertThat(cluster.get(HTTP, "podinfo").annotation(STEERED)).isNull();
        assertThat(backends(HTTP, "podinfo")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
        restored();
        assertThat(cluster.get(HTTP, "podinfo").at("/spec")).isEqualTo(before.at("/spec"));
        assertThat(cluster.get(HTTP, "podinfo").annotations()).isEmpty();
    }

    @Test
    void aRouteThatWasMadeIsTakenBackThoughItIsNamedAsTheUsersOwn() {
        atThirtyPercent("gatewayRefs: [{name: web}]");
        edit(service -> steer(service, "podinfo"));
        // When
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(backends(HTTP, "podinfo")).isEqualTo("podinfo-primary 100, podinfo-canary 0");
        restored();
        assertThat(backends(HTTP, "podinfo")).isEqualTo("podinfo 1");
    }

    @Test
    void aRouteThatWasTakenOverIsGivenBackWhenAnotherIsNamedInItsPlace() {
        cluster.withDrift();
        route(HTTP, "podinfo");
        route(HTTP, "web");
        var before = cluster.get(HTTP, "podinfo");
        atThirtyPercent("gatewayRefs: [{name: web}]");
        cluster.settle();
        // When
        edit(service -> steer(service, "web"));
        // Then
        await().until(() -> cluster.get(HTTP, "podinfo").at("/spec").equals(before.at("/spec")));
        assertThat(cluster.get(HTTP, "podinfo").annotations()).isEmpty();
        assertThat(backends(HTTP, "web")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
    }

    /** Both of its sides go with the Canary, and nobody would look after it then. */
    @Test
    void aRouteThatWasMadeLeadsToTheApexWhenAnotherIsNamedInItsPlace() {
        anotherRouteIsNamed();
    }

    /** A Canary at 30 % names another route, and what it led before leads to the apex then. */
    void anotherRouteIsNamed() {
        cluster.withDrift();
        route(HTTP, "web");
        atThirtyPercent("gatewayRefs: [{name: web}]");
        cluster.settle();
        // When
        edit(service -> steer(service, "web"));
        // Then
        await().until(() -> backends(HTTP, "podinfo").equals("podinfo 1"));
        assertThat(cluster.get(HTTP, "podinfo").controllingCanary()).isEmpty();
        assertThat(backends(HTTP, "web")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
    }

    @Test
    void aRouteOfAnotherKindThatIsNamedNoMoreIsFoundByARouterThatKnowsNothingOfIt() {
        route(HTTP, "web");
        route(GRPC, "api");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: web}, {kind: GRPCRoute, name: api}]");
        // When: nobody watches
        cluster.restart(() -> edit(service -> steer(service, "web")));
        cluster.reach("Progressing");
        cluster.withDrift();
        // Then
        await().until(() -> backends(GRPC, "api").equals("podinfo -"));
        assertThat(backends(HTTP, "web")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
    }

    @Test
    void aRollbackTakesBackEachRouteThatItCanAndSaysWhichItCannot() {
        route(HTTP, "bad");
        route(HTTP, "web");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: bad}, {kind: HTTPRoute, name: web}]");
        cluster.takingForInvalid("bad.example.com");
        // When
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(back.getBecause()).contains("update error: invalid");
        assertThat(backends(HTTP, "web")).isEqualTo("podinfo-primary 100, podinfo-canary 0");
        assertThat(backends(HTTP, "bad")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
    }

    @Test
    void aRouteThatIsMissingStopsNoRepairOfAnother() {
        cluster.withDrift();
        route(HTTP, "gone");
        route(HTTP, "web");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: gone}, {kind: HTTPRoute, name: web}]");
        cluster.settle();
        cluster.objects().delete(cluster.ref(HTTP, "gone"));
        // When
        cluster.edit(
                HTTP,
                "web",
                it -> {
                    ((ObjectNode) it.spec().at("/rules/0/backendRefs/0")).put("weight", 0);
                    ((ObjectNode) it.spec().at("/rules/0/backendRefs/1")).put("weight", 1);
                });
        // Then
        await().until(() -> backends(HTTP, "web").equals("podinfo-primary 70, podinfo-canary 30"));
    }

    @Test
    void aRouteThatCannotBeGivenBackKeepsNoOtherFromIt() {
        cluster.withDrift();
        route(HTTP, "cart");
        route(HTTP, "web");
        route(HTTP, "other");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: cart}, {kind: HTTPRoute, name: web}]");
        cluster.settle();
        cluster.takingForInvalid("cart.example.com");
        // When
        edit(service -> steer(service, "other"));
        // Then
        await().until(() -> backends(HTTP, "web").equals("podinfo -"));
        assertThat(backends(HTTP, "other")).isEqualTo("podinfo-primary 70, podinfo-canary 30");
    }

    @Test
    void aRouteIsGivenBackWhenTheServiceIsCalledOtherwise() {
        cluster.withDrift();
        route(HTTP, "web");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: web}]");
        cluster.settle();
        // When
        edit(service -> service.put("name", "store"));
        await().until(() -> cluster.has(Kind.SERVICE, "store"));
        var down = cluster.scale(5, false);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(back.getCanaryWeight()).isZero();
        await().until(() -> backends(HTTP, "web").equals("podinfo -"));
        assertThat(cluster.get(HTTP, "web").annotations()).isEmpty();
    }

    @Test
    void aRouteThatIsNamedLaterNamesTheSidesFirstAndTheApexLonger() {
        cluster.withDrift();
        route(HTTP, "web");
        route(HTTP, "other");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: web}]");
        cluster.settle();
        // When
        edit(service -> steer(service, "web", "other"));
        // Then
        String end = "podinfo-primary 70, podinfo-canary 30";
        await().until(() -> backends(HTTP, "other").equals(end));
        assertThat(written("other"))
                .containsExactly(
                        "podinfo -, podinfo-primary 0, podinfo-canary 0", end + ", podinfo 0", end);
    }

    @Test
    void whileARouteIsOnItsWayTheCanaryIsTakenBack() {
        cluster.withDrift();
        route(HTTP, "web");
        route(HTTP, "other");
        atThirtyPercent("routeRefs: [{kind: HTTPRoute, name: web}]");
        cluster.settle();
        var meanwhile = new CompletableFuture<RouterResult>();
        cluster.meanwhile(
                () -> {
                    // On a thread of its own, as commands are.
                    meanwhile.completeAsync(() -> cluster.shift(5, 0));
                    meanwhile.orTimeout(10, TimeUnit.SECONDS).join();
                });
        // When
        edit(service -> steer(service, "web", "other"));
        // Then
        assertThat(meanwhile.orTimeout(20, TimeUnit.SECONDS).join().getOutcome())
                .isEqualTo(RouterOutcome.DONE);
        String end = "podinfo-primary 100, podinfo-canary 0";
        assertThat(backends(HTTP, "web")).isEqualTo(end);
        await().until(() -> backends(HTTP, "other").equals(end));
    }

    @Test
    void aRouteThatIsNamedNoMoreNamesTheApexFirstAndTheSidesLonger() {
        cluster.withDrift();
        route(HTTP, "web");
        route(HTTP, "other");
        atThirtyPercent(
                "routeRefs: [{kind: HTTPRoute, name: web}, {kind: HTTPRoute, name: other}]");
        cluster.settle();
        // When
        edit(service -> steer(service, "web"));
        // Then
        await().until(() -> backends(HTTP, "other").equals("podinfo -"));
        assertThat(written("other"))
                .endsWith(
                        "podinfo-primary 70, podinfo-canary 30, podinfo 0",
                        "podinfo -, podinfo-primary 0, podinfo-canary 0",
                        "podinfo -");
    }

    /** A step has no time to give it back, and does not leave the canary's share there. */
    @Test
    void aStepTakesBackWhatIsNamedNoMoreAtOnce() {
        route(HTTP, "web");
        route(HTTP, "other");
        atThirtyPercent(
                "routeRefs: [{kind: HTTPRoute, name: web}, {kind: HTTPRoute, name: other}]");
        cluster.withDrift();
        cluster.settle();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        edit(service -> steer(service, "web"));
        // When
        var back = cluster.shift(5, 0);
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(backends(HTTP, "other")).isEqualTo("podinfo-primary 100, podinfo-canary 0");
    }
}
