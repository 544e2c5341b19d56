package dev.serinus.analysis.telemetry;

import static dev.serinus.analysis.telemetry.RolloutAt.at;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Awaited;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.Wait;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class RolloutTimesTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");
    private static final Wait WAIT = new Wait(1, Instant.EPOCH, Instant.EPOCH, null);
    private static final Stage ACTIVE = new Stage.Waiting(new Awaited.ReadyCanary(), WAIT);
    private static final Stage AT_A_GATE =
            new Stage.Waiting(new Awaited.OpenGate(Point.PROMOTE, "board", "closed"), WAIT);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Instant now = Instant.parse("2026-11-30T08:00:00Z");
    private final RolloutTimes spent = new RolloutTimes(registry, () -> now);

    @Test
    void whatGoesOnCountsWhileItGoesOn() {
        spent.show(at(CART, ACTIVE));
        after(30);
        assertThat(seconds("active")).isEqualTo(30);

        spent.show(at(CART, AT_A_GATE));
        after(600);
        spent.show(at(CART, AT_A_GATE)); // a decision that changes nothing about it
        after(600);

        assertThat(seconds("active")).isEqualTo(30);
        assertThat(seconds("person")).isEqualTo(1200);
        assertThat(seconds("fleet")).isZero();

        spent.show(at(CART, new Stage.Resting()));
        after(600);
        assertThat(seconds("person")).isEqualTo(1200);
    }

    @Test
    void theCanariesOfANamespaceCountTogether() {
        spent.show(at(CART, ACTIVE));
        after(10);
        spent.show(at(TILL, ACTIVE));
        after(10);

        assertThat(seconds("active")).isEqualTo(30);

        spent.hide(CART);
        after(5);
        assertThat(seconds("active")).isEqualTo(35);
    }

    @Test
    void itNeverGoesBackAlsoWhenTheClockDoes() {
        spent.show(at(CART, ACTIVE));
        after(60);
        assertThat(seconds("active")).isEqualTo(60);

        after(-30);
        assertThat(seconds("active")).isEqualTo(60);
        spent.show(at(CART, new Stage.Resting()));
        assertThat(seconds("active")).isEqualTo(60);
    }

    @Test
    void theSeriesGoWithTheLastCanary() {
        spent.show(at(CART, ACTIVE));
        spent.show(at(TILL, new Stage.Resting()));

        spent.hide(CART);
        assertThat(registry.getMeters()).isNotEmpty();
        spent.hide(TILL);

        assertThat(registry.getMeters()).isEmpty();
    }

    private void after(long seconds) {
        now = now.plusSeconds(seconds);
    }

    private double seconds(String on) {
        FunctionCounter counter =
                registry.get("serinus.rollout.spent.seconds")
                        .tags("cluster", "west", "namespace", "shop", "on", on)
                        .functionCounter();
        return counter.count();
    }
}
