package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** The third workload of a run: it comes with the canary, and nothing of it stays. */
class BaselineTest {

    private static final Kind ROUTE =
            new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: %s
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898, %s}
              analysis:
                interval: 10s
                threshold: 2
                maxWeight: 30
                stepWeight: 10
                baseline: true
                metrics: [{name: load, query: 'load{workload="{{ target }}"}', compare: {}}]
            """;

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Taken over, with another image in the target. */
    private void released() {
        released("gatewayapi:v1", "gatewayRefs: [{name: public, namespace: edge}]");
    }

    private void released(String provider, String service) {
        cluster.create(CANARY.formatted(provider, service));
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
    }

    /** Canary and baseline run, and serve. */
    private void running() {
        released();
        started(3);
        cluster.serve("podinfo");
        cluster.serve("podinfo-baseline");
    }

    private RouterResult started(long step) {
        return cluster.send(
                cluster.command(RouterAction.SCALE, step)
                        .setTargetRunning(true)
                        .setBaselineBasisPoints(0));
    }

    private RouterResult shift(long step, int canary, int baseline) {
        return cluster.send(
                cluster.command(RouterAction.SHIFT, step)
                        .setCanaryWeight(canary)
                        .setBaselineBasisPoints(baseline * 100));
    }

    private ClusterObject baseline() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-baseline");
    }

    private List<String> weights() {
        return cluster.get(ROUTE, "podinfo")
                .at("/spec/rules/0/backendRefs")
                .valueStream()
                .map(it -> it.path("name").asText() + " " + it.path("weight").asInt())
                .toList();
    }

    @Test
    void itRunsWhatThePrimaryDoesInTheCanarysSize() {
        // Given
        released();
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> it.spec("replicas", JsonNodeFactory.instance.numberNode(3)));
        // When
        var result = started(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(baseline().at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(baseline().at("/spec/template/spec/containers"))
                .isEqualTo(primary.at("/spec/template/spec/containers"));
        assertThat(baseline().at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:1");
        assertThat(baseline().at("/spec/template/spec/affinity").findValuesAsText("app"))
                .containsExactly("podinfo-baseline");
        assertThat(baseline().at("/spec/strategy")).isEqualTo(primary.at("/spec/strategy"));
        assertThat(started(3).getWrites()).isZero();
    }

    @Test
    void noServiceButItsOwnSelectsItsPods() {
        // When
        running();
        // Then
        var labels = baseline().at("/spec/template/metadata/labels");
        assertThat(
                        Stream.of(
                                        "podinfo",
                                        "podinfo-canary",
                                        "podinfo-primary",
                                        "podinfo-baseline")
                                .filter(name -> selects(name, labels)))
                .containsExactly("podinfo-baseline");
        assertThat(baseline().at("/spec/selector/matchLabels/app").asText())
                .isEqualTo("podinfo-baseline");
    }

    private boolean selects(String service, JsonNode labels) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector").properties().stream()
                .allMatch(it -> labels.path(it.getKey()).equals(it.getValue()));
    }

    @Test
    void itGetsNoTrafficBeforeItServes() {
        // Given
        released();
        started(3);
        cluster.serve("podinfo");
        // When
        var early = shift(4, 10, 10);
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(early.getBecause()).contains("podinfo-baseline.test has no available replicas");
        assertThat(weights())
                .containsExactly("podinfo-primary 100", "podinfo-canary 0", "podinfo-baseline 0");
    }

    @Test
    void itGetsItsShareBesideTheCanarys() {
        // Given
        running();
        // When
        var result = shift(4, 10, 10);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getCanaryWeight()).isEqualTo(10);
        assertThat(result.getBaselineBasisPoints()).isEqualTo(1_000);
        assertThat(weights())
                .containsExactly("podinfo-primary 80", "podinfo-canary 10", "podinfo-baseline 10");
    }

    @Test
    void onIstioItHasADestinationRuleOfItsOwn() {
        // Given
        released("istio", "trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}");
        started(3);
        cluster.serve("podinfo");
        cluster.serve("podinfo-baseline");
        // When
        shift(4, 10, 10);
        // Then
        var route = cluster.get(Istio.VIRTUAL_SERVICE, "podinfo").at("/spec/http/0/route");
        assertThat(route.findValuesAsText("weight")).containsExactly("80", "10", "10");
        assertThat(route.findValuesAsText("host"))
                .containsExactly("podinfo-primary", "podinfo-canary", "podinfo-baseline");
        assertThat(
                        cluster.get(Istio.DESTINATION_RULE, "podinfo-baseline")
                                .at("/spec/trafficPolicy/tls/mode")
                                .asText())
                .isEqualTo("ISTIO_MUTUAL");
    }

    @Test
    void itFollowsTheCanarysSizeAtTheNextStep() {
        // Given
        running();
        shift(4, 10, 10);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> it.spec("replicas", JsonNodeFactory.instance.numberNode(5)));
        // When
        shift(5, 20, 20);
        // Then
        assertThat(baseline().at("/spec/replicas").asInt()).isEqualTo(5);
    }

    @Test
    void itsShareGoesBeforeItsPodsDo() {
        // Given
        running();
        shift(4, 10, 10);
        // When
        var result =
                cluster.send(
                        cluster.command(RouterAction.SCALE, 5)
                                .setTargetRunning(true)
                                .setCanaryWeight(10));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weights())
                .containsExactly("podinfo-primary 90", "podinfo-canary 10", "podinfo-baseline 0");
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isFalse();
    }

    @Test
    void itsShareFindsAsManyPodsAtThePrimaryAsItLeaves() {
        // Given: the primary's autoscaler made it smaller while others served most requests
        released();
        replicas("podinfo", 4);
        started(3);
        cluster.serve("podinfo");
        cluster.serve("podinfo-baseline");
        shift(4, 50, 25);
        replicas("podinfo-primary", 1);
        cluster.serve("podinfo-primary");
        // When
        var result =
                cluster.send(
                        cluster.command(RouterAction.SCALE, 5)
                                .setTargetRunning(true)
                                .setCanaryWeight(50));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weights()).contains("podinfo-primary 50", "podinfo-baseline 0");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary").at("/spec/replicas").asInt())
                .isEqualTo(4);
    }

    @Test
    void whatIsTakenBackFromBothDoesNotMakeThePrimaryGrow() {
        // Given
        released();
        replicas("podinfo-primary", 2);
        started(3);
        cluster.serve("podinfo");
        cluster.serve("podinfo-baseline");
        cluster.serve("podinfo-primary");
        shift(4, 10, 10);
        // When
        var result = cluster.shift(5, 0);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weights()).contains("podinfo-primary 100", "podinfo-baseline 0");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isEqualTo(2);
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary").at("/spec/replicas").asInt())
                .isEqualTo(2);
    }

    private void replicas(String deployment, int pods) {
        cluster.edit(
                Kind.DEPLOYMENT,
                deployment,
                it -> it.spec("replicas", JsonNodeFactory.instance.numberNode(pods)));
    }

    @Test
    void whatIsKnownOnceItIsGoneIsWhatTheCanarysPodsAreJudgedBy() {
        // Given: somebody turns the route back to the canary while the baseline's share is waited
        // for
        running();
        shift(4, 10, 10);
        shift(5, 0, 10);
        Runnable turnedBack =
                () ->
                        cluster.edit(
                                ROUTE,
                                "podinfo",
                                it ->
                                        ((ObjectNode) it.spec().at("/rules/0/backendRefs/1"))
                                                .put("weight", 10));
        cluster.meanwhile(() -> cluster.meanwhile(turnedBack));
        // When
        var result = cluster.scale(6, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("to the canary");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isPositive();
    }

    @Test
    void itStaysWithItsShareWhereThePrimaryServesNobody() {
        // Given
        running();
        shift(4, 10, 10);
        cluster.serve("podinfo-primary", 0);
        // When
        var result =
                cluster.send(
                        cluster.command(RouterAction.SCALE, 5)
                                .setTargetRunning(true)
                                .setCanaryWeight(10));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isTrue();
        assertThat(weights()).contains("podinfo-baseline 10");
    }

    @Test
    void aLateCommandTakesNothingAway() {
        // Given
        running();
        started(6);
        shift(7, 10, 10);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-baseline",
                it -> it.annotate("serinus.dev/step", "1.7 " + uid()));
        // When
        var late = cluster.scale(5, true);
        // Then
        assertThat(late.getOutcome()).isEqualTo(RouterOutcome.STALE);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isTrue();
    }

    private String uid() {
        return cluster.canary().at("/metadata/uid").asText();
    }

    @Test
    void aRunOfACanaryWithoutOneLeavesNoneThere() {
        // Given
        running();
        // When
        cluster.scale(4, false);
        // Then
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isFalse();
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt()).isZero();
    }

    @Test
    void aDeploymentOfTheUsersByItsNameIsLeftAloneAndNamed() {
        // Given
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: podinfo-baseline}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: podinfo-baseline}}
                  template: {metadata: {labels: {app: podinfo-baseline}}}
                """);
        released();
        // When
        var result = started(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .contains("deployment podinfo-baseline.test is there", "leave");
        assertThat(baseline().at("/spec/replicas").asInt()).isEqualTo(1);
        cluster.scale(4, true);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isTrue();
    }

    @Test
    void aServiceOfTheUsersByItsNameIsLeftAloneAndNamed() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo-baseline}
                spec: {selector: {app: other}, ports: [{port: 80}]}
                """);
        cluster.create(
                CANARY.formatted(
                        "gatewayapi:v1", "gatewayRefs: [{name: public, namespace: edge}]"));
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause()).contains("service podinfo-baseline.test is there");
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
    }

    @Test
    void itsServiceComesBackWhenSomebodyDeletesIt() {
        // Given
        running();
        shift(4, 10, 10);
        cluster.reach("Progressing");
        cluster.withDrift();
        cluster.settle();
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-baseline"));
        // Then
        await().until(() -> cluster.has(Kind.SERVICE, "podinfo-baseline"));
        assertThat(weights()).contains("podinfo-baseline 10");
    }

    @Test
    void nothingOfItStaysWhenTheCanaryGoes() {
        // Given
        running();
        shift(4, 10, 10);
        cluster.delete("podinfo");
        cluster.serve("podinfo");
        // When
        var first = cluster.ask(cluster.command(RouterAction.RESTORE, 5));
        cluster.serve("podinfo");
        var result =
                first.getOutcome() == RouterOutcome.DONE
                        ? first
                        : cluster.ask(cluster.command(RouterAction.RESTORE, 6));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isFalse();
        assertThat(cluster.has(Kind.SERVICE, "podinfo-baseline")).isFalse();
    }
}
