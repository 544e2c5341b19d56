package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.SimulatedCluster.SidesAsked;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Check.Range;
import dev.serinus.analysis.rollout.judge.ComparisonRule;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Sample;
import dev.serinus.analysis.rollout.judge.ScoreRule;
import dev.serinus.analysis.rollout.judge.Sides;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.judge.compare.Classification;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.analysis.rollout.tell.Severity;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A release that is compared with the primary, from the first traffic to its end. */
class ComparisonTest {

    private static final Duration STEP = Duration.ofSeconds(10);

    private static ComparisonRule rule(Method method, boolean counts) {
        return new ComparisonRule(
                "primary",
                new Comparison(Direction.INCREASE, 0.1, 0, method, 0.01, counts ? 0 : 10),
                STEP,
                null,
                false,
                false,
                "latency",
                counts);
    }

    private static ComparisonRule ofGroup(String group, boolean critical) {
        return new ComparisonRule(
                "primary",
                new Comparison(Direction.INCREASE, 0.1, 0, Method.MANN_WHITNEY, 0.01, 10),
                STEP,
                null,
                critical,
                false,
                group,
                false);
    }

    private static Check latency(@Nullable Range range, OnUnknown onNoData) {
        return new Check(
                "latency", null, range, onNoData, OnUnknown.HOLD, rule(Method.MANN_WHITNEY, false));
    }

    private static SimulatedCluster released(@Nullable ScoreRule score, Check... checks) {
        return released(Specs.LINEAR, score, checks);
    }

    private static SimulatedCluster released(
            Strategy strategy, @Nullable ScoreRule score, Check... checks) {
        var cluster = new SimulatedCluster(spec(strategy, score, checks));
        cluster.create();
        cluster.run(Duration.ofMinutes(5));
        cluster.told.clear();
        return cluster;
    }

    private static Spec spec(Strategy strategy, @Nullable ScoreRule score, Check... checks) {
        return Specs.checked(strategy, Specs.linear().threshold(), score, checks);
    }

    /** A range, with noise of 3 % that is the same in each run. */
    private static SidesAsked ranges(ToDoubleFunction<String> factor) {
        return (check, ask, now) -> {
            var start = ask.windowStart();
            return start == null
                    ? null
                    : values(
                            series(start, now, factor.applyAsDouble(check) * 100, 7),
                            series(start, now, 100, 5));
        };
    }

    private static List<Sample> series(Instant start, Instant now, double level, int seed) {
        return Stream.iterate(start.plus(STEP), at -> !at.isAfter(now), at -> at.plus(STEP))
                .map(
                        at ->
                                new Sample(
                                        at,
                                        level
                                                * (1
                                                        + ((at.getEpochSecond() / 10 * seed) % 11
                                                                        - 5)
                                                                / 170.0)))
                .toList();
    }

    private static List<String> types(SimulatedCluster cluster) {
        return cluster.history.stream().map(Effect.Happened::type).distinct().toList();
    }

    /** What a provider with ranges says of values. */
    private static Sides values(List<Sample> canary, List<Sample> primary) {
        return new Sides(canary, primary, List.of(), List.of(), true);
    }

    @Test
    void aReleaseThatIsSlowerThanThePrimaryIsTakenBackThoughItKeepsItsThreshold() {
        var cluster = released(null, latency(new Range(null, 500.0), OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.2);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        var failed = cluster.last("CheckFailed");
        assertThat(failed.canaryWeight().wholePercent()).isEqualTo(20);
        assertThat(failed.message()).startsWith("Halt podinfo.test advancement latency");
        var evidence = failed.evidence().getFirst();
        assertThat(evidence.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(evidence.value()).isEqualTo(100.0);
        assertThat(evidence.max()).isEqualTo(500.0);
        var found = Objects.requireNonNull(evidence.comparison());
        assertThat(found.classification()).isEqualTo(Classification.HIGH);
        assertThat(found.judge()).isEqualTo("mann-whitney");
        assertThat(found.canarySize()).isBetween(10L, 14L);
        assertThat(found.p()).isLessThan(0.01);
        assertThat(found.sides().canary()).hasSize((int) found.canarySize());
        assertThat(found.digest()).hasSize(64);
        var shown = Objects.requireNonNull(StatusView.of(cluster.rollout).compared());
        assertThat(shown.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(shown.metrics().getFirst().digest()).isEqualTo(found.digest());
    }

    @Test
    void untilThereAreSamplesEnoughItWaitsAtTheFirstStopAndNobodyIsWarned() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.0);

        cluster.image("b");
        cluster.run(Duration.ofSeconds(90));

        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.waitingFor()).startsWith("more samples: ");
        assertThat(Stalled.because(cluster.rollout)).isEmpty();
        assertThat(cluster.last("CheckInconclusive").evidence().getFirst().verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(cluster.told).noneMatch(line -> line.startsWith("W"));

        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).noneMatch(line -> line.contains("latency"));
        assertThat(cluster.chats).noneMatch(chat -> chat.severity() != Severity.INFO);
    }

    @Test
    void withoutABoundOfItsOwnAComparisonHasNoneOfZero() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.0);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.last("StepPassed").evidence().getFirst())
                .extracting(it -> it.value(), it -> it.min(), it -> it.max())
                .containsExactly(100.0, null, null);
    }

    @Test
    void whereARangeIsGivenAsWellBothHaveToHold() {
        var cluster = released(null, latency(new Range(null, 99.0), OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.0);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.last("CheckFailed").message())
                .isEqualTo("Halt podinfo.test advancement latency 100.00 > 99");
    }

    @Test
    void ofAProviderWithoutRangesTheSamplesOfEachCheckAddUpAndANewRunBeginsAnew() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : new Sides(
                                        List.of(new Sample(now, 120 + now.getEpochSecond() % 7)),
                                        List.of(new Sample(now, 100 + now.getEpochSecond() % 5)),
                                        List.of(),
                                        List.of(),
                                        false);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        var collected = Objects.requireNonNull(cluster.rollout.run().collected());
        var read = RolloutJson.read(RolloutJson.write(cluster.rollout), Rollout.class);
        cluster.run(Duration.ofMinutes(20));

        assertThat(collected.series().getFirst().sides().canary()).hasSizeBetween(3, 6);
        assertThat(read.run().collected()).isEqualTo(collected);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(
                        Objects.requireNonNull(
                                        cluster.last("CheckFailed")
                                                .evidence()
                                                .getFirst()
                                                .comparison())
                                .classification())
                .isEqualTo(Classification.HIGH);

        cluster.image("c");
        cluster.run(Duration.ofSeconds(40));

        var anew = Objects.requireNonNull(cluster.rollout.run().collected());
        assertThat(anew.since()).isAfter(collected.since());
        assertThat(
                        anew.series().stream()
                                .flatMap(series -> series.sides().canary().stream())
                                .toList())
                .allMatch(sample -> sample.time().isAfter(anew.since()));
    }

    /** What a provider says that is asked for the present, by this question. */
    private static Sides atPresent(Instant now, double canary, String asked) {
        return new Sides(
                List.of(new Sample(now, canary + now.getEpochSecond() % 7)),
                List.of(new Sample(now, 100 + now.getEpochSecond() % 7)),
                List.of(),
                List.of(),
                false,
                Duration.ZERO,
                asked);
    }

    @Test
    void samplesOfAQueryThatIsNotAskedAnyMoreAreLeftOutAndOthersWaitedFor() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides =
                (_, ask, now) -> ask.windowStart() == null ? null : atPresent(now, 150, "former");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(100));
        var collected = Objects.requireNonNull(cluster.rollout.run().collected());
        var before = collected.series().getFirst().sides();
        int former = before.canary().size() + before.other().size();

        cluster.sides =
                (_, ask, now) -> ask.windowStart() == null ? null : atPresent(now, 100, "edited");
        cluster.run(Duration.ofSeconds(20));

        var found =
                Objects.requireNonNull(
                        cluster.last("CheckInconclusive").evidence().getFirst().comparison());
        assertThat(former).isGreaterThan(8);
        assertThat(found.canarySize()).isBetween(1L, 3L);
        assertThat(found.sides().canary()).allMatch(sample -> sample.value() < 110);
        assertThat(found.because())
                .endsWith("; %d samples of a former query left out".formatted(former));
        var read = RolloutJson.read(RolloutJson.write(cluster.rollout), Rollout.class);
        assertThat(read.run().collected()).isEqualTo(cluster.rollout.run().collected());

        // Ten samples take 110 s from the edit on, and one deadline is 60 s.
        cluster.run(Duration.ofSeconds(80));
        assertThat(cluster.chats).noneMatch(chat -> chat.severity() == Severity.WARN);
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        var again = Rollout.of(SimulatedCluster.CANARY);
        for (RolloutEvent event : cluster.journal) {
            again = RolloutMachine.next(again, event).state();
        }
        assertThat(RolloutJson.write(again)).isEqualTo(RolloutJson.write(cluster.rollout));
    }

    @Test
    void harmShownByAFormerQueryIsNoneWhereTheEditedOneSaysNothingYet() {
        var cluster = released(null, latency(null, OnUnknown.HOLD));
        cluster.sides =
                (_, ask, now) -> ask.windowStart() == null ? null : atPresent(now, 150, "former");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(100));

        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : new Sides(
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        false,
                                        Duration.ZERO,
                                        "edited");
        cluster.run(Duration.ofSeconds(60));

        assertThat(types(cluster)).doesNotContain("CheckFailed");
    }

    @Test
    void aWatcherThatDoesNotSayWhatItAskedIsTakenToAskTheSame() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : values(atPresent(now, 100, "it"), now.getEpochSecond() / 10);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(
                        Objects.requireNonNull(
                                        cluster.last("StepPassed")
                                                .evidence()
                                                .getFirst()
                                                .comparison())
                                .because())
                .doesNotContain("left out");
    }

    /** Every second one by a watcher that does not say what it asked. */
    private static Sides values(Sides sides, long check) {
        return new Sides(
                sides.canary(),
                sides.other(),
                List.of(),
                List.of(),
                false,
                Duration.ZERO,
                check % 2 == 0 ? null : sides.asked());
    }

    @Test
    void harmThatShowsAtAHigherWeightIsNotHiddenByTheSamplesOfALowerOne() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        var risen = new AtomicReference<@Nullable Instant>();
        cluster.sides =
                (_, ask, now) -> {
                    var start = ask.windowStart();
                    if (start == null) {
                        return null;
                    }
                    if (cluster.weight() > 20) {
                        risen.compareAndSet(null, now.minus(STEP));
                    }
                    var since = risen.get();
                    Predicate<Sample> before = one -> since == null || one.time().isBefore(since);
                    return values(
                            Stream.concat(
                                            series(start, now, 100, 7).stream().filter(before),
                                            series(start, now, 130, 7).stream()
                                                    .filter(before.negate()))
                                    .toList(),
                            series(start, now, 100, 5));
                };

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.last("CheckFailed").canaryWeight().wholePercent()).isEqualTo(40);
        var passed =
                Objects.requireNonNull(
                        cluster.last("StepPassed").evidence().getFirst().comparison());
        assertThat(passed.canarySize()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void whereThePrimaryHasNoShareNothingIsCompared() {
        var all = Specs.strategy(0, 50, List.of(), 100, 100, 0, false, false);
        var cluster = released(all, null, latency(new Range(null, 500.0), OnUnknown.FAIL));
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : values(
                                        series(ask.windowStart(), now, 100, 7),
                                        cluster.weight() == 100
                                                ? List.of()
                                                : series(ask.windowStart(), now, 100, 5));

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        var last = cluster.last("StepPassed").evidence().getFirst();
        assertThat(last.comparison()).isNull();
        assertThat(last.because())
                .isEqualTo("not compared: the primary has no share of the traffic");
    }

    @Test
    void aPrimaryThatServesNobodyDoesNotBlockTheWayOutOfIt() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : values(series(ask.windowStart(), now, 100, 7), List.of());

        cluster.primaryServes(false);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.last("StepPassed").evidence().getFirst().because())
                .isEqualTo("not compared: the primary does not serve");
    }

    @Test
    void aDoubtAboutSomethingElseDoesNotShortenTheWaitForSamples() {
        var cluster = released(null, latency(new Range(null, 500.0), OnUnknown.HOLD));
        var unknown = new AtomicInteger(1);
        cluster.metrics = (_, _) -> unknown.getAndDecrement() > 0 ? null : 100.0;
        var rule = rule(Method.MANN_WHITNEY, false);
        var slow =
                new ComparisonRule(
                        rule.with(),
                        rule.how(),
                        Duration.ofMinutes(1),
                        null,
                        false,
                        false,
                        rule.group(),
                        false);
        cluster.sides = ranges(_ -> 1.0);
        var check = cluster.spec.checks().getFirst();
        cluster.edit(
                spec(
                        Specs.LINEAR,
                        null,
                        new Check(
                                check.name(),
                                null,
                                check.range(),
                                OnUnknown.HOLD,
                                OnUnknown.HOLD,
                                slow)));
        cluster.sides =
                (_, ask, now) -> {
                    var start = ask.windowStart();
                    return start == null
                            ? null
                            : values(
                                    minutes(series(start, now, 100, 7)),
                                    minutes(series(start, now, 100, 5)));
                };

        cluster.image("b");
        cluster.run(Duration.ofHours(1));

        assertThat(types(cluster)).contains("CheckInconclusive");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    private static List<Sample> minutes(List<Sample> samples) {
        return IntStream.range(0, samples.size())
                .filter(place -> place % 6 == 5)
                .mapToObj(samples::get)
                .toList();
    }

    @Test
    void anEditedManifestBeginsTheWindowAnew() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.0);
        cluster.image("b");
        cluster.run(Duration.ofSeconds(60));
        var before = Objects.requireNonNull(cluster.rollout.run().collected());

        cluster.edit(spec(Specs.LINEAR, null, latency(new Range(null, 400.0), OnUnknown.FAIL)));
        cluster.run(Duration.ofSeconds(20));

        assertThat(Objects.requireNonNull(cluster.rollout.run().collected()).since())
                .isAfter(before.since());
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void samplesThatDoNotComeAreToldAfterOneDeadlineAndEndTheRunAfterTwo() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        // Each side remembers nothing.
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : values(List.of(new Sample(now, 1)), List.of(new Sample(now, 1)));

        cluster.image("b");
        // Ten samples take 110 s, and one deadline is 60 s.
        cluster.run(Duration.ofSeconds(170));
        var early = List.copyOf(cluster.chats);
        cluster.run(Duration.ofSeconds(40));
        var late = List.copyOf(cluster.chats);
        cluster.run(Duration.ofMinutes(10));

        assertThat(early).noneMatch(chat -> chat.severity() == Severity.WARN);
        assertThat(late).anyMatch(chat -> chat.severity() == Severity.WARN);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(types(cluster)).doesNotContain("CheckFailed");
    }

    @ParameterizedTest
    @EnumSource(OnUnknown.class)
    void aSideThatStaysSilentMeansWhatNoDataMeans(OnUnknown onNoData) {
        var cluster = released(null, latency(null, onNoData));
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : values(series(ask.windowStart(), now, 100, 7), List.of());

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase())
                .isEqualTo(onNoData == OnUnknown.PASS ? Phase.SUCCEEDED : Phase.FAILED);
        assertThat(types(cluster).contains("CheckFailed")).isEqualTo(onNoData == OnUnknown.FAIL);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.002})
    void errorsAreComparedByTheirRequestsAndNoSeriesOfErrorsIsNone(double share) {
        var cluster =
                released(
                        null,
                        new Check(
                                "errors",
                                null,
                                null,
                                OnUnknown.FAIL,
                                OnUnknown.FAIL,
                                rule(Method.PROPORTION, true)));
        cluster.metrics = (_, _) -> null;
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : new Sides(
                                        share > 0.01
                                                ? series(ask.windowStart(), now, 500 * share, 1)
                                                : List.of(),
                                        series(ask.windowStart(), now, 1, 1),
                                        series(ask.windowStart(), now, 500, 1),
                                        series(ask.windowStart(), now, 500, 1),
                                        true);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase())
                .isEqualTo(share > 0.01 ? Phase.FAILED : Phase.SUCCEEDED);
    }

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, 1", "PROPORTION, 10"})
    void countedErrorsEndAStepEitherWayAsSoonAsTheJudgeAllows(Method method, int intervals) {
        var harmless = counted(method, 0.01);
        var harmful = counted(method, 0.1);

        assertThat(since(harmless, "StepPassed")).isBetween(intervals * 10L, intervals * 10L + 25);
        // Harm that is shown waits for nothing.
        assertThat(since(harmful, "CheckFailed")).isLessThanOrEqualTo(25);
    }

    private static SimulatedCluster counted(Method method, double share) {
        var errors =
                new Check("errors", null, null, OnUnknown.FAIL, OnUnknown.HOLD, rule(method, true));
        var cluster = released(null, errors);
        cluster.sides =
                (_, ask, now) ->
                        ask.windowStart() == null
                                ? null
                                : new Sides(
                                        series(ask.windowStart(), now, 5_000 * share, 1),
                                        series(ask.windowStart(), now, 5_000 * 0.01, 1),
                                        series(ask.windowStart(), now, 5_000, 1),
                                        series(ask.windowStart(), now, 5_000, 1),
                                        true);
        cluster.history.clear();
        cluster.image("b");
        cluster.run(Duration.ofMinutes(5));
        return cluster;
    }

    /** Seconds from the first traffic to the first event of a type. */
    private static long since(SimulatedCluster cluster, String type) {
        return Duration.between(first(cluster, "WeightShifted"), first(cluster, type)).toSeconds();
    }

    private static Instant first(SimulatedCluster cluster, String type) {
        return cluster.history.stream()
                .filter(event -> event.type().equals(type))
                .findFirst()
                .orElseThrow()
                .at();
    }

    @Test
    void aScoreBetweenMarginalAndPassHoldsAndOneBelowFails() {
        var score = new ScoreRule(95, 50, Map.of("latency", 60.0, "load", 40.0));
        var held = scored(score, false, "load");
        var failed = scored(score, false, "latency");
        var passed = scored(score, false, "nothing");
        var critical = scored(score, true, "load");

        assertThat(held.weight()).isEqualTo(20);
        var evidence = held.last("CheckInconclusive").evidence().getLast();
        assertThat(evidence.check()).isEqualTo("score");
        assertThat(evidence.value()).isEqualTo(60.0);
        assertThat(evidence.min()).isEqualTo(95.0);
        assertThat(Objects.requireNonNull(StatusView.of(held.rollout).compared()).score())
                .isEqualTo(60.0);
        assertThat(types(failed)).contains("RolledBack");
        assertThat(passed.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(types(critical)).contains("RolledBack");
        assertThat(critical.last("CheckFailed").evidence().getLast().value()).isZero();
    }

    private static SimulatedCluster scored(ScoreRule score, boolean critical, String bad) {
        var cluster =
                released(
                        score,
                        latency(null, OnUnknown.FAIL),
                        new Check(
                                "load",
                                null,
                                null,
                                OnUnknown.FAIL,
                                OnUnknown.FAIL,
                                ofGroup("load", critical)));
        cluster.sides = ranges(check -> check.equals(bad) ? 1.3 : 1.0);
        cluster.image("b");
        // The samples are there after 110 s, and a deadline later people are told.
        cluster.run(bad.equals("nothing") ? Duration.ofMinutes(15) : Duration.ofSeconds(160));
        return cluster;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lostAndRepeatedAnswersChangeNoVerdict(long seed) {
        for (double factor : new double[] {1.0, 1.2}) {
            var spec = released(null, latency(null, OnUnknown.FAIL)).spec;
            var cluster = new SimulatedCluster(spec, seed).unreliable(0.3, 0.2);
            cluster.sides = ranges(_ -> factor);
            cluster.create();
            cluster.run(Duration.ofMinutes(10));

            cluster.image("b");
            cluster.run(Duration.ofHours(2));

            assertThat(cluster.rollout.phase())
                    .isEqualTo(factor > 1.1 ? Phase.FAILED : Phase.SUCCEEDED);
        }
    }

    @Test
    void theSameEventsJudgedAgainComeToTheSame() {
        var cluster = released(null, latency(null, OnUnknown.FAIL));
        cluster.sides = ranges(_ -> 1.2);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        var again = Rollout.of(SimulatedCluster.CANARY);
        for (RolloutEvent event : cluster.journal) {
            again = RolloutMachine.next(again, event).state();
        }

        assertThat(RolloutJson.write(again)).isEqualTo(RolloutJson.write(cluster.rollout));
    }

    @Test
    void aRunThatComparesNothingHasNoTraceOfIt() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.create();
        cluster.run(Duration.ofMinutes(5));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(20));

        assertThat(new String(RolloutJson.write(cluster.rollout), UTF_8))
                .doesNotContain("collected", "compared", "compare", "score");
        assertThat(cluster.decisions)
                .flatExtracting(Transition::effects)
                .filteredOn(Effect.AskMetrics.class::isInstance)
                .allMatch(it -> ((Effect.AskMetrics) it).windowStart() == null);
    }
}
