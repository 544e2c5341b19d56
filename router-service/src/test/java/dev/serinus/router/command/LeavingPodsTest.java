package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Alb;
import dev.serinus.schemas.mesh.Emissary;
import dev.serinus.schemas.mesh.Ingresses;
import dev.serinus.schemas.mesh.Istio;
import dev.serinus.schemas.mesh.Kubernetes;
import dev.serinus.schemas.mesh.Mesh;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load balancer applies a route seconds after it was written, and sends requests where it led
 * until then: nobody's pods go before that.
 */
class LeavingPodsTest {

    /** What says where requests go, and by which it is written. */
    enum Plane {
        ISTIO(Istio.MESH, "istio-canary.yaml", Istio.VIRTUAL_SERVICE, "podinfo"),
        ALB(Alb.MESH, "alb-canary.yaml", Ingresses.INGRESS, "shop"),
        EMISSARY(Emissary.MESH, "emissary-canary.yaml", Emissary.MAPPING, "shop-podinfo-canary"),
        KUBERNETES(Kubernetes.MESH, "plain-canary.yaml", Kind.SERVICE, "podinfo");

        @SuppressWarnings("ImmutableEnumChecker") // a record of values
        private final Mesh mesh;

        private final String canary;

        @SuppressWarnings("ImmutableEnumChecker") // a record of texts
        private final Kind kind;

        private final String route;

        Plane(Mesh mesh, String canary, Kind kind, String route) {
            this.mesh = mesh;
            this.canary = canary;
            this.kind = kind;
            this.route = route;
        }

        /** How long its data plane has to follow. */
        Duration patience() {
            var its = mesh.followsWithin();
            return its.compareTo(PretendCluster.PATIENCE) > 0 ? its : PretendCluster.PATIENCE;
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

    private RouterResult restored(ClusterObject canary) {
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
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
        assertThat(scaled("podinfo")).isAfterOrEqualTo(moved(plane).plus(plane.patience()));
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
        var done = cluster.patiently(() -> cluster.scale(6, false));
        // Then
        assertScaledDown(plane, done, routed(plane));
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whatWasTakenBackLongAgoGoesAtOnce(Plane plane) {
        // Given
        atThirtyPercent(plane);
        cluster.shift(5, 0);
        cluster.pass(plane.patience());
        var before = cluster.written().getLast().at();
        // When
        cluster.scale(6, false);
        // Then
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isEqualTo(before.plus(plane.patience()));
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
        var done = cluster.patiently(() -> cluster.scale(6, false));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(done.getBecause()).contains("still sends 30 percent to the canary");
        assertThat(size()).isPositive();
    }

    /** That is as it has to be, so that who asked says nothing of it. */
    @Test
    void whatIsNotWaitedForHereIsAskedForAgainInItsTime() {
        // Given
        atThirtyPercent(Plane.ALB);
        cluster.shift(5, 0);
        // When
        var result = cluster.send(cluster.command(RouterAction.SCALE, 6).setTargetRunning(false));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getRetryAfterMillis()).isEqualTo(Plane.ALB.patience().toMillis());
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void thePrimaryGoesWithItsCanaryOnceTheTargetServesForAll(Plane plane) {
        // Given
        atThirtyPercent(plane);
        // When
        cluster.delete("podinfo");
        var going = cluster.canary();
        assertThat(cluster.patiently(() -> restored(going)).getBecause()).isEmpty();
        // Then
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
        assertThat(scaled("podinfo-primary")).isAfterOrEqualTo(moved(plane).plus(plane.patience()));
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
        assertThatThrownBy(() -> cluster.patiently(() -> cluster.send(restore)))
                .hasMessage("the router ends");
        var ended = cluster.written().getLast().at();
        cluster.context().recent().forget(canary.at("/metadata/uid").asText());
        // When
        assertThat(cluster.patiently(() -> cluster.sendToAnother(restore)).getBecause()).isEmpty();
        // Then
        assertThat(scaled("podinfo-primary")).isAfterOrEqualTo(ended.plus(plane.patience()));
    }

    /** Another replica had the Canary meanwhile, and what this one remembers is a minute old. */
    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whatSomebodyElseTookBackAMomentAgoCountsAsWell(Plane plane) {
        // Given
        atThirtyPercent(plane);
        cluster.shift(5, 0);
        var back = cluster.get(plane.kind, plane.route);
        cluster.shift(6, 30);
        cluster.pass(Duration.ofMinutes(1));
        turn(plane, back);
        var turned = cluster.now();
        // When
        var done = cluster.patiently(() -> cluster.scale(8, false));
        // Then
        assertScaledDown(plane, done, turned);
    }

    /** Of it nothing is to be seen any more when the pods are to go. */
    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whatSomebodyTurnedToTheCanaryAndBackCountsAsWell(Plane plane) {
        // Given
        cluster.withDrift();
        atThirtyPercent(plane);
        var there = cluster.get(plane.kind, plane.route);
        cluster.shift(5, 0);
        var back = cluster.get(plane.kind, plane.route);
        cluster.settle();
        cluster.pass(Duration.ofMinutes(1));
        turn(plane, there);
        turn(plane, back);
        cluster.settle();
        var turned = cluster.now();
        // When
        var done = cluster.patiently(() -> cluster.scale(6, false));
        // Then
        assertScaledDown(plane, done, turned);
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void aRouteThatIsTurnedBackWhileItIsWaitedIsRepairedMeanwhile(Plane plane) {
        // Given
        cluster.withDrift();
        atThirtyPercent(plane);
        var there = cluster.get(plane.kind, plane.route);
        cluster.shift(5, 0);
        cluster.settle();
        cluster.meanwhile(
                () -> {
                    turn(plane, there);
                    awaitRepaired(plane);
                });
        // When
        var done = cluster.patiently(() -> cluster.scale(6, false));
        // Then: by that it was written once more
        assertScaledDown(plane, done, routed(plane));
    }

    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "ALB", "EMISSARY"})
    void whoTakesOverLooksAgainBeforeThePodsGo(Plane plane) {
        // Given
        atThirtyPercent(plane);
        var there = cluster.get(plane.kind, plane.route);
        cluster.shift(5, 0);
        var turned = new ArrayList<Instant>();
        cluster.meanwhile(
                () -> {
                    turn(plane, there);
                    turned.add(cluster.now());
                });
        // When
        assertThat(cluster.takeOver(6).getBecause()).isEmpty();
        // Then: it is led back, and data planes have time to follow once more
        assertThat(shown(plane)).contains(Split.PRIMARY);
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isAfterOrEqualTo(turned.getFirst().plus(plane.patience()));
    }

    /** A chart that is applied anew selects the primary's pods again. */
    @ParameterizedTest
    @EnumSource(
            value = Plane.class,
            names = {"ISTIO", "EMISSARY"})
    void whoRestoresLooksAgainBeforeThePrimaryGoes(Plane plane) {
        // Given
        atThirtyPercent(plane);
        var before = cluster.get(Kind.SERVICE, "podinfo").at("/spec").deepCopy();
        cluster.delete("podinfo");
        var going = cluster.canary();
        var turned = new ArrayList<Instant>();
        cluster.meanwhile(
                () -> {
                    cluster.edit(Kind.SERVICE, "podinfo", it -> it.put("spec", before));
                    turned.add(cluster.now());
                });
        // When
        var done = cluster.patiently(() -> restored(going));
        // Then
        assertThat(done.getBecause()).isEmpty();
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector"))
                .as("where the apex leads")
                .isNotEqualTo(before.at("/selector"));
        assertThat(scaled("podinfo-primary"))
                .isAfterOrEqualTo(turned.getFirst().plus(plane.patience()));
    }

    private void turn(Plane plane, ClusterObject there) {
        cluster.edit(
                plane.kind,
                plane.route,
                it ->
                        it.put("spec", there.at("/spec").deepCopy())
                                .withoutAnnotations(_ -> true)
                                .annotate(there.annotations()));
    }

    private Optional<Split> shown(Plane plane) {
        return cluster.context().routers().shown(cluster.get(plane.kind, plane.route));
    }

    private void awaitRepaired(Plane plane) {
        Awaitility.await().until(() -> shown(plane).equals(Optional.of(Split.PRIMARY)));
    }

    /** No sooner than the data plane had followed what was turned then. */
    private void assertScaledDown(Plane plane, RouterResult done, Instant turned) {
        assertThat(done.getBecause()).isEmpty();
        assertThat(size()).isZero();
        assertThat(scaled("podinfo")).isEqualTo(turned.plus(plane.patience()));
    }
}
