package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.ComparisonRule;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Sample;
import dev.serinus.analysis.rollout.judge.Sides;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;
import dev.serinus.analysis.rollout.plan.Strategy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Whatever the strategy and the provider, and whatever is edited on the way. */
class EditedComparisonTest {

    private static final Duration STEP = Duration.ofSeconds(10);

    enum Plan {
        WEIGHTS,
        AB,
        BLUE_GREEN,
        MIRRORED;

        Strategy strategy() {
            return this == WEIGHTS
                    ? Specs.LINEAR
                    : Specs.strategy(3, 0, List.of(), 0, 0, 0, this == MIRRORED, this == AB);
        }
    }

    enum Edit {
        NOTHING,
        THRESHOLD,
        NAME,
        TEMPLATE
    }

    static Stream<Arguments> all() {
        return Stream.of(Plan.values())
                .flatMap(
                        plan ->
                                Stream.of(Edit.values())
                                        .flatMap(
                                                edit ->
                                                        Stream.of(true, false)
                                                                .map(
                                                                        ranges ->
                                                                                Arguments.of(
                                                                                        plan, edit,
                                                                                        ranges))));
    }

    private static Spec spec(Plan plan, String name, @Nullable Range range) {
        var rule =
                new ComparisonRule(
                        "primary",
                        new Comparison(
                                Direction.INCREASE, 0.1, 0, Method.RANKS_AND_MEANS, 0.01, 10),
                        STEP,
                        null,
                        false,
                        false,
                        name,
                        false);
        return Specs.checked(
                plan.strategy(),
                2,
                null,
                new Check(name, null, range, OnUnknown.FAIL, OnUnknown.HOLD, rule));
    }

    private static List<Sample> samples(Instant start, Instant now, boolean ranges, double level) {
        return ranges
                ? Stream.iterate(start.plus(STEP), at -> !at.isAfter(now), at -> at.plus(STEP))
                        .map(at -> sample(at, level))
                        .toList()
                : List.of(sample(now, level));
    }

    private static Sample sample(Instant at, double level) {
        return new Sample(at, level * (1 + (at.getEpochSecond() % 7) / 200.0));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSlowReleaseIsTakenBackAndAGoodOneIsNot(Plan plan, Edit edit, boolean ranges) {
        assertThat(released(plan, edit, ranges, 1.5)).isEqualTo(Phase.FAILED);
        assertThat(released(plan, edit, ranges, 1.0)).isEqualTo(Phase.SUCCEEDED);
    }

    /** What was measured before the edit says the opposite of what is measured after it. */
    private static Phase released(Plan plan, Edit edit, boolean ranges, double factor) {
        var cluster = new SimulatedCluster(spec(plan, "latency", null));
        cluster.create();
        cluster.run(Duration.ofMinutes(5));
        var edited = new AtomicBoolean(edit == Edit.NOTHING);
        cluster.sides =
                (_, ask, now) -> {
                    var start = ask.windowStart();
                    double other = factor > 1 ? 1 : 1.5;
                    return start == null
                            ? null
                            : new Sides(
                                    samples(
                                            start,
                                            now,
                                            ranges,
                                            100 * (edited.get() ? factor : other)),
                                    samples(start, now, ranges, 100),
                                    List.of(),
                                    List.of(),
                                    ranges,
                                    Duration.ZERO,
                                    edited.get() && edit == Edit.TEMPLATE ? "edited" : "former");
                };
        cluster.image("b");
        cluster.run(Duration.ofSeconds(80));
        edited.set(true);
        switch (edit) {
            case THRESHOLD -> cluster.edit(spec(plan, "latency", new Range(null, 400.0)));
            case NAME -> cluster.edit(spec(plan, "delay", null));
            case NOTHING, TEMPLATE -> {}
        }
        cluster.run(Duration.ofMinutes(30));
        return cluster.rollout.phase();
    }
}
