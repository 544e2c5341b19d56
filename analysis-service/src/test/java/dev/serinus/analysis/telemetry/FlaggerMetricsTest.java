package dev.serinus.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.rollout.Manifest;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Spec;
import dev.serinus.analysis.rollout.SpecBuilder;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.Traffic;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Names and labels of Flagger's {@code pkg/metrics/recorder.go}, so that dashboards made for
 * Flagger go on working.
 */
class FlaggerMetricsTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart-canary");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FlaggerMetrics metrics = new FlaggerMetrics(registry, false);

    @Test
    void aCanaryIsShownByTheNameOfItsTarget() {
        metrics.show(rollout(CART, Phase.PROGRESSING, 30));

        assertThat(lines())
                .contains(
                        "flagger_canary_status{name=\"cart\",namespace=\"shop\"} 0.0",
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart\"} 30.0",
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart-primary\"} 70.0");
    }

    @Test
    void aBaselineIsShownByItsNameAsLongAsItIsAskedFor() {
        metrics.show(
                rollout(CART, Phase.PROGRESSING, Split.of(10).beside(Weight.nearest(12.5)), true));
        assertThat(lines())
                .contains(
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart\"} 10.0",
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart-primary\"} 77.5",
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart-baseline\"}"
                                + " 12.5");

        metrics.show(rollout(CART, Phase.PROGRESSING, 10));

        assertThat(lines())
                .contains(
                        "flagger_canary_weight{namespace=\"shop\",workload=\"cart-primary\"} 90.0")
                .noneMatch(line -> line.contains("cart-baseline"));
    }

    @Test
    void aCanaryThatIsGoneIsNoLongerShown() {
        metrics.show(rollout(CART, Phase.PROGRESSING, 30));

        metrics.hide(CART);

        assertThat(lines())
                .noneMatch(line -> line.startsWith("flagger_canary_status"))
                .noneMatch(line -> line.startsWith("flagger_canary_weight"));
    }

    @Test
    void seriesThatTwoCanariesShareStayUntilBothAreGone() {
        var same = new CanaryKey("west", "shop", "another-of-cart");
        metrics.show(rollout(CART, Phase.PROGRESSING, 30));
        metrics.show(rollout(same, Phase.FAILED, 0));

        metrics.hide(CART);
        assertThat(lines()).contains("flagger_canary_status{name=\"cart\",namespace=\"shop\"} 2.0");

        metrics.hide(same);
        assertThat(lines()).noneMatch(line -> line.startsWith("flagger_canary_status"));
    }

    @Test
    void endsAreCountedByStrategyAndStatus() {
        metrics.entered(rollout(CART, Phase.SUCCEEDED, 0));
        metrics.entered(rollout(CART, Phase.FAILED, 0));
        metrics.entered(rollout(CART, Phase.FAILED, 0));
        metrics.entered(rollout(CART, Phase.PROMOTING, 0));

        assertThat(lines())
                .contains(
                        "flagger_canary_successes_total{analysis_status=\"completed\",deployment_strategy=\"canary\",name=\"cart\",namespace=\"shop\"}"
                            + " 1.0",
                        "flagger_canary_failures_total{analysis_status=\"completed\",deployment_strategy=\"canary\",name=\"cart\",namespace=\"shop\"}"
                            + " 2.0");
    }

    @Test
    void theDurationHasTheBucketsOfPrometheusGoClient() {
        metrics.analysed(rollout(CART, Phase.PROGRESSING, 0), Duration.ofMillis(7));

        assertThat(lines())
                .contains(
                        "flagger_canary_duration_seconds_bucket{name=\"cart\",namespace=\"shop\",le=\"0.005\"}"
                            + " 0",
                        "flagger_canary_duration_seconds_bucket{name=\"cart\",namespace=\"shop\",le=\"0.01\"}"
                            + " 1",
                        "flagger_canary_duration_seconds_bucket{name=\"cart\",namespace=\"shop\",le=\"10.0\"}"
                            + " 1",
                        "flagger_canary_duration_seconds_count{name=\"cart\",namespace=\"shop\"}"
                                + " 1");
    }

    @Test
    void aHubOfManyClustersCanTellThemApart() {
        FlaggerMetrics many = new FlaggerMetrics(registry, true);

        many.show(rollout(CART, Phase.PROGRESSING, 30));
        many.show(rollout(new CanaryKey("east", "shop", "cart-canary"), Phase.FAILED, 0));

        assertThat(lines())
                .contains(
                        "flagger_canary_status{cluster=\"west\",name=\"cart\",namespace=\"shop\"}"
                                + " 0.0",
                        "flagger_canary_status{cluster=\"east\",name=\"cart\",namespace=\"shop\"}"
                                + " 2.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, false, canary",
        "0, 10, true, canary",
        "5, 0, false, blue-green",
        "5, 0, true, ab-testing",
        "5, 10, false, canary"
    })
    void theStrategyIsNamedAsFlaggerDoes(
            int iterations, int stepWeight, boolean matched, String name) {
        assertThat(FlaggerMetrics.strategy(strategy(iterations, stepWeight, matched)))
                .isEqualTo(name);
    }

    private static Strategy strategy(int iterations, int stepWeight, boolean matched) {
        return new Strategy(
                iterations,
                Weight.percent(stepWeight),
                List.of(),
                Weight.percent(50),
                Weight.percent(50),
                Weight.NONE,
                false,
                matched,
                null);
    }

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }

    private static Rollout rollout(CanaryKey canary, Phase phase, int weight) {
        return rollout(canary, phase, Split.of(weight), false);
    }

    private static Rollout rollout(CanaryKey canary, Phase phase, Split split, boolean baseline) {
        Rollout any = new Samples(1, false).of(Rollout.class);
        Spec spec = Objects.requireNonNull(any.spec());
        Spec cart =
                SpecBuilder.of(spec)
                        .target(new Spec.Target("apps/v1", "Deployment", "cart"))
                        .skipAnalysis(false)
                        .delay(null)
                        .strategy(strategy(0, 10, false))
                        .score(null)
                        .baseline(baseline)
                        .dryRun(false)
                        .rules(null)
                        .build();
        return new Rollout(
                canary,
                new Manifest(any.uid(), any.generation(), cart, true, false, List.of(), null),
                any.target(),
                any.primary(),
                any.baseline(),
                phase,
                any.run(),
                new Traffic(split, 0, 0),
                any.revisions(),
                new Stage.Resting(),
                any.counters(),
                any.pause(),
                any.cookies(),
                any.lastTold(),
                any.answered(),
                any.governed(),
                any.at());
    }
}
