package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class DoneRequestsTest {

    private static final String SKIP = "flagger.app/skip-analysis";
    private static final String RESET = "flagger.app/reset";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void annotated() {
        cluster.initialize(1);
        cluster.edit(
                Kind.CANARY, "podinfo", it -> it.annotate(SKIP, "true").annotate(RESET, "true"));
    }

    @Test
    void whatIsDoneIsTakenOffAndNothingElse() {
        // Given
        annotated();
        // When
        var result = cluster.send(cluster.command(RouterAction.SHIFT, 2).setTakeOff(List.of(SKIP)));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.canary().annotation(SKIP)).isNull();
        assertThat(cluster.canary().annotation(RESET)).isEqualTo("true");
        assertThat(cluster.canary().annotation(Claims.ANNOTATION)).isNotNull();
    }

    @Test
    void whatIsGoneAlreadyIsWrittenNoMore() {
        // Given
        annotated();
        cluster.send(cluster.command(RouterAction.SHIFT, 2).setTakeOff(List.of(SKIP, RESET)));
        var before = cluster.canary().at("/metadata/resourceVersion");
        // When
        cluster.send(cluster.command(RouterAction.SHIFT, 3).setTakeOff(List.of(SKIP, RESET)));
        // Then
        assertThat(cluster.canary().at("/metadata/resourceVersion")).isEqualTo(before);
    }

    @Test
    void withoutARequestTheAnnotationsStay() {
        // Given
        annotated();
        // When
        cluster.send(cluster.command(RouterAction.SHIFT, 2));
        // Then
        assertThat(cluster.canary().annotation(SKIP)).isEqualTo("true");
    }
}
