package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** One router promotes, another one watches the copies of the configs. */
class CopiesOfReplicasTest {

    private static final String CONFIG = "podinfo-config";
    private static final String COPY = "podinfo-config-primary";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");
    private final Drift other = cluster.anotherDrift();

    private int colors;

    @AfterEach
    void close() {
        other.close();
        cluster.close();
    }

    private void color(String config, String color) {
        cluster.edit(
                Kind.CONFIG_MAP,
                config,
                it -> it.put("data", JsonNodeFactory.instance.objectNode().put("color", color)));
    }

    /** Edits the copy until it is put back, as the other router may not watch it yet. */
    private void assertThatAnEditIsPutBackTo(String color) {
        color(COPY, "green");
        await().until(
                        () -> {
                            var now = cluster.get(Kind.CONFIG_MAP, COPY).at("/data/color").asText();
                            if (!now.equals(color)) {
                                color(COPY, "green" + ++colors);
                            }
                            return now.equals(color);
                        });
    }

    @Test
    void aPromotionOfAnotherRouterIsNoEdit() {
        // Given
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        other.start();
        assertThatAnEditIsPutBackTo("blue");
        color(CONFIG, "red");
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        // When
        assertThat(cluster.promote(4).getOutcome()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertThatAnEditIsPutBackTo("red");
        assertThat(cluster.objects().list(Kind.EVENT, PretendCluster.NAMESPACE, Map.of()))
                .noneMatch(it -> it.at("/reason").asText().equals("NotRepaired"));
    }
}
