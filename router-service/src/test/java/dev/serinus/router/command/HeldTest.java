package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The claim and the finalizer stand before whatever is written. */
class HeldTest {

    private static final String OWN = "lab@kafka";
    private static final String OTHER = "lab@another-kafka";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @BeforeEach
    void running() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 0);
        cluster.release("podinfo:2");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private ClusterObject letGoOf() {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    it.withoutAnnotations(Claims.ANNOTATION::equals);
                    it.metadata().withArrayProperty("finalizers").removeAll();
                });
        var now = cluster.canary();
        await().until(
                        () ->
                                !cluster.canaries()
                                        .get(PretendCluster.NAMESPACE, "podinfo")
                                        .orElseThrow()
                                        .latest()
                                        .getMetadata()
                                        .getAnnotations()
                                        .containsKey(Claims.ANNOTATION));
        return now;
    }

    private RouterOutcome carryOut(RouterAction action) {
        return cluster.send(
                        cluster.command(action, 5)
                                .setCanaryWeight(action == RouterAction.SHIFT ? 30 : 0)
                                .setTargetRunning(action != RouterAction.SCALE))
                .getOutcome();
    }

    @ParameterizedTest
    @EnumSource(names = {"SCALE", "SHIFT", "PROMOTE", "TAKE_OVER"})
    void oneThatWasLetGoIsHeldAgainBeforeAnythingIsWritten(RouterAction action) {
        // Given
        letGoOf();
        // When
        var outcome = carryOut(action);
        // Then
        assertThat(outcome).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo(OWN);
        assertThat(Finalizer.isOn(cluster.canary())).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"SCALE", "SHIFT", "PROMOTE"})
    void oneThatAnotherTakesInBetweenGetsNoWrite(RouterAction action) {
        // Given: the watch still shows nobody's claim
        letGoOf();
        cluster.interfere(
                "podinfo",
                () ->
                        cluster.edit(
                                Kind.CANARY,
                                "podinfo",
                                it -> it.annotate(Claims.ANNOTATION, OTHER)));
        int writes = cluster.writes();
        // When
        var outcome = carryOut(action);
        // Then
        assertThat(outcome).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.writes()).isEqualTo(writes);
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo(OTHER);
    }

    @Test
    void oneThatIsHeldCostsNoRequest() {
        // Given
        cluster.shift(5, 30);
        int requests = cluster.requests();
        // When
        cluster.shift(6, 30);
        // Then
        assertThat(cluster.requests() - requests)
                .as("the test's read of the Canary, target, primary and the mesh's three")
                .isEqualTo(6);
    }
}
