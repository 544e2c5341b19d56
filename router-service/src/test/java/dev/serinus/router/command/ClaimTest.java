package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final String OWN = "lab@kafka";
    private static final String OTHER = "lab@another-kafka";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void claim(String installation) {
        cluster.edit(Kind.CANARY, "podinfo", it -> it.annotate(Claims.ANNOTATION, installation));
    }

    @Test
    void theCanaryIsClaimedAndHeldInOneWriteBeforeAnythingElse() {
        // Given
        cluster.interfere(
                "podinfo-canary",
                () -> assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo(OWN));
        // When
        cluster.initialize(1);
        // Then
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo(OWN);
        assertThat(Finalizer.isOn(cluster.canary())).isTrue();
    }

    @Test
    void oneThatHasTheFinalizerAlreadyIsClaimedToo() {
        // Given
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.metadata().withArrayProperty("finalizers").add(Finalizer.NAME));
        // When
        cluster.initialize(1);
        // Then
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isEqualTo(OWN);
    }

    @Test
    void ofTwoThatComeAtOnceTheSecondWritesNothing() {
        // Given
        cluster.interfere("podinfo", () -> claim(OTHER));
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains(OTHER, OWN, Claims.ANNOTATION);
        assertThat(cluster.writes()).isZero();
        assertThat(cluster.has(Kind.SERVICE, "podinfo-canary")).isFalse();
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
    }

    @Test
    void oneThatAnotherClaimsIsNotSeenAndComesBackWithTheClaim() {
        // Given
        cluster.initialize(1);
        // When
        claim(OTHER);
        // Then
        await().until(() -> cluster.canaries().get("test", "podinfo").isEmpty());
        // When
        claim(OWN);
        // Then
        await().until(() -> cluster.canaries().get("test", "podinfo").isPresent());
    }

    @Test
    void whatAnotherTookIsNotRestoredByUs() {
        // Given
        cluster.initialize(1);
        var canary = cluster.canary();
        claim(OTHER);
        await().until(() -> cluster.canaries().get("test", "podinfo").isEmpty());
        int before = cluster.writes();
        // When
        var result = cluster.ask(cluster.command(RouterAction.RESTORE, 2, canary));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.writes()).isEqualTo(before);
        assertThat(Finalizer.isOn(cluster.canary())).isTrue();
    }
}
