package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.Questions.Question;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class MetricGaugesTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey SAME = new CanaryKey("west", "shop", "another-of-cart");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MetricGauges gauges = new MetricGauges(meters);

    @Test
    void theLastValueIsShownDurationsInSeconds() {
        measured(CART, "errors", 3);
        measured(CART, "errors", 4);
        measured(CART, Questions.DURATION, 250, MetricKind.BUILTIN);

        assertThat(shown()).isEqualTo(Map.of("cart/errors", 4.0, "cart/request-duration", 0.25));
    }

    @Test
    void aTemplateOfThatNameHasUnitsOfItsOwn() {
        measured(CART, Questions.DURATION, 250, MetricKind.TEMPLATE);

        assertThat(shown()).isEqualTo(Map.of("cart/request-duration", 250.0));
    }

    @Test
    void whatTheCanaryNoLongerAsksForGoes() {
        measured(CART, "errors", 3);
        measured(CART, "latency", 4);

        gauges.keep(CART, summary("cart", "latency"));

        assertThat(shown()).isEqualTo(Map.of("cart/latency", 4.0));
    }

    @Test
    void theValuesOfAnotherTargetGo() {
        measured(CART, "errors", 3);

        gauges.keep(CART, summary("till", "errors"));

        assertThat(shown()).isEmpty();
    }

    @Test
    void whatIsSharedGoesWithTheLastCanaryThatAsksForIt() {
        measured(CART, "errors", 3);
        measured(SAME, "errors", 5);

        gauges.keep(CART, null);
        assertThat(shown()).isEqualTo(Map.of("cart/errors", 5.0));

        gauges.keep(SAME, null);
        assertThat(shown()).isEmpty();
    }

    @Test
    void aCanaryThatComesBackIsShownAgain() {
        measured(CART, "errors", 3);
        gauges.keep(CART, null);

        measured(CART, "errors", 7);

        assertThat(shown()).isEqualTo(Map.of("cart/errors", 7.0));
    }

    private void measured(CanaryKey canary, String metric, double value) {
        measured(canary, metric, value, MetricKind.INLINE);
    }

    private void measured(CanaryKey canary, String metric, double value, MetricKind kind) {
        gauges.measured(canary, "cart", new Question(0, metric(metric), kind), value);
    }

    private static CanaryMetric metric(String name) {
        return CanaryMetric.named(name);
    }

    private static SpecSummary summary(String target, String... metrics) {
        return new SpecSummary(
                new ObjectRef("apps/v1", "Deployment", target),
                target,
                target,
                target,
                null,
                null,
                Stream.of(metrics).map(MetricGaugesTest::metric).toList(),
                100,
                100,
                false,
                false);
    }

    private Map<String, Double> shown() {
        List<Meter> all = meters.getMeters();
        return all.stream()
                .collect(
                        Collectors.toMap(
                                meter ->
                                        meter.getId().getTag("name")
                                                + "/"
                                                + meter.getId().getTag("metric"),
                                meter -> meter.measure().iterator().next().getValue()));
    }
}
