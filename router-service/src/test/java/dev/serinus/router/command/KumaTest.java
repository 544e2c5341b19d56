package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Kuma;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;
import java.util.regex.Matcher;

/** Kuma's route is the whole cluster's: nobody owns it, and its name knows no namespace. */
class KumaTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, annotations: {kuma.io/mesh: blue}}
            spec:
              provider: kuma
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898}
              analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
            """;

    /** Of a Canary of the same name, as Flagger makes it: no owner, only the tags tell. */
    private static final String FLAGGERS =
            """
            apiVersion: kuma.io/v1alpha1
            kind: TrafficRoute
            mesh: blue
            metadata: {name: podinfo}
            spec:
              sources: [{match: {kuma.io/service: "*"}}]
              destinations: [{match: {kuma.io/service: podinfo_test_svc_9898}}]
              conf:
                split:
                - {weight: 100, destination: {kuma.io/service: podinfo-primary_test_svc_9898}}
                - {weight: 0, destination: {kuma.io/service: podinfo-canary_test_svc_9898}}
            """;

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void create(String yaml) {
        create(Kuma.TRAFFIC_ROUTE, yaml);
    }

    private void create(Kind kind, String yaml) {
        var object =
                cluster.client()
                        .getKubernetesSerialization()
                        .unmarshal(yaml, GenericKubernetesResource.class);
        var _ =
                cluster.client()
                        .genericKubernetesResources(kind.context())
                        .resource(object)
                        .create();
    }

    private void createMesh() {
        create(
                Kuma.MESHES,
                """
                apiVersion: kuma.io/v1alpha1
                kind: Mesh
                metadata: {name: blue}
                """);
    }

    /** As Kuma made it for every new Mesh before version 2.6. */
    private static final String FOR_ALL =
            """
            apiVersion: kuma.io/v1alpha1
            kind: TrafficRoute
            mesh: blue
            metadata: {name: route-all-blue}
            spec:
              sources: [{match: {kuma.io/service: "*"}}]
              destinations: [{match: {kuma.io/service: "*"}}]
              conf: {destination: {kuma.io/service: "*"}}
            """;

    private void initialized() {
        cluster.create(CANARY);
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
    }

    private void atThirtyPercent() {
        initialized();
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
    }

    @Test
    void aMeshThatHasNoRouteForAllAnyMoreIsToldWithTheNextRelease() {
        // Given
        createMesh();
        create(FOR_ALL);
        initialized();
        cluster.takeOver(2);
        // When
        cluster.objects().delete(Kuma.TRAFFIC_ROUTE.named("", "route-all-blue"));
        var told = cluster.scale(3, true);
        // Then
        assertThat(told.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(told.getBecause()).startsWith("Mesh blue has no TrafficRoute for all");
    }

    private ClusterObject route() {
        return cluster.get(Kuma.TRAFFIC_ROUTE, "podinfo");
    }

    private int weight() {
        return cluster.has(Kuma.TRAFFIC_ROUTE, "podinfo")
                ? route().at("/spec/conf/split/1/weight").asInt()
                : -1;
    }

    private RouterOutcome deleted() {
        cluster.delete("podinfo");
        var canary = cluster.canary();
        cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary)).getOutcome();
    }

    @Test
    void theRouteIsOfTheCanarysMeshAndGoesWithTheCanary() {
        // Given
        atThirtyPercent();
        assertThat(route().at("/mesh").asText()).isEqualTo("blue");
        assertThat(weight()).isEqualTo(30);
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kuma.TRAFFIC_ROUTE, "podinfo")).isFalse();
    }

    @Test
    void whatIsSetForTheApexAloneIsToldWhenTheSidesAreMade() {
        // Given
        cluster.create(
                CANARY.replace(
                        "{port: 9898}",
                        "{port: 9898, apex: {annotations: {9898.service.kuma.io/protocol:"
                                + " http2}}}"));
        // When
        var made = cluster.initialize(1);
        // Then
        assertThat(made.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(made.getBecause())
                .startsWith("annotations 9898.service.kuma.io/protocol of Service podinfo.test");
    }

    @Test
    void whatFlaggerMadeGoesWithTheCanaryToo() {
        // Given
        create(FLAGGERS);
        atThirtyPercent();
        assertThat(weight()).isEqualTo(30);
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kuma.TRAFFIC_ROUTE, "podinfo")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_test_svc_", "podinfo_test_svc_9898"})
    void aRouteAboutAnotherServiceIsLeftToIt(String ours) {
        // Given
        create(FLAGGERS.replace(ours, ours.replace("_test_", "_elsewhere_")));
        cluster.create(CANARY);
        var before = route();
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .isEqualTo(
                        "TrafficRoute podinfo of the whole cluster is about"
                                + " podinfo_elsewhere_svc_9898, not about podinfo_test_svc_9898;"
                                + " give this Canary another spec.service.name, or delete the"
                                + " TrafficRoute");
        assertThat(route()).isEqualTo(before);
        assertThat(cluster.writes()).isZero();
    }

    /** With the first TrafficRoute of a Mesh Kuma routes to nothing that has none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mesh: green",
                "sources: [{match: {kuma.io/service: web}}]",
                "destinations: [{match: {kuma.io/service: web}}]",
                "destinations: [{match: {kuma.io/service: \"*\", version: v1}}]"
            })
    void aMeshThatHasNoRouteForAllOfItsServicesGetsNoneForOne(String field) {
        // Given
        createMesh();
        if (!field.isEmpty()) {
            String name = field.substring(0, field.indexOf(':'));
            create(FOR_ALL.replaceFirst(name + ": .*", Matcher.quoteReplacement(field)));
        }
        cluster.create(CANARY);
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .startsWith("Mesh blue has no TrafficRoute for all of its services")
                .contains("podinfo_test_svc_9898", "mesh: blue");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aMeshThatHasARouteForAllOfItsServicesGetsOneForTheCanary() {
        // Given
        createMesh();
        create(FOR_ALL);
        // When
        atThirtyPercent();
        // Then
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void whatFlaggerMadeInAMeshWithoutOneForAllGoesOn() {
        // Given
        createMesh();
        create(FLAGGERS);
        // When
        atThirtyPercent();
        // Then
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void aPortThatAnAdoptedRouteIsNotAboutKeepsNoTrafficOnTheCanary() {
        // Given
        create(FLAGGERS.replaceAll("(?s)    split:.*", "    destination: {kuma.io/service: x}"));
        atThirtyPercent();
        assertThat(weight()).isEqualTo(30);
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("port", 8080));
        // When
        var more = cluster.shift(5, 60);
        var back = cluster.shift(6, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getBecause()).contains("not about podinfo_test_svc_8080");
        assertThat(weight()).isZero();
    }

    @Test
    void aSplitThatSomebodyElseChangedIsRestored() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When
        cluster.edit(
                Kuma.TRAFFIC_ROUTE,
                "podinfo",
                it -> {
                    ((ObjectNode) it.spec().at("/conf/split/0")).put("weight", 0);
                    ((ObjectNode) it.spec().at("/conf/split/1")).put("weight", 100);
                });
        // Then
        await().untilAsserted(() -> assertThat(weight()).isEqualTo(30));
    }
}
