package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Late commands, zombies and others who write. */
class RacesTest {

    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

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
        cluster.shift(4, 30);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aZombieCannotUndoALaterStep() {
        // Given
        cluster.shift(6, 60);
        int writes = cluster.writes();
        // When
        var late = cluster.shift(5, 0);
        // Then
        assertThat(late.getOutcome()).isEqualTo(RouterOutcome.STALE);
        assertThat(late.getBecause()).contains("already carries step 1.6, after 1.5");
        assertThat(cluster.writes()).isEqualTo(writes);
        assertThat(cluster.shift(6, 60).getCanaryWeight()).isEqualTo(60);
    }

    @Test
    void aZombieThatIsOvertakenBetweenReadAndWriteIsRefusedToo() {
        // Given: the other router acts just before this one writes.
        cluster.interfere(
                "podinfo",
                () -> cluster.edit(ROUTE, "podinfo", it -> it.annotate("serinus.dev/step", "1.9")));
        // When
        var result = cluster.shift(5, 60);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.STALE);
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/http/0/route/1/weight").asInt())
                .isEqualTo(30);
    }

    @Test
    void aLostRaceIsDecidedAgainOnWhatIsThereNow() {
        // Given
        cluster.interfere(
                "podinfo", () -> cluster.edit(ROUTE, "podinfo", it -> it.annotate("mine", "yes")));
        // When
        var result = cluster.shift(5, 60);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(ROUTE, "podinfo").annotation("mine")).isEqualTo("yes");
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/http/0/route/1/weight").asInt())
                .isEqualTo(60);
    }

    @Test
    void whatTheRouteHasBesidesStays() {
        // Given
        cluster.edit(
                ROUTE,
                "podinfo",
                it -> it.spec("exportTo", JsonNodeFactory.instance.arrayNode().add(".")));
        // When
        cluster.shift(5, 60);
        // Then
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/exportTo/0").asText()).isEqualTo(".");
    }
}
