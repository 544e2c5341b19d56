package dev.serinus.analysis.telemetry;

import static dev.serinus.analysis.telemetry.RolloutAt.at;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Awaited;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.Wait;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class WaitingCanariesTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WaitingCanaries waiting = new WaitingCanaries(registry);

    private List<String> ones() {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith("serinus_canary_waiting") && line.endsWith(" 1.0"))
                .toList();
    }

    @Test
    void theOneItWaitsOnNowIsOne() {
        waiting.show(
                at(
                        CART,
                        new Stage.Waiting(
                                new Awaited.ReadyCanary(),
                                new Wait(1, Instant.EPOCH, Instant.EPOCH, null))));
        assertThat(ones())
                .containsExactly(
                        "serinus_canary_waiting{canary=\"cart\",cluster=\"west\",namespace=\"shop\",on=\"pods\"}"
                            + " 1.0");

        waiting.show(at(CART, new Stage.Resting()));
        assertThat(ones()).isEmpty();
    }

    @Test
    void ofACanaryThatIsGoneNothingIsLeft() {
        waiting.show(at(CART, new Stage.Resting()));
        waiting.hide(CART);
        assertThat(registry.scrape()).doesNotContain("serinus_canary_waiting{");
    }
}
