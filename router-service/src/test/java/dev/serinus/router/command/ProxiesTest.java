package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Contour;
import dev.serinus.schemas.mesh.Traefik;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.stream.StreamSupport;

/** A release behind proxies whose routes are resources of their own. */
class ProxiesTest {

    /** Each with a route that somebody made, which leads to the application and elsewhere. */
    enum Proxy {
        CONTOUR(
                "contour",
                Contour.PROXY,
                "/spec/routes/0/services",
                "{virtualhost: {fqdn: shop.example.com}, routes: [{services: [{name: podinfo, port:"
                        + " 9898, weight: 1}, {name: old, port: 80, weight: 1}]}]}"),
        TRAEFIK(
                "traefik",
                Traefik.TRAEFIK_SERVICE,
                "/spec/weighted/services",
                "{weighted: {services: [{name: podinfo, port: 9898}, {name: old, port: 80}]}}");

        private final String provider;

        @SuppressWarnings("ImmutableEnumChecker") // a record of texts
        private final Kind kind;

        private final String backends;
        private final String found;

        Proxy(String provider, Kind kind, String backends, String found) {
            this.provider = provider;
            this.kind = kind;
            this.backends = backends;
            this.found = found;
        }

        private String route(String spec) {
            return """
            apiVersion: %s
            kind: %s
            metadata: {name: podinfo, labels: {team: shop}}
            spec: %s
            """
                    .formatted(kind.apiVersion(), kind.name(), spec);
        }
    }

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void canary(Proxy proxy) {
        cluster.create(
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: %s
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """
                        .formatted(proxy.provider));
    }

    private void atThirtyPercent(Proxy proxy) {
        canary(proxy);
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        assertThat(cluster.shift(4, 30).getWrites()).isZero();
    }

    private List<String> weights(Proxy proxy) {
        return StreamSupport.stream(
                        cluster.get(proxy.kind, "podinfo").at(proxy.backends).spliterator(), false)
                .map(it -> it.path("name").asText() + " " + it.path("weight").asInt())
                .toList();
    }

    private void restored() {
        cluster.delete("podinfo");
        var canary = cluster.canary();
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary)).getOutcome())
                .isEqualTo(RouterOutcome.DONE);
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void whatSomebodyElseChangedIsPutBackAtThePresentSplit(Proxy proxy) {
        // Given
        cluster.withDrift();
        atThirtyPercent(proxy);
        cluster.settle();
        // When
        cluster.edit(
                proxy.kind,
                "podinfo",
                it -> {
                    for (JsonNode backend : it.spec().at(proxy.backends.substring(5))) {
                        ((ObjectNode) backend).put("weight", 50);
                    }
                });
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(weights(proxy))
                                        .containsExactly(
                                                "podinfo-primary 70", "podinfo-canary 30"));
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void anEditOfThePortReshapesTheRouteAtThePresentSplit(Proxy proxy) {
        // Given
        cluster.withDrift();
        atThirtyPercent(proxy);
        cluster.settle();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("port", 8080));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(cluster.get(proxy.kind, "podinfo").at(proxy.backends))
                                        .allSatisfy(
                                                it ->
                                                        assertThat(it.path("port").asInt())
                                                                .isEqualTo(8080)));
        assertThat(weights(proxy)).containsExactly("podinfo-primary 70", "podinfo-canary 30");
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void aRouteThatWeMadeStaysAndLeadsToTheApexWhenTheCanaryGoes(Proxy proxy) {
        // Given
        atThirtyPercent(proxy);
        // When
        restored();
        // Then
        assertThat(
                        StreamSupport.stream(
                                        cluster.get(proxy.kind, "podinfo")
                                                .at(proxy.backends)
                                                .spliterator(),
                                        false)
                                .map(it -> it.path("name").asText()))
                .containsExactly("podinfo");
        assertThat(cluster.get(proxy.kind, "podinfo").controllingCanary()).isEmpty();
        assertThat(cluster.has(Kind.SERVICE, "podinfo-canary")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void aRouteThatWasThereIsSharedAndGivenBack(Proxy proxy) {
        // Given
        cluster.create(proxy.route(proxy.found));
        var before = cluster.get(proxy.kind, "podinfo");
        // When
        atThirtyPercent(proxy);
        // Then
        assertThat(weights(proxy))
                .containsExactly("podinfo-primary 70", "podinfo-canary 30", "old 100");
        restored();
        var after = cluster.get(proxy.kind, "podinfo");
        assertThat(after.at("/spec")).isEqualTo(before.at("/spec"));
        assertThat(after.labels()).isEqualTo(before.labels());
        assertThat(after.annotations()).isEqualTo(before.annotations());
    }

    @Test
    void oneThatCannotBeTakenOverIsSaidBeforeAnythingIsMade() {
        // Given
        cluster.create(Proxy.TRAEFIK.route("{mirroring: {name: podinfo, port: 9898}}"));
        canary(Proxy.TRAEFIK);
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause()).contains("spec.mirroring");
        assertThat(cluster.writes()).isZero();
    }
}
