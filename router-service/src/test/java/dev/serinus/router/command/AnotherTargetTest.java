package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifest names another target: nobody is led away from pods that serve to none. */
class AnotherTargetTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Names of the Services that stay when the target changes. */
    private void atPercent(int weight) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", "shop"));
        awaitSeen();
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        if (weight > 0) {
            cluster.scale(3, true);
            cluster.serve("podinfo");
            assertThat(cluster.shift(4, weight).getOutcome()).isEqualTo(RouterOutcome.DONE);
        }
    }

    private void nameAnother() {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: cart}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: cart}}
                  template:
                    metadata: {labels: {app: cart}}
                    spec: {containers: [{name: web, image: "cart:1", ports: [{containerPort: 9898}]}]}
                """);
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("targetRef")).put("name", "cart"));
        awaitSeen();
    }

    private void awaitSeen() {
        var spec = cluster.canary().at("/spec");
        await().until(
                        () -> {
                            var seen =
                                    cluster.canaries()
                                            .get(PretendCluster.NAMESPACE, "podinfo")
                                            .orElseThrow()
                                            .latest();
                            return seen.getMetadata().getGeneration() == null
                                    || (seen.getSpec()
                                                    .targetRef()
                                                    .name()
                                                    .equals(spec.at("/targetRef/name").asText())
                                            && seen.apex()
                                                    .equals(
                                                            spec.at("/service/name").isMissingNode()
                                                                    ? "podinfo"
                                                                    : spec.at("/service/name")
                                                                            .asText()));
                        });
    }

    private String selectedBy(String service) {
        return cluster.get(Kind.SERVICE, service).at("/spec/selector/app").asText();
    }

    private int weight() {
        return cluster.get(ROUTE, "shop").at("/spec/http/0/route/1/weight").asInt();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30})
    void thePrimaryOfBeforeServesUntilTheOneOfAnotherTargetDoes(int weight) {
        // Given
        atPercent(weight);
        nameAnother();
        // When
        var made = cluster.initialize(5);
        var early = cluster.takeOver(6);
        // Then
        assertThat(made.getBecause()).isEmpty();
        assertThat(cluster.has(Kind.DEPLOYMENT, "cart-primary")).isTrue();
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
        assertThat(selectedBy("shop")).isEqualTo("podinfo-primary");
        assertThat(weight()).as("what nobody analyses any more").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30})
    void everybodyComesToThePrimaryOfAnotherTargetWhenItServes(int weight) {
        // Given
        atPercent(weight);
        nameAnother();
        cluster.initialize(5);
        cluster.serve("cart-primary");
        // When
        var taken = cluster.takeOver(6);
        // Then
        assertThat(taken.getBecause()).isEmpty();
        assertThat(selectedBy("shop-primary")).isEqualTo("cart-primary");
        assertThat(selectedBy("shop")).isEqualTo("cart-primary");
        assertThat(selectedBy("shop-canary")).isEqualTo("cart");
        assertThat(weight()).isZero();
    }

    @Test
    void theCanaryOfBeforeKeepsItsPodsWhileItHasTraffic() {
        // Given: what it would be taken back to does not serve
        atPercent(30);
        nameAnother();
        cluster.serve("podinfo-primary", 0);
        // When
        cluster.initialize(5);
        // Then
        assertThat(weight()).isEqualTo(30);
        assertThat(selectedBy("shop-canary")).isEqualTo("podinfo");
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 100})
    void noTrafficIsMovedToAnotherTargetBeforeItHasAPrimary(int weight) {
        // Given
        atPercent(30);
        nameAnother();
        cluster.serve("cart");
        // When
        var shifted = cluster.shift(5, weight);
        // Then
        assertThat(shifted.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(shifted.getBecause()).contains("has no primary yet");
        assertThat(weight()).isEqualTo(30);
        assertThat(selectedBy("shop-canary")).isEqualTo("podinfo");
    }

    @Test
    void noRepairTurnsServicesToAPrimaryThatDoesNotServe() {
        // Given
        atPercent(30);
        nameAnother();
        cluster.reach("Progressing");
        cluster.initialize(5);
        // When
        cluster.withDrift();
        cluster.edit(
                Kind.SERVICE, "shop-canary", it -> it.withoutLabels(label -> label.equals("app")));
        cluster.edit(ROUTE, "shop", it -> it.spec().remove("hosts"));
        await().until(() -> !cluster.get(ROUTE, "shop").at("/spec/hosts").isMissingNode());
        // Then
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
        assertThat(selectedBy("shop")).isEqualTo("podinfo-primary");
    }

    @Test
    void whatIsTakenBackGoesToThePrimaryOfBefore() {
        // Given
        atPercent(30);
        nameAnother();
        cluster.serve("cart");
        // When
        var shifted = cluster.shift(5, 0);
        // Then
        assertThat(shifted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
    }

    private void nameOne(String target) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("targetRef")).put("name", target));
        awaitSeen();
    }

    @Test
    void whatIsTakenBackNeedsNoOtherTarget() {
        // Given
        atPercent(30);
        nameOne("missing");
        // When
        var shifted = cluster.shift(5, 0);
        // Then
        assertThat(shifted.getOutcome()).as(shifted.getBecause()).isEqualTo(RouterOutcome.DONE);
        assertThat(shifted.getCanaryWeight()).isZero();
        assertThat(weight()).isZero();
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
    }

    @Test
    void whatIsTakenBackNeedsNoOtherTargetThatCanBeReleased() {
        // Given: no label tells its pods from a primary's
        atPercent(30);
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: odd}
                spec:
                  replicas: 2
                  selector: {matchLabels: {"nobody.knows/it": odd}}
                  template:
                    metadata: {labels: {"nobody.knows/it": odd}}
                    spec: {containers: [{name: web, image: "odd:1"}]}
                """);
        nameOne("odd");
        cluster.serve("odd");
        // When
        var shifted = cluster.shift(5, 0);
        // Then
        assertThat(shifted.getOutcome()).as(shifted.getBecause()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cart", "missing"})
    void everybodyGoesToTheCanaryOfBeforeWhereItsPrimaryDoesNotServe(String target) {
        // Given
        atPercent(30);
        nameAnother();
        nameOne(target);
        cluster.serve("podinfo-primary", 0);
        // When
        var shifted = cluster.shift(5, 0);
        int lost = weight();
        cluster.serve("podinfo-primary");
        cluster.shift(6, 0);
        // Then
        assertThat(shifted.getOutcome()).as(shifted.getBecause()).isEqualTo(RouterOutcome.DONE);
        assertThat(shifted.getCanaryWeight()).isEqualTo(100);
        assertThat(shifted.getBecause())
                .contains("does not serve, so that all traffic goes to its canary");
        assertThat(lost).isEqualTo(100);
        assertThat(weight()).isZero();
    }

    @Test
    void theCanaryOfBeforeLosesItsTrafficWithItsPods() {
        // Given: whoever renames the target takes the one before away
        atPercent(30);
        nameAnother();
        cluster.take(Kind.DEPLOYMENT, "podinfo");
        // When
        var shifted = cluster.shift(5, 0);
        // Then
        assertThat(shifted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
        assertThat(selectedBy("shop-primary")).isEqualTo("podinfo-primary");
    }

    @Test
    void aRouteThatIsGoneKeepsNobodyFromTheOtherTarget() {
        // Given
        atPercent(30);
        nameAnother();
        cluster.take(ROUTE, "shop");
        // When
        var shifted = cluster.shift(5, 0);
        // Then
        assertThat(shifted.getOutcome()).as(shifted.getBecause()).isEqualTo(RouterOutcome.DONE);
        assertThat(shifted.getCanaryWeight()).isZero();
    }

    @Test
    void theCanarysServiceIsTurnedWhenDataPlanesHaveFollowed() {
        // Given: those may lead requests to the canary a while after its route was written
        atPercent(30);
        nameAnother();
        // When
        cluster.shift(5, 0);
        cluster.initialize(6);
        // Then
        assertThat(weight()).isZero();
        assertThat(selectedBy("shop-canary")).isEqualTo("podinfo");
    }
}
