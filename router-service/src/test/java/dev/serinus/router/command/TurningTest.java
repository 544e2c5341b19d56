package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Contour;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A data plane that learns of Services from routes is told of each before requests go there, and
 * until none do any more.
 */
class TurningTest {

    /** Each with a route of its user, which leads to the application. */
    enum Plane {
        GATEWAY_API(
                "gatewayapi:v1",
                "gatewayRefs: [{name: web}]",
                GatewayApi.V1.writes().getFirst(),
                "/spec/rules",
                "backendRefs",
                "{parentRefs: [{name: web}], rules: [{backendRefs: [{name: podinfo, port: 9898,"
                        + " weight: 1}]}]}"),
        CONTOUR(
                "contour",
                "gatewayRefs: [{name: web}]",
                Contour.PROXY,
                "/spec/routes",
                "services",
                "{virtualhost: {fqdn: shop.example.com}, routes: [{services: [{name: podinfo, port:"
                        + " 9898}]}]}"),
        ISTIO(
                "istio",
                "gateways: [web]",
                Istio.VIRTUAL_SERVICE,
                "/spec/http",
                "route",
                "{hosts: [shop.example.com], gateways: [web], http: [{route: [{destination: {host:"
                        + " podinfo}, weight: 1}]}]}"),
        ISTIO_TCP(
                "istio",
                "gateways: [web], appProtocol: tcp",
                Istio.VIRTUAL_SERVICE,
                "/spec/tcp",
                "route",
                "{hosts: [shop.example.com], gateways: [web], tcp: [{route: [{destination: {host:"
                        + " podinfo}, weight: 1}]}]}");

        private final String provider;
        private final String service;

        @SuppressWarnings("ImmutableEnumChecker") // a record of texts
        private final Kind kind;

        private final String rules;
        private final String backends;
        private final String spec;

        Plane(
                String provider,
                String service,
                Kind kind,
                String rules,
                String backends,
                String spec) {
            this.provider = provider;
            this.service = service;
            this.kind = kind;
            this.rules = rules;
            this.backends = backends;
            this.spec = spec;
        }

        /** Names and weights of a route, such as {@code podinfo 1}. */
        private String backends(ObjectNode route) {
            List<String> found = new ArrayList<>();
            for (var rule : route.at(rules)) {
                for (var backend : rule.path(backends)) {
                    found.add(
                            "%s %d"
                                    .formatted(
                                            backend.path("name")
                                                    .asText(
                                                            backend.at("/destination/host")
                                                                    .asText()),
                                            backend.path("weight").asInt()));
                }
            }
            return String.join(", ", found);
        }
    }

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void served(Plane plane) {
        cluster.create(
                """
                apiVersion: %s
                kind: %s
                metadata: {name: podinfo, labels: {team: shop}}
                spec: %s
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: %s
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898, %s}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """
                        .formatted(
                                plane.kind.apiVersion(),
                                plane.kind.name(),
                                plane.spec,
                                plane.provider,
                                plane.service));
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
    }

    /** What the route named, one entry for each time that the router wrote it. */
    private List<String> written(Plane plane) {
        return cluster.written(plane.kind, "podinfo").stream()
                .map(it -> plane.backends(it.json()))
                .toList();
    }

    private void restored() {
        cluster.delete("podinfo");
        var canary = cluster.canary();
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary)).getOutcome())
                .isEqualTo(RouterOutcome.DONE);
    }

    private ClusterObject route(Plane plane) {
        return cluster.get(plane.kind, "podinfo");
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void aRouteThatIsTakenOverNamesTheSidesFirstAndTheApexLonger(Plane plane) {
        // Given
        served(plane);
        // When
        cluster.takeOver(2);
        // Then
        String end = plane.backends(route(plane).json());
        assertThat(written(plane))
                .containsExactly(
                        "podinfo 1, podinfo-primary 0, podinfo-canary 0", end + ", podinfo 0", end);
        assertThat(end).isEqualTo("podinfo-primary 100, podinfo-canary 0");
        assertThat(cluster.takeOver(2).getWrites()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void aRouteThatIsGivenBackNamesTheApexFirstAndTheSidesLonger(Plane plane) {
        // Given
        served(plane);
        cluster.takeOver(2);
        String taken = written(plane).getLast();
        // When
        restored();
        // Then
        var seen = written(plane);
        assertThat(seen).hasSize(6);
        assertThat(seen.get(3)).isEqualTo(taken + ", podinfo 0");
        assertThat(seen.get(4)).isEqualTo("podinfo 1, podinfo-primary 0, podinfo-canary 0");
        assertThat(seen.getLast()).startsWith("podinfo ").doesNotContain(",");
        assertThat(route(plane).annotations()).isEmpty();
        assertThat(route(plane).labels()).containsOnlyKeys("team");
        assertThat(cluster.has(Kind.SERVICE, "podinfo-primary")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void onItsWayARouteIsNotedAsItWasFound(Plane plane) {
        // Given
        served(plane);
        var before = route(plane).at("/spec");
        List<String> notes = new CopyOnWriteArrayList<>();
        cluster.interfere(
                ref -> ref.kind().equals(plane.kind),
                () ->
                        cluster.interfere(
                                ref -> ref.kind().equals(plane.kind),
                                () ->
                                        notes.add(
                                                String.valueOf(
                                                        route(plane)
                                                                .annotation(
                                                                        RouteMetadata.ORIGINAL)))));
        // When
        cluster.takeOver(2);
        // Then
        assertThat(notes).hasSize(1);
        assertThat(notes.getFirst()).contains(before.toString());
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void whileItIsOnItsWayALaterActionIsCarriedOut(Plane plane) {
        // Given
        served(plane);
        String before = plane.backends(route(plane).json());
        var takeOver = cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false);
        // When
        var begun = cluster.send(takeOver);
        // Then
        assertThat(begun.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(begun.getRetryAfterMillis()).isEqualTo(PretendCluster.PATIENCE.toMillis());
        assertThat(begun.getBecause()).contains("is led elsewhere in several writes");
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo 1, podinfo-primary 0, podinfo-canary 0");
        restored();
        assertThat(plane.backends(route(plane).json()).split(" ")[0])
                .isEqualTo(before.split(" ")[0]);
        assertThat(route(plane).annotations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void itGoesOnNoSoonerThanDataPlanesHadTime(Plane plane) {
        // Given
        served(plane);
        var takeOver = cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false);
        cluster.send(takeOver);
        cluster.pass(PretendCluster.PATIENCE.minusMillis(1));
        // When
        var early = cluster.send(takeOver);
        // Then
        assertThat(early.getRetryAfterMillis()).isEqualTo(1);
        assertThat(written(plane)).hasSize(1);
    }

    /** What is noted of it says what it has, which on its way is what it had. */
    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"GATEWAY_API", "ISTIO"})
    void aHostThatTheCanaryGivesUpTogetherWithItsPortGoes(Plane plane) {
        // Given
        String hosts = plane == Plane.ISTIO ? "hosts" : "hostnames";
        served(plane);
        cluster.edit(
                plane.kind,
                "podinfo",
                it -> it.spec().withArrayProperty(hosts).removeAll().add("legacy.test"));
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.spec().withObjectProperty("service").putArray("hosts").add("a.test"));
        cluster.takeOver(2);
        assertThat(hosts(plane, hosts)).contains("a.test", "legacy.test");
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("service")
                                .put("port", 9899)
                                .putArray("hosts")
                                .add("b.test"));
        var done = cluster.patiently(() -> cluster.shift(3, 0));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(hosts(plane, hosts)).contains("b.test", "legacy.test").doesNotContain("a.test");
    }

    private List<String> hosts(Plane plane, String field) {
        return route(plane).at("/spec/" + field).valueStream().map(it -> it.asText()).toList();
    }

    /** The next router knows nothing of how far it came. */
    @ParameterizedTest
    @EnumSource(Plane.class)
    void whoBeginsAgainAfterARestartTakesItFromWhereItIs(Plane plane) {
        // Given
        served(plane);
        var takeOver = cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false);
        cluster.send(takeOver);
        String uid = cluster.canary().at("/metadata/uid").asText();
        cluster.context().recent().forget(uid);
        cluster.context().turns().forget(uid);
        // When
        var first = cluster.send(takeOver);
        var done = cluster.takeOver(2);
        // Then: it is not known since when the sides are named
        assertThat(first.getRetryAfterMillis()).isEqualTo(PretendCluster.PATIENCE.toMillis());
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(written(plane)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void whoBeginsAgainBeforeTheLastWriteMakesThat(Plane plane) {
        // Given
        served(plane);
        var takeOver = cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false);
        cluster.send(takeOver);
        cluster.pass(PretendCluster.PATIENCE);
        cluster.send(takeOver);
        assertThat(written(plane).getLast()).endsWith(", podinfo 0");
        String uid = cluster.canary().at("/metadata/uid").asText();
        cluster.context().recent().forget(uid);
        cluster.context().turns().forget(uid);
        // When
        var done = cluster.takeOver(2);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo-primary 100, podinfo-canary 0");
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void whoChangesItMeanwhileIsHeard(Plane plane) {
        // Given
        served(plane);
        cluster.interfere(
                ref -> ref.kind().equals(plane.kind),
                () ->
                        cluster.interfere(
                                ref -> ref.kind().equals(plane.kind),
                                () ->
                                        cluster.edit(
                                                plane.kind,
                                                "podinfo",
                                                it -> it.annotate("shop/owner", "ann"))));
        // When
        var done = cluster.takeOver(2);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(route(plane).annotation("shop/owner")).isEqualTo("ann");
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo-primary 100, podinfo-canary 0");
    }

    /** Takes away what is named with weight 0. */
    private static void dropSilent(Plane plane, Edit route) {
        for (var rule : route.spec().at(plane.rules.substring("/spec".length()))) {
            var backends = rule.path(plane.backends);
            for (int i = backends.size() - 1; i >= 0; i--) {
                if (backends.path(i).path("weight").asInt(1) == 0) {
                    ((ArrayNode) backends).remove(i);
                }
            }
        }
    }

    /** As often as analysis asks in half a minute. */
    private RouterOutcome asked(RouterCommand.Builder command, Runnable between) {
        var answer = cluster.send(command);
        for (int i = 0; i < 15 && answer.getRetryAfterMillis() != null; i++) {
            cluster.pass(Duration.ofMillis(answer.getRetryAfterMillis()));
            between.run();
            answer = cluster.send(command);
        }
        return answer.getOutcome();
    }

    /** What is named ahead is not kept there: no write makes it so, and the order ends. */
    @ParameterizedTest
    @EnumSource(Plane.class)
    void whereNothingIsNamedWithoutAShareARouteIsTurnedAllTheSame(Plane plane) {
        // Given
        served(plane);
        String before = plane.backends(route(plane).json());
        cluster.mutating(it -> dropSilent(plane, it));
        // When
        var taken =
                asked(cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false), () -> {});
        // Then
        assertThat(taken).isEqualTo(RouterOutcome.DONE);
        assertThat(plane.backends(route(plane).json())).startsWith("podinfo-primary 100");
        cluster.delete("podinfo");
        assertThat(asked(cluster.command(RouterAction.RESTORE, 9), () -> {}))
                .isEqualTo(RouterOutcome.DONE);
        assertThat(plane.backends(route(plane).json())).isEqualTo(before);
        assertThat(route(plane).annotations()).isEmpty();
    }

    /** The same where a controller takes it away a moment later. */
    @ParameterizedTest
    @EnumSource(Plane.class)
    void whoTakesAwayWhatIsNamedTimeAndAgainIsNotWaitedForWithoutEnd(Plane plane) {
        // Given
        served(plane);
        String before = plane.backends(route(plane).json());
        Runnable drop = () -> cluster.edit(plane.kind, "podinfo", it -> dropSilent(plane, it));
        // When
        var taken = asked(cluster.command(RouterAction.TAKE_OVER, 2).setTargetRunning(false), drop);
        // Then
        assertThat(taken).isEqualTo(RouterOutcome.DONE);
        assertThat(plane.backends(route(plane).json())).startsWith("podinfo-primary 100");
        cluster.delete("podinfo");
        assertThat(asked(cluster.command(RouterAction.RESTORE, 9), drop))
                .isEqualTo(RouterOutcome.DONE);
        assertThat(plane.backends(route(plane).json())).isEqualTo(before);
    }

    /** Somebody changes the route, and the router looks after the Canary. */
    private void repairedWhile(Plane plane, String label) {
        cluster.edit(plane.kind, "podinfo", it -> it.label(Map.of("shop/" + label, "yes")));
        cluster.edit(
                Kind.SERVICE,
                "podinfo-canary",
                it -> it.spec().putObject("selector").put("a", "b"));
        await().until(
                        () ->
                                cluster.get(Kind.SERVICE, "podinfo-canary")
                                        .at("/spec/selector/a")
                                        .isMissingNode());
    }

    /** Its gateway has seen it as it is, and is silent of it from the next write on. */
    private void seenByItsGateway() {
        var plane = Plane.GATEWAY_API;
        long generation = route(plane).at("/metadata/generation").asLong();
        cluster.edit(
                plane.kind,
                "podinfo",
                it -> {
                    var status = JsonNodeFactory.instance.objectNode();
                    var said = status.putArray("parents").addObject();
                    said.putObject("parentRef").put("name", "web");
                    said.putArray("conditions")
                            .addObject()
                            .put("type", "Accepted")
                            .put("status", "True")
                            .put("observedGeneration", generation);
                    it.put("status", status);
                });
    }

    /** A repair on the way takes what it finds for what is to be served, under the same step. */
    @Test
    void whatACommandHasWrittenIsNotPutBackToWhatARepairFoundOnTheWay() {
        // Given
        var plane = Plane.GATEWAY_API;
        served(plane);
        var found = route(plane);
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
        cluster.edit(
                plane.kind,
                "podinfo",
                it -> it.put("spec", found.at("/spec")).withoutAnnotations(_ -> true));
        var shift = cluster.command(RouterAction.SHIFT, 5).setCanaryWeight(60);
        assertThat(cluster.send(shift).getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo 1, podinfo-primary 0, podinfo-canary 0");
        cluster.reach("Progressing");
        cluster.withDrift();
        repairedWhile(plane, "ahead");
        await().until(
                        () ->
                                plane.backends(route(plane).json())
                                        .equals("podinfo-primary 100, podinfo-canary 0"));
        seenByItsGateway();
        var written = cluster.send(shift);
        assertThat(written.getBecause()).contains("parent web is not ready");
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo-primary 40, podinfo-canary 60");
        // When
        repairedWhile(plane, "written");
        // Then
        assertThat(plane.backends(route(plane).json()))
                .isEqualTo("podinfo-primary 40, podinfo-canary 60");
    }
}
