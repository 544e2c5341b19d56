package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

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

    /** As another installation, or Flagger, made it by another label than the first of our list. */
    private void primaryToldByInstance(String kind) {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: %s
                metadata: {name: a-web-primary}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app.kubernetes.io/instance: a-primary}}
                  template:
                    metadata: {labels: {app.kubernetes.io/name: web, app.kubernetes.io/instance: a-primary, tier: front}}
                    spec: {containers: [{name: web, image: "web:1"}]}
                """
                        .formatted(kind));
    }

    private void meets(String service, String workload, Kind kind) {
        var labels = cluster.get(kind, workload).at("/spec/template/metadata/labels");
        var wanted = cluster.get(Kind.SERVICE, service).at("/spec/selector");
        assertThat(wanted).isNotEmpty();
        assertThat(wanted.properties())
                .as("%s of pods %s", wanted, labels)
                .allMatch(it -> labels.path(it.getKey()).equals(it.getValue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "DaemonSet"})
    void aPrimaryThatWasThereTellsByWhichLabelItIsToldApart(String kind) {
        // Given
        workload(kind);
        primaryToldByInstance(kind);
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        var workload = kind.equals("Deployment") ? Kind.DEPLOYMENT : Kind.DAEMON_SET;
        meets("podinfo-primary", "a-web-primary", workload);
        meets("podinfo-canary", "a-web", workload);
        assertThat(selector("podinfo-primary"))
                .isEqualTo(
                        "{\"app.kubernetes.io/name\":\"web\",\"app.kubernetes.io/instance\":\"a-primary\"}");
    }

    @Test
    void aPromotionKeepsTheLabelsThatThePrimarySelects() {
        // Given
        workload("Deployment");
        primaryToldByInstance("Deployment");
        cluster.initialize(1);
        cluster.serve("a-web");
        cluster.serve("a-web-primary");
        cluster.takeOver(2);
        meets("podinfo", "a-web-primary", Kind.DEPLOYMENT);
        cluster.scale(3, true);
        cluster.serve("a-web");
        // When
        var result = cluster.send(cluster.command(RouterAction.PROMOTE, 4).setRevision(revision()));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        var promoted = cluster.get(Kind.DEPLOYMENT, "a-web-primary");
        assertThat(promoted.at("/spec/template/metadata/labels/app.kubernetes.io~1instance"))
                .hasToString("\"a-primary\"");
        assertThat(promoted.at("/spec/template/metadata/labels/app.kubernetes.io~1name"))
                .hasToString("\"web\"");
    }

    private String revision() {
        return Revision.of(cluster.get(Kind.DEPLOYMENT, "a-web").at("/spec/template"));
    }

    @Test
    void aPrimaryThatWasLostComesBackWithTheLabelsThatItsServiceSelects() {
        // Given: adopted, kept, deleted
        workload("Deployment");
        primaryToldByInstance("Deployment");
        cluster.initialize(1);
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "a-web-primary"));
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-primary"));
        // When
        cluster.initialize(2);
        // Then
        meets("podinfo-primary", "a-web-primary", Kind.DEPLOYMENT);
    }

    /** As a chart's next major version does it: deleted, and created with other labels. */
    private void recreated() {
        cluster.edit(
                Kind.DEPLOYMENT,
                "a-web",
                it -> {
                    for (String at :
                            List.of("/selector/matchLabels", "/template/metadata/labels")) {
                        ((ObjectNode) it.spec().at(at))
                                .put("app.kubernetes.io/name", "shop-web")
                                .put("app.kubernetes.io/instance", "b");
                    }
                    it.spec().put("replicas", 2);
                });
        cluster.serve("a-web");
    }

    @Test
    void whatThePrimaryCouldNeverRunIsRefusedBeforeItBegins() {
        // Given
        workload("Deployment");
        cluster.initialize(1);
        cluster.serve("a-web");
        cluster.serve("a-web-primary");
        cluster.takeOver(2);
        recreated();
        // When
        var result = cluster.scale(3, true);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .contains(
                        TWO.formatted("shop-web").replace("\"a\"", "\"b\""),
                        TWO.formatted("web-primary"))
                .contains("cannot be changed");
        assertThat(cluster.shift(4, 10).getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(cluster.initialize(5).getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(cluster.shift(6, 0).getOutcome()).isEqualTo(RouterOutcome.DONE);
        meets("podinfo-primary", "a-web-primary", Kind.DEPLOYMENT);
        meets("podinfo", "a-web-primary", Kind.DEPLOYMENT);
    }

    @Test
    void aTargetWithOtherLabelsBeginsWhereThePrimaryServesNobody() {
        // Given: nobody is served by the primary
        workload("Deployment");
        cluster.initialize(1);
        cluster.serve("a-web");
        cluster.serve("a-web-primary");
        cluster.takeOver(2);
        recreated();
        cluster.serve("a-web-primary", 0);
        // When
        var result = cluster.scale(3, true);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void whatComesBackToATargetWithOtherLabelsIsSelectedByIt() {
        // Given
        workload("Deployment");
        cluster.initialize(1);
        cluster.serve("a-web");
        cluster.serve("a-web-primary");
        cluster.takeOver(2);
        recreated();
        cluster.delete("podinfo");
        // When
        cluster.send(cluster.command(RouterAction.RESTORE, 3));
        // Then
        var target = cluster.get(Kind.DEPLOYMENT, "a-web");
        assertThat(target.at("/spec/template/metadata/labels").properties())
                .containsAll(target.at("/spec/selector/matchLabels").properties());
    }
}
