package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** People find what was made for Canaries by a label of Flagger's guides. */
class ManagedByTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void taken() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private void promoted() {
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
        assertThat(cluster.promote(5).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private String label(Kind kind, String name) {
        return cluster.get(kind, name).labels().getOrDefault(ManagedBy.LABEL, "");
    }

    /** As an earlier release left it: without the label, or with what it copied. */
    private void relabel(Kind kind, String name, String value) {
        cluster.edit(
                kind,
                name,
                it -> {
                    it.withoutLabels(ManagedBy.LABEL::equals);
                    if (!value.isEmpty()) {
                        it.label(Map.of(ManagedBy.LABEL, value));
                    }
                });
    }

    private void scaled() {
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler, labels: {team: checkout, app.kubernetes.io/managed-by: Helm}}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 4, maxReplicas: 9}
                """);
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .putObject("autoscalerRef")
                                .put("apiVersion", "autoscaling/v2")
                                .put("kind", "HorizontalPodAutoscaler")
                                .put("name", "scaler"));
    }

    private void apexLabelled(String value) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("service"))
                                .putObject("apex")
                                .putObject("labels")
                                .put(ManagedBy.LABEL, value));
    }

    @Test
    void allThatIsMadeForACanaryHasItAndNoPodOfIt() {
        // When
        taken();
        promoted();
        // Then
        var made =
                cluster.written().stream()
                        .map(PretendCluster.Written::object)
                        .filter(Objects::nonNull)
                        .filter(it -> it.controllingCanary().isPresent())
                        .toList();
        assertThat(made)
                .allSatisfy(it -> assertThat(it.labels()).containsEntry(ManagedBy.LABEL, "flagger"))
                .noneSatisfy(
                        it ->
                                assertThat(it.at("/spec/template/metadata/labels").toString())
                                        .contains(ManagedBy.LABEL));
        assertThat(made.stream().map(ClusterObject::ref).map(Ref::kind).collect(Collectors.toSet()))
                .contains(
                        Kind.DEPLOYMENT,
                        Kind.SERVICE,
                        Kind.CONFIG_MAP,
                        Kind.SECRET,
                        Kind.CONTROLLER_REVISION,
                        ROUTE);
    }

    @Test
    void whatIsTheUsersHasItNot() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, labels: {app.kubernetes.io/managed-by: Helm}}
                spec: {selector: {app: podinfo}, ports: [{name: http, port: 80, targetPort: 9898}]}
                ---
                apiVersion: networking.istio.io/v1beta1
                kind: VirtualService
                metadata: {name: podinfo}
                spec: {hosts: [podinfo], http: [{route: [{destination: {host: podinfo}}]}]}
                """);
        // When
        taken();
        promoted();
        // Then
        assertThat(label(Kind.SERVICE, "podinfo")).isEqualTo("Helm");
        assertThat(label(ROUTE, "podinfo")).isEmpty();
        assertThat(label(Kind.DEPLOYMENT, "podinfo")).isEmpty();
    }

    @Test
    void whatAnEarlierReleaseMadeGetsItWithTheNextWriteAndIsNotWrittenForIt() {
        // Given
        taken();
        relabel(ROUTE, "podinfo", "");
        relabel(Kind.SERVICE, "podinfo", "");
        relabel(Kind.DEPLOYMENT, "podinfo-primary", "");
        var before = cluster.writes();
        cluster.withDrift();
        cluster.settle();
        assertThat(cluster.initialize(3).getWrites()).isZero();
        assertThat(cluster.takeOver(4).getWrites()).isZero();
        assertThat(cluster.writes()).isEqualTo(before);
        // When
        cluster.scale(5, true);
        cluster.serve("podinfo");
        cluster.shift(6, 30);
        // Then
        assertThat(label(ROUTE, "podinfo")).isEqualTo("flagger");
        assertThat(label(Kind.SERVICE, "podinfo")).isEmpty();
        assertThat(label(Kind.DEPLOYMENT, "podinfo-primary")).isEmpty();
        cluster.settle();
        assertThat(cluster.shift(7, 30).getWrites()).isZero();
    }

    @Test
    void aCopyDoesNotSayWhoMakesTheUsersObject() {
        // Given
        scaled();
        // When
        taken();
        // Then
        assertThat(cluster.get(Kind.AUTOSCALER, "scaler-primary").labels())
                .containsEntry(ManagedBy.LABEL, "flagger")
                .containsEntry("team", "checkout");
        assertThat(label(Kind.AUTOSCALER, "scaler")).isEqualTo("Helm");
    }

    @Test
    void whatAnEarlierReleaseCopiedOfItGoesWithTheNextWrite() {
        // Given
        scaled();
        taken();
        relabel(Kind.AUTOSCALER, "scaler-primary", "Helm");
        assertThat(cluster.takeOver(3).getWrites()).isZero();
        cluster.edit(Kind.AUTOSCALER, "scaler", it -> it.spec().put("maxReplicas", 12));
        // When
        promoted();
        // Then
        assertThat(label(Kind.AUTOSCALER, "scaler-primary")).isEqualTo("flagger");
    }

    @Test
    void theManifestsOwnWordCountsAndNothingIsWrittenTimeAndAgain() {
        // Given
        apexLabelled("platform");
        cluster.withDrift();
        // When
        taken();
        cluster.settle();
        // Then
        assertThat(label(Kind.SERVICE, "podinfo")).isEqualTo("platform");
        assertThat(label(ROUTE, "podinfo")).isEqualTo("platform");
        assertThat(label(Kind.SERVICE, "podinfo-primary")).isEqualTo("flagger");
        assertThat(cluster.takeOver(3).getWrites()).isZero();
        // When
        apexLabelled("web");
        // Then
        await().untilAsserted(() -> assertThat(label(ROUTE, "podinfo")).isEqualTo("web"));
    }

    @Test
    void whatIsLeftToTheTargetIsItsUsersFromThenOn() {
        // Given
        taken();
        cluster.delete("podinfo");
        // When
        var done = cluster.ask(cluster.command(RouterAction.RESTORE, 9, cluster.canary()));
        cluster.serve("podinfo");
        if (done.getOutcome() != RouterOutcome.DONE) {
            done = cluster.ask(cluster.command(RouterAction.RESTORE, 9, cluster.canary()));
        }
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.SERVICE, "podinfo").labels())
                .doesNotContainKey(ManagedBy.LABEL);
    }
}
