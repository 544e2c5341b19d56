package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Consumer;

/** What becomes of a baseline when somebody edits the Canary, or takes its name. */
class BaselineDriftTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: istio
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898}
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

    /** Canary and baseline have these shares. */
    private void sharing(int canary, int baseline) {
        cluster.create(CANARY);
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.send(
                cluster.command(RouterAction.SCALE, 3)
                        .setTargetRunning(true)
                        .setBaselineBasisPoints(0));
        cluster.serve("podinfo");
        cluster.serve("podinfo-baseline");
        assertThat(shift(4, canary, baseline).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private RouterResult shift(long step, int canary, int baseline) {
        return cluster.send(
                cluster.command(RouterAction.SHIFT, step)
                        .setCanaryWeight(canary)
                        .setBaselineBasisPoints(baseline * 100));
    }

    private RouterResult withoutBaseline(long step, int canary) {
        return cluster.send(
                cluster.command(RouterAction.SCALE, step)
                        .setTargetRunning(true)
                        .setCanaryWeight(canary));
    }

    private void edit(Consumer<ObjectNode> spec) {
        cluster.edit(Kind.CANARY, "podinfo", it -> spec.accept(it.spec()));
    }

    private void replicas(String deployment, int pods) {
        cluster.edit(
                Kind.DEPLOYMENT,
                deployment,
                it -> it.spec("replicas", JsonNodeFactory.instance.numberNode(pods)));
    }

    private void watched() {
        cluster.reach("Progressing");
        cluster.withDrift();
        cluster.settle();
    }

    private List<String> weights(String route) {
        return cluster.get(Istio.VIRTUAL_SERVICE, route)
                .at("/spec/http/0/route")
                .findValuesAsText("weight");
    }

    @Test
    void takenOutOfTheManifestItLeavesThePrimaryPodsEnoughAndNothingToAskFor() {
        // Given: the primary's autoscaler made it smaller while others served most requests
        sharing(50, 25);
        replicas("podinfo-baseline", 4);
        cluster.serve("podinfo-baseline");
        replicas("podinfo-primary", 1);
        cluster.serve("podinfo-primary");
        watched();
        // When
        edit(spec -> ((ObjectNode) spec.path("analysis")).put("baseline", false));
        // Then
        await().untilAsserted(() -> assertThat(weights("podinfo")).containsExactly("50", "50"));
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary").at("/spec/replicas").asInt())
                .isEqualTo(4);
        await().until(() -> !cluster.has(Kind.SERVICE, "podinfo-baseline"));
        await().until(() -> !cluster.has(Istio.DESTINATION_RULE, "podinfo-baseline"));
        assertThat(cluster.has(Istio.DESTINATION_RULE, "podinfo-canary")).isTrue();
        // Its pods go with the step that no longer wants them.
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isTrue();
        assertThat(withoutBaseline(5, 50).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isFalse();
    }

    @Test
    void itStaysWhileARouteThatTheCanaryHadBeforeLeadsThere() {
        // Given: nobody repairs it yet
        sharing(10, 10);
        watched();
        edit(spec -> spec.put("suspend", true));
        edit(spec -> ((ObjectNode) spec.path("service")).put("name", "shop"));
        await().until(
                        () ->
                                cluster.canaries()
                                        .get(PretendCluster.NAMESPACE, "podinfo")
                                        .filter(it -> "shop".equals(it.latest().apex()))
                                        .isPresent());
        // When
        var result = withoutBaseline(5, 10);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("podinfo", "asks for no more", "to the baseline");
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isTrue();
        // When
        edit(spec -> spec.put("suspend", false));
        // Then
        await().untilAsserted(() -> assertThat(weights("podinfo")).startsWith("100"));
        await().until(() -> withoutBaseline(6, 10).getOutcome() == RouterOutcome.DONE);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-baseline")).isFalse();
    }

    @Test
    void theOneOfATargetThatTheCanaryHadBeforeGoes() {
        // Given
        sharing(10, 10);
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop, labels: {app: shop}}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec: {containers: [{name: shop, image: "shop:1"}]}
                """);
        cluster.restart(
                () -> edit(spec -> ((ObjectNode) spec.path("targetRef")).put("name", "shop")));
        cluster.serve("shop");
        cluster.initialize(5);
        cluster.serve("shop-primary");
        cluster.takeOver(6);
        // When
        cluster.reach("Initialized");
        cluster.withDrift();
        // Then
        await().until(() -> !cluster.has(Kind.DEPLOYMENT, "podinfo-baseline"));
        assertThat(weights("podinfo")).startsWith("100");
    }

    @Test
    void aServiceOfSomebodysByItsNameGetsNoRequestsAndKeepsNoOtherFromBeingRepaired() {
        // Given
        sharing(10, 10);
        watched();
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-baseline"));
        await().until(() -> cluster.has(Kind.SERVICE, "podinfo-baseline"));
        cluster.settle();
        // When
        cluster.edit(
                Kind.SERVICE,
                "podinfo-baseline",
                it -> {
                    it.metadata().remove("ownerReferences");
                    it.spec().withObject("/selector").put("app", "other");
                });
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo-canary"));
        // Then
        await().until(() -> cluster.has(Kind.SERVICE, "podinfo-canary"));
        await().untilAsserted(
                        () -> assertThat(weights("podinfo")).containsExactly("90", "10", "0"));
        assertThat(cluster.get(Kind.SERVICE, "podinfo-baseline").at("/spec/selector/app").asText())
                .isEqualTo("other");
        // When
        var more = shift(5, 20, 20);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(more.getBecause()).contains("service podinfo-baseline.test is there");
        assertThat(weights("podinfo")).containsExactly("90", "10", "0");
    }
}
