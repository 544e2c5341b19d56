package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Edits of spec.service that change the Services themselves, and not what leads to them. */
class ServiceEditsTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml").withDrift();

    @BeforeEach
    void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void edited(Consumer<ObjectNode> service) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> service.accept((ObjectNode) it.spec().path("service")));
    }

    private List<String> distributions() {
        return List.of("podinfo", "podinfo-primary", "podinfo-canary").stream()
                .map(it -> cluster.get(Kind.SERVICE, it).at("/spec/trafficDistribution").asText())
                .toList();
    }

    @Test
    void howNearEndpointsArePreferredFollowsTheCanary() {
        // When
        edited(it -> it.put("trafficDistribution", "PreferClose"));
        // Then
        await().untilAsserted(() -> assertThat(distributions()).containsOnly("PreferClose"));
        // When
        edited(it -> it.remove("trafficDistribution"));
        // Then
        await().untilAsserted(() -> assertThat(distributions()).containsOnly(""));
    }

    /** Flux would undo selectors and splits. */
    @Test
    void nobodyHasFluxUndoWhatIsWritten() {
        // When
        edited(
                it ->
                        it.withObjectProperty("apex")
                                .putObject("annotations")
                                .put("kustomize.toolkit.fluxcd.io/reconcile", "enabled")
                                .put("note", "ours"));
        // Then
        for (var kind : List.of(Kind.SERVICE, Istio.VIRTUAL_SERVICE)) {
            await().untilAsserted(
                            () ->
                                    assertThat(cluster.get(kind, "podinfo").annotations())
                                            .containsEntry("note", "ours")
                                            .containsEntry(
                                                    "kustomize.toolkit.fluxcd.io/reconcile",
                                                    "disabled"));
        }
    }

    @Test
    void whatNobodyCanChangeIsSaidWithTheWayOut() {
        // When
        edited(it -> it.put("headless", true));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(notes())
                                        .anyMatch(
                                                it ->
                                                        it.contains(
                                                                "spec.service.headless is true")));
        var result = cluster.initialize(3);
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause())
                .contains("podinfo-canary.test", "not headless", "spec.clusterIP");
    }

    @Test
    void whatTheApiServerDoesNotKeepIsSaidAndWrittenOnce() {
        // Given
        cluster.withoutField("trafficDistribution");
        // When
        edited(it -> it.put("trafficDistribution", "PreferClose"));
        await().untilAsserted(
                        () ->
                                assertThat(notes())
                                        .anyMatch(it -> it.contains("trafficDistribution is")));
        cluster.settle();
        int writes = cluster.writes();
        var again = cluster.initialize(3);
        // Then
        assertThat(again.getBecause()).contains("spec.service.trafficDistribution is PreferClose");
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    /** As a policy of one namespace does: what it takes away is its own Services'. */
    @Test
    void whatIsNotKeptOfOneServiceStaysOfOthers() {
        // Given
        cluster.mutating(
                edit -> {
                    if (edit.spec().at("/selector/app").asText().equals("podinfo")) {
                        edit.spec().remove("trafficDistribution");
                    }
                });
        // When
        edited(it -> it.put("trafficDistribution", "PreferClose"));
        await().untilAsserted(
                        () ->
                                assertThat(notes())
                                        .anyMatch(
                                                it ->
                                                        it.contains(
                                                                "services podinfo-canary.test,")));
        cluster.settle();
        var again = cluster.initialize(3);
        // Then
        assertThat(again.getBecause())
                .contains("was not kept of services podinfo-canary.test, where");
        assertThat(distributions()).containsExactly("PreferClose", "PreferClose", "");
    }

    private List<String> notes() {
        return cluster.objects().list(Kind.EVENT, PretendCluster.NAMESPACE, Map.of()).stream()
                .map(it -> it.at("/message").asText())
                .toList();
    }
}
