package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Gloo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A route leads by what has another name with another port, and goes before that does. */
class GlooUpstreamsTest {

    private static final String OLD = "test-podinfo-canaryupstream-9898";
    private static final String NEW = "test-podinfo-canaryupstream-80";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("gloo-canary.yaml").withDrift();

    @BeforeEach
    void atThirtyPercent() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private String leadsBy() {
        return cluster.get(Gloo.ROUTE_TABLE, "podinfo")
                .at("/spec/routes/0/routeAction/multi/destinations/1/destination/upstream/name")
                .asText();
    }

    @Test
    void upstreamsOfAnotherPortGoOnceAProxyCanHaveSeenThatNothingLeadsByThem() {
        // Given
        var routed = new AtomicLong();
        cluster.interfere(
                ref -> ref.kind().equals(Gloo.ROUTE_TABLE), () -> routed.set(System.nanoTime()));
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("port", 80));
        // Then
        await().untilAsserted(() -> assertThat(leadsBy()).isEqualTo(NEW));
        await().until(() -> !cluster.has(Gloo.UPSTREAM, OLD));
        assertThat(cluster.has(Gloo.UPSTREAM, "test-podinfo-primaryupstream-9898")).isFalse();
        assertThat(cluster.has(Gloo.UPSTREAM, NEW)).isTrue();
        long deleted = cluster.deleted(Gloo.UPSTREAM, OLD).orElseThrow();
        assertThat(Duration.ofNanos(deleted - routed.get()))
                .isGreaterThanOrEqualTo(cluster.context().patience());
    }

    @Test
    void upstreamsOfARouteTableThatStaysAreNotTakenFromIt() {
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", "shop"));
        // Then
        await().until(() -> cluster.has(Gloo.ROUTE_TABLE, "shop"));
        await().during(Duration.ofMillis(900)).until(() -> cluster.has(Gloo.UPSTREAM, OLD));
    }

    @Test
    void whatTheRouteLeadsByGoesAfterItWhenTheCanaryGoes() {
        // Given
        var canary = cluster.canary();
        cluster.delete("podinfo");
        // When
        var done = cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        // Then
        assertThat(done.getBecause()).isEmpty();
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Gloo.UPSTREAM, OLD)).isFalse();
        assertThat(cluster.lastWritten(Gloo.UPSTREAM, OLD))
                .isEqualTo(
                        cluster.lastWritten(Gloo.ROUTE_TABLE, "podinfo")
                                .plus(PretendCluster.PATIENCE));
    }
}
