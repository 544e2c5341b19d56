package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Pods of each side keep away from each other, and stay together, as those of the target do. */
class SpreadingTest {

    private static final String LABEL = "app.kubernetes.io/name";
    private static final List<String> PLACES =
            List.of(
                    "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector",
                    "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/podAffinityTerm/labelSelector",
                    "/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector",
                    "/topologySpreadConstraints/0/labelSelector");

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** As most charts have it: the workload is called otherwise than the label says. */
    private void workload() {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop-web}
                spec:
                  selector: {matchLabels: {app.kubernetes.io/name: web}}
                  template:
                    metadata: {labels: {app.kubernetes.io/name: web}}
                    spec:
                      affinity:
                        podAntiAffinity:
                          requiredDuringSchedulingIgnoredDuringExecution:
                          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app.kubernetes.io/name: web}}}
                          preferredDuringSchedulingIgnoredDuringExecution:
                          - {weight: 1, podAffinityTerm: {topologyKey: zone, labelSelector: {matchExpressions: [{key: app.kubernetes.io/name, operator: In, values: [web, cache]}]}}}
                        podAffinity:
                          requiredDuringSchedulingIgnoredDuringExecution:
                          - {topologyKey: region, labelSelector: {matchLabels: {app.kubernetes.io/name: web}}}
                          - {topologyKey: region, labelSelector: {matchLabels: {app.kubernetes.io/name: cache}}}
                      topologySpreadConstraints:
                      - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app.kubernetes.io/name: web}}}
                      containers: [{name: web, image: "web:1"}]
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: istio
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop-web}
                  service: {port: 9898, name: podinfo}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """);
    }

    private List<String> selected(String deployment) {
        var spec = cluster.get(Kind.DEPLOYMENT, deployment).at("/spec/template/spec");
        return PLACES.stream()
                .map(spec::at)
                .map(
                        it ->
                                it.at("/matchLabels/app.kubernetes.io~1name").asText()
                                        + it.at("/matchExpressions/0/values/0").asText())
                .toList();
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("shop-web");
        cluster.serve("shop-web-primary");
        cluster.takeOver(2);
    }

    @Test
    void thoseOfThePrimarySpeakOfThePrimarysPods() {
        // Given
        workload();
        // When
        cluster.initialize(1);
        // Then
        assertThat(selected("shop-web-primary")).containsOnly("web-primary");
        var spec = cluster.get(Kind.DEPLOYMENT, "shop-web-primary").at("/spec/template/spec");
        assertThat(spec.toString())
                .contains("{\"" + LABEL + "\":\"cache\"}", "\"web-primary\",\"cache\"");
    }

    @Test
    void aTargetThatComesBackSpeaksOfItsOwn() {
        // Given
        workload();
        takenOver();
        cluster.edit(
                Kind.DEPLOYMENT,
                "shop-web",
                it ->
                        ((ObjectNode) it.spec().at("/template/spec/containers/0"))
                                .put("image", "web:2"));
        cluster.delete("podinfo");
        // When
        cluster.send(cluster.command(RouterAction.RESTORE, 3));
        // Then
        assertThat(cluster.get(Kind.DEPLOYMENT, "shop-web").at("/spec/template").toString())
                .contains("web:1");
        assertThat(selected("shop-web")).containsOnly("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "shop-web"})
    void aPrimaryThatFlaggerMadeIsKnownByItsTemplate(String value) {
        // Given: Flagger renames by the workload's name alone
        workload();
        cluster.edit(
                Kind.DEPLOYMENT,
                "shop-web",
                it ->
                        ((ObjectNode)
                                        it.spec()
                                                .at(
                                                        "/template/spec"
                                                                + PLACES.getFirst()
                                                                + "/matchLabels"))
                                .put(LABEL, value));
        String revision =
                Revision.of(cluster.get(Kind.DEPLOYMENT, "shop-web").at("/spec/template"));
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop-web-primary}
                spec:
                  selector: {matchLabels: {app.kubernetes.io/name: web-primary}}
                """);
        cluster.edit(
                Kind.DEPLOYMENT,
                "shop-web-primary",
                it -> {
                    ObjectNode template =
                            cluster.get(Kind.DEPLOYMENT, "shop-web")
                                    .at("/spec/template")
                                    .deepCopy();
                    ((ObjectNode) template.at("/metadata/labels")).put(LABEL, "web-primary");
                    template.withObjectProperty("metadata")
                            .withObjectProperty("annotations")
                            .put("flagger-id", "drawn-by-lot");
                    if (value.equals("shop-web")) {
                        ((ObjectNode) template.at("/spec" + PLACES.getFirst() + "/matchLabels"))
                                .put(LABEL, "shop-web-primary");
                    }
                    it.spec().set("template", template);
                });
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getRevision()).isEqualTo(revision);
    }
}
