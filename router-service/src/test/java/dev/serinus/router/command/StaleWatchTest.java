package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.StepId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** A watch that is behind, or has died without a word, costs a request and never an outage. */
class StaleWatchTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    private static final Duration LATELY = Duration.ofSeconds(1);
    private static final Duration LONG_AGO = Duration.ofMinutes(10);

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @BeforeEach
    void running() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private int weight() {
        return cluster.get(ROUTE, "podinfo").at("/spec/http/0/route/1/weight").asInt();
    }

    @Test
    void aCanaryThatTheWatchDoesNotShowReadyYetGetsItsTraffic() {
        // Given
        cluster.stopWatching("podinfo", LATELY);
        cluster.serve("podinfo");
        // When
        var result = cluster.shift(4, 20);
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(weight()).isEqualTo(20);
    }

    @Test
    void aCanaryOfWhichNothingWasHeardIsLookedAtBeforeItGetsMore() {
        // Given
        cluster.serve("podinfo");
        cluster.shift(4, 20);
        cluster.stopWatching("podinfo", LONG_AGO);
        cluster.serve("podinfo", 0);
        // When
        var result = cluster.shift(5, 40);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(weight()).isEqualTo(20);
    }

    @Test
    void trafficIsNotGivenBackToAPrimaryThatIsOnlySaidToServe() {
        // Given
        cluster.serve("podinfo");
        cluster.shift(4, 20);
        cluster.stopWatching("podinfo-primary", LONG_AGO);
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.shift(5, 0);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(weight()).isEqualTo(20);
    }

    @Test
    void nobodyGetsTrafficBecauseNeitherSideIsSaidToServe() {
        // Given
        cluster.serve("podinfo-primary", 0);
        cluster.stopWatching("podinfo-primary", LATELY);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo", 0);
        // When
        var result = cluster.shift(4, 20);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(weight()).isZero();
    }

    @Test
    void theTargetIsNotStoppedWhereTheRouteWasTurnedBackUnseen() {
        // Given
        cluster.serve("podinfo");
        cluster.stopWatching(ROUTE, "podinfo", LATELY);
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> {
                    ((ObjectNode) it.spec().at("/http/0/route/0")).put("weight", 70);
                    ((ObjectNode) it.spec().at("/http/0/route/1")).put("weight", 30);
                });
        // When
        var result = cluster.scale(4, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("still sends 30 percent to the canary");
    }

    @Test
    void theTargetIsNotStoppedBesideAPrimaryThatIsOnlySaidToServe() {
        // Given
        cluster.serve("podinfo");
        cluster.stopWatching("podinfo-primary", LATELY);
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.scale(4, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isPositive();
    }

    @Test
    void whatTheWatchHasNotSeenOfThePrimaryIsNotOverwritten() {
        // Given
        cluster.serve("podinfo");
        cluster.stopWatching("podinfo-primary", LATELY);
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 7));
        cluster.serve("podinfo-primary");
        // When
        var result = cluster.promote(4);
        // Then
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(primary.at("/spec/replicas").asInt()).isEqualTo(7);
        assertThat(primary.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:2");
    }

    @Test
    void aTargetThatWasReleasedAgainIsNotTakenForTheOneThatTheWatchShows() {
        // Given
        cluster.stopWatching("podinfo", LATELY);
        cluster.release("podinfo:3");
        cluster.serve("podinfo");
        String newest = Revision.of(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/template"));
        // When
        var result = cluster.send(cluster.command(RouterAction.PROMOTE, 4).setRevision(newest));
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(result.getRevision()).isEqualTo(newest);
    }

    @Test
    void aStepThatFindsAllOfItKnownAsksForNothingButItsWrite() {
        // Given
        cluster.serve("podinfo");
        cluster.stopWatching("podinfo", LATELY)
                .stopWatching("podinfo-primary", LATELY)
                .showNo("podinfo-baseline");
        var scale = cluster.command(RouterAction.SCALE, 5).setTargetRunning(false);
        var start = cluster.command(RouterAction.SCALE, 4);
        int before = cluster.requests();
        // When
        cluster.send(start);
        int running = cluster.requests();
        cluster.send(scale);
        int stopped = cluster.requests();
        // Then
        assertThat(running - before).as("it runs already").isZero();
        assertThat(stopped - running)
                .as(
                        "what takes the last pods away looks at the primary, at the route's three"
                                + " and, unwatched, at what leads there once more and through both"
                                + " kinds of the mesh for what led there before, and the ports of"
                                + " the apex")
                .isLessThanOrEqualTo(10);
    }

    @Test
    void aPromotionListsNothing() {
        // Given
        cluster.serve("podinfo");
        cluster.promote(4);
        cluster.release("podinfo:3");
        cluster.serve("podinfo");
        cluster.stopWatching("podinfo", LATELY).stopWatching("podinfo-primary", LATELY);
        var revision = Revision.of(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/template"));
        var command = cluster.command(RouterAction.PROMOTE, 5).setRevision(revision);
        int before = cluster.requests();
        // When
        cluster.send(command);
        // Then
        assertThat(cluster.requests() - before)
                .as(
                        "three configs and their copies, what is promoted kept, the primary"
                                + " written, what was kept before deleted")
                .isEqualTo(9);
    }

    @Test
    void severalAttemptsOfAStepAreOneQuestion() {
        var first = cluster.command(RouterAction.SCALE, 5).build();
        var again = cluster.command(RouterAction.SCALE, 5);
        again.setStep(StepId.newBuilder(again.getStep()).setAttempt(2).build());
        var next = cluster.command(RouterAction.SCALE, 6).build();

        assertThat(cluster.handler().isRepeat(again.build(), first)).isTrue();
        assertThat(cluster.handler().isRepeat(next, first)).isFalse();
    }
}
