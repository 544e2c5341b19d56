package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Emissary;
import dev.serinus.schemas.mesh.Ingresses;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A load balancer applies a route seconds after it was written, and sends requests where it led
 * until then: nobody's pods go before that.
 */
class LeavingPodsTest {

    /** What says where requests go, and by which it is written. */
    enum Plane {
        ISTIO("istio-canary.yaml", Istio.VIRTUAL_SERVICE, "podinfo"),
        ALB("alb-canary.yaml", Ingresses.INGRESS, "shop"),
        EMISSARY("emissary-canary.yaml", Emissary.MAPPING, "shop-podinfo-canary"),
        KUBERNETES("plain-canary.yaml", Kind.SERVICE, "podinfo");

        private final String canary;

        @SuppressWarnings("ImmutableEnumChecker") // a record of texts
        private final Kind kind;

        private final String route;

        Plane(String canary, Kind kind, String route) {
            this.canary = canary;
            this.kind = kind;
            this.route = route;
        }
    }

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void initialized(Plane plane) {
        String canary = PretendCluster.read(plane.canary);
        cluster.create(
                plane == Plane.KUBERNETES
                        ? canary.replace("spec:", "spec:\n  provider: kubernetes")
                        : canary);
        assertThat(cluster.initialize(1).getBecause()).isEmpty();
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
    }

    private void atThirtyPercent(Plane plane) {
        initialized(plane);
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, plane == Plane.KUBERNETES ? 0 : 30);
        cluster.pass(Duration.ofMinutes(1));
    }

    private Instant routed(Plane plane) {
        return cluster.lastWritten(plane.kind, plane.route);
    }

    private Instant scaled(String deployment) {
        return cluster.lastWritten(Kind.DEPLOYMENT, deployment);
    }

    private int size() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt();
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void theTargetIsTakenOverFromOnceThatWasSeen(Plane plane) {
        // Given
        initialized(plane);
        // When
        assertThat(cluster.takeOver(2).getBecause()).isEmpty();
        // Then
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isAfterOrEqualTo(moved(plane).plus(PretendCluster.PATIENCE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void aReleaseThatIsTakenBackKeepsItsPodsUntilThatWasSeen(Plane plane) {
        // Given
        atThirtyPercent(plane);
        // When
        cluster.shift(5, 0);
        assertThat(cluster.scale(6, false).getBecause()).isEmpty();
        // Then
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isEqualTo(routed(plane).plus(PretendCluster.PATIENCE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whatWasTakenBackLongAgoGoesAtOnce(Plane plane) {
        // Given
        atThirtyPercent(plane);
        cluster.shift(5, 0);
        cluster.pass(Duration.ofSeconds(10));
        var before = cluster.written().getLast().at();
        // When
        cluster.scale(6, false);
        // Then
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isEqualTo(before.plusSeconds(10));
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whatIsKnownWhenThePodsGoIsWhatCounts(Plane plane) {
        // Given: somebody turns the route back to the canary while it is waited
        atThirtyPercent(plane);
        var before = cluster.get(plane.kind, plane.route);
        cluster.shift(5, 0);
        cluster.meanwhile(
                () ->
                        cluster.edit(
                                plane.kind,
                                plane.route,
                                it ->
                                        it.put("spec", before.at("/spec").deepCopy())
                                                .annotate(before.annotations())));
        // When
        var done = cluster.scale(6, false);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(done.getBecause()).contains("still sends 30 percent to the canary");
        assertThat(size()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void thePrimaryGoesWithItsCanaryOnceTheTargetServesForAll(Plane plane) {
        // Given
        atThirtyPercent(plane);
        // When
        cluster.delete("podinfo");
        assertThat(
                        cluster.send(cluster.command(RouterAction.RESTORE, 9, cluster.canary()))
                                .getBecause())
                .isEmpty();
        // Then
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
        assertThat(scaled("podinfo-primary"))
                .isAfterOrEqualTo(moved(plane).plus(PretendCluster.PATIENCE));
    }

    /** An Ingress is turned in three writes, of which the last moves no requests. */
    private Instant moved(Plane plane) {
        var leading =
                List.of(cluster.ref(plane.kind, plane.route), cluster.ref(Kind.SERVICE, "podinfo"));
        var writes = cluster.written().stream().filter(it -> leading.contains(it.ref())).toList();
        return writes.get(writes.size() - (plane == Plane.ALB ? 2 : 1)).at();
    }

    /** The first attempt may have written the route and have ended. */
    @ParameterizedTest
    @EnumSource(Plane.class)
    void whoRestoresAgainAfterARestartWaitsAsWell(Plane plane) {
        // Given
        atThirtyPercent(plane);
        cluster.delete("podinfo");
        var canary = cluster.canary();
        cluster.interfere(
                cluster.ref(Kind.DEPLOYMENT, "podinfo-primary")::equals,
                () -> {
                    throw new IllegalStateException("the router ends");
                });
        var restore = cluster.command(RouterAction.RESTORE, 9, canary);
        assertThatThrownBy(() -> cluster.send(restore)).hasMessage("the router ends");
        var ended = cluster.written().getLast().at();
        cluster.context().recent().forget(canary.at("/metadata/uid").asText());
        // When
        assertThat(cluster.sendToAnother(restore).getBecause()).isEmpty();
        // Then
        assertThat(scaled("podinfo-primary")).isAfterOrEqualTo(ended.plus(PretendCluster.PATIENCE));
    }
}
