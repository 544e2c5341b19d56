package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A selector keeps all its labels, so that no Service selects a neighbour's pods. */
class SelectorsTest {

    private static final String TWO =
            "{\"app.kubernetes.io/name\":\"%s\",\"app.kubernetes.io/instance\":\"a\"}";

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private void workload(String kind) {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: %s
                metadata: {name: a-web}
                spec:
                  selector: {matchLabels: {app.kubernetes.io/name: web, app.kubernetes.io/instance: a}}
                  template:
                    metadata: {labels: {app.kubernetes.io/name: web, app.kubernetes.io/instance: a, tier: front}}
                    spec: {containers: [{name: web, image: "web:1"}]}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: istio
                  targetRef: {apiVersion: apps/v1, kind: %s, name: a-web}
                  service: {port: 9898, name: podinfo}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """
                        .formatted(kind, kind));
    }

    private String selector(String service) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "DaemonSet"})
    void everyLabelGoesToTheServicesAndToANewPrimary(String kind) {
        // Given
        workload(kind);
        // When
        cluster.initialize(1);
        // Then
        var workload = kind.equals("Deployment") ? Kind.DEPLOYMENT : Kind.DAEMON_SET;
        assertThat(selector("podinfo-canary")).isEqualTo(TWO.formatted("web"));
        assertThat(selector("podinfo-primary")).isEqualTo(TWO.formatted("web-primary"));
        assertThat(
                        cluster.get(workload, "a-web-primary")
                                .at("/spec/selector/matchLabels")
                                .toString())
                .isEqualTo(TWO.formatted("web-primary"));
    }

    @Test
    void aPrimaryThatWasThereKeepsItsSelectorAndItsServiceNarrowsByWhatItsPodsCarry() {
        // Given: Flagger's, which selects by one label
        workload("Deployment");
        cluster.initialize(1);
        cluster.edit(
                Kind.DEPLOYMENT,
                "a-web-primary",
                it ->
                        ((ObjectNode) it.spec().at("/selector/matchLabels"))
                                .remove("app.kubernetes.io/instance"));
        // When
        cluster.initialize(2);
        // Then
        assertThat(selector("podinfo-primary")).isEqualTo(TWO.formatted("web-primary"));
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "a-web-primary")
                                .at("/spec/selector/matchLabels")
                                .toString())
                .isEqualTo("{\"app.kubernetes.io/name\":\"web-primary\"}");
    }

    @Test
    void aLabelThatThePodsOfThePrimaryDoNotCarryIsNotAskedFor() {
        // Given
        workload("Deployment");
        cluster.initialize(1);
        cluster.edit(
                Kind.DEPLOYMENT,
                "a-web-primary",
                it ->
                        ((ObjectNode) it.spec().at("/template/metadata/labels"))
                                .remove("app.kubernetes.io/instance"));
        // When
        cluster.initialize(2);
        // Then
        assertThat(selector("podinfo-primary"))
                .isEqualTo("{\"app.kubernetes.io/name\":\"web-primary\"}");
    }
}
