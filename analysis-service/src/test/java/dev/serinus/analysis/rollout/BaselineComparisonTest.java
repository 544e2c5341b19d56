package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.ComparisonEvidence;
import dev.serinus.analysis.rollout.judge.ComparisonRule;
import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Sample;
import dev.serinus.analysis.rollout.judge.Sides;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What is compared with a baseline, and with what else where there is none. */
class BaselineComparisonTest {

    private static final Duration STEP = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(20);

    private final SimulatedCluster cluster = new SimulatedCluster(spec(false));

    /** What was asked for comparisons, and when. */
    private final List<Effect.AskMetrics> asked = new ArrayList<>();

    /** How many times the other side's latency the canary's is. */
    private double slower = 1;

    private static Spec spec(boolean baseline) {
        var compare =
                new ComparisonRule(
                        baseline ? "baseline" : "primary",
                        new Comparison(Direction.INCREASE, 0.1, 0, Method.RATIO, 0.01, 5),
                        STEP,
                        null,
                        false,
                        false,
                        "latency",
                        false);
        var latency =
                new Check(
                        "latency",
                        null,
                        new Range(null, 500.0),
                        OnUnknown.FAIL,
                        OnUnknown.HOLD,
                        compare);
        return Specs.withBaseline(Specs.withChecks(Specs.linear(), List.of(latency)), baseline);
    }

    private void released(boolean baseline) {
        cluster.create();
        cluster.run(Duration.ofMinutes(1));
        cluster.edit(spec(baseline));
        cluster.run(Duration.ofSeconds(5));
        cluster.sides =
                (_, ask, now) -> {
                    asked.add(ask);
                    return sides(ask.windowStart(), now);
                };
        cluster.image("b");
        for (int i = 0; i < 600 && cluster.weight() != 20; i++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.weight()).isEqualTo(20);
    }

    private @Nullable Sides sides(@Nullable Instant from, Instant now) {
        return from == null
                ? null
                : new Sides(
                        series(from, now, slower),
                        series(from, now, 1),
                        List.of(),
                        List.of(),
                        true);
    }

    private static List<Sample> series(Instant from, Instant now, double times) {
        return Stream.iterate(from.plus(STEP), at -> !at.isAfter(now), at -> at.plus(STEP))
                .map(at -> new Sample(at, times * (100 + at.getEpochSecond() % 3)))
                .toList();
    }

    private List<ComparisonEvidence> compared() {
        return cluster.history.stream()
                .flatMap(event -> event.evidence().stream())
                .map(Evidence::comparison)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void askedForInTheMiddleOfARunComparisonsGoOnWithThePrimaryUntilTheNext() {
        released(false);
        cluster.edit(spec(true));
        cluster.history.clear();
        asked.clear();

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(asked)
                .filteredOn(ask -> ask.windowStart() != null)
                .isNotEmpty()
                .allMatch(ask -> "primary".equals(ask.comparedWith()));
        assertThat(compared()).isNotEmpty().allMatch(found -> found.with().equals("primary"));
        // The next one has it.
        asked.clear();
        cluster.history.clear();
        cluster.image("c");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(asked).isNotEmpty().allMatch(ask -> ask.comparedWith() == null);
        assertThat(compared()).isNotEmpty().allMatch(found -> found.with().equals("baseline"));
    }

    @Test
    void whatIsToldNamesTheBaseline() {
        slower = 2;
        released(true);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(it -> it.contains("latency of the canary is 100 % above the baseline's"))
                .noneMatch(it -> it.contains("the primary's"));
    }

    @Test
    void whatItSaidBeforeSomeOfItsPodsFailedIsNoMeasureOfTheCanary() {
        released(true);
        cluster.run(Duration.ofSeconds(15));
        assertThat(asked).isNotEmpty();
        cluster.baselinePartly = true;
        cluster.baselineServes(true);
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.weight()).isEqualTo(20);
        asked.clear();
        Instant healed = cluster.now;
        cluster.baselinePartly = false;
        cluster.baselineServes(true);
        cluster.run(LONG);

        assertThat(asked).isNotEmpty();
        assertThat(asked)
                .filteredOn(ask -> ask.windowStart() != null)
                .allMatch(ask -> !Objects.requireNonNull(ask.windowStart()).isBefore(healed));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
    }

    @Test
    void resumedWhileItIsNotReadyNothingIsJudgedBeforeItIs() {
        released(true);
        cluster.edit(suspended(true));
        cluster.run(Duration.ofSeconds(5));
        cluster.baselinePartly = true;
        cluster.baselineServes(true);
        cluster.run(Duration.ofSeconds(5));

        cluster.edit(suspended(false));
        cluster.run(Duration.ofMillis(500));

        assertThat(cluster.rollout.run().readiness().steady()).isFalse();
    }

    private static Spec suspended(boolean suspend) {
        return Specs.withBaseline(Specs.edited(spec(true), suspend, 5), true);
    }
}
