package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.MetricComparison;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Gathers both sides of the metrics that are compared, over the same window. */
final class ComparedSides {

    /** Samples of one series. */
    private static final int MOST_OF_SERIES = 1_000;

    /** Samples of all series of one answer: about 300 KB, since the journal repeats it. */
    private static final int MOST_OF_ALL = 20_000;

    /** How far the clocks of providers may be ahead of ours. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private final MetricEvaluator evaluator;
    private final @Nullable Instant windowStart;
    private final Instant now;
    private final int most;

    /**
     * Of one query.
     *
     * @param windowStart since when the canary has had its traffic; null where nothing is compared
     */
    ComparedSides(
            MetricEvaluator evaluator,
            List<Question> questions,
            @Nullable Instant windowStart,
            Instant now) {
        this.evaluator = evaluator;
        this.windowStart = windowStart;
        this.now = now;
        int series =
                questions.stream()
                        .map(question -> question.metric().compare())
                        .mapToInt(ComparedSides::series)
                        .sum();
        this.most = Math.clamp(MOST_OF_ALL / Math.max(1, series), 1, MOST_OF_SERIES);
    }

    private static int series(@Nullable MetricComparison compare) {
        return compare == null ? 0 : compare.requests() == null ? 2 : 4;
    }

    /**
     * What was found on both sides; whatever is not null was asked for.
     *
     * @param whole the samples are of the whole window, not only of the present
     * @param late how late they may be told
     * @param asked a digest of what was asked, and of whom
     * @param trouble why a side could not be asked; null when nothing was in the way
     */
    record Found(
            List<MetricSample> canary,
            List<MetricSample> primary,
            @Nullable List<MetricSample> canaryRequests,
            @Nullable List<MetricSample> primaryRequests,
            boolean whole,
            Duration late,
            String asked,
            @Nullable Answer trouble) {

        /** The measurement of the value with the samples of the sides. */
        Measurement with(Question question, Answer value) {
            // A value or none: what the sides say decides. Other trouble is the value's own.
            boolean counts = value instanceof Answer.Samples || value instanceof Answer.NoData;
            if (!counts || trouble != null) {
                return MetricQueries.measurement(
                        question, counts && trouble != null ? trouble : value);
            }
            return Measurement.newBuilder(MetricQueries.measurement(question, value))
                    .setCanarySamples(canary)
                    .setPrimarySamples(primary)
                    .setCanaryRequests(canaryRequests)
                    .setPrimaryRequests(primaryRequests)
                    .setWholeWindow(whole)
                    .setToldLateMillis(whole ? late.toMillis() : 0)
                    .setAsked(asked)
                    .build();
        }
    }

    /** One series of one side, yet to be asked for. By one thread. */
    final class Asked {
        private final CanaryKey canary;
        private final SpecSummary summary;
        private final Question question;
        private final QueryScope scope;

        private Asked(CanaryKey canary, SpecSummary summary, Question question, QueryScope scope) {
            this.canary = canary;
            this.summary = summary;
            this.question = question;
            this.scope = scope;
        }

        Answer ask() throws InterruptedException {
            return MetricQueries.answered(() -> evaluator.answer(canary, summary, question, scope));
        }
    }

    /** What is to be asked for both sides, in any order; nothing where this is not compared. */
    List<Asked> of(CanaryKey canary, SpecSummary summary, Question question) {
        var compare = question.metric().compare();
        if (compare == null || windowStart == null) {
            return List.of();
        }
        var window = window(windowStart, question.metric(), compare);
        if (window.isEmpty()) {
            return List.of();
        }
        var counting = counting(question, compare);
        List<Asked> sides = new ArrayList<>();
        for (Question asked : counting == null ? List.of(question) : List.of(question, counting)) {
            sides.add(new Asked(canary, summary, asked, QueryScope.ofTheCanary(summary, window)));
            sides.add(new Asked(canary, summary, asked, QueryScope.ofTheOther(summary, window)));
        }
        return sides;
    }

    /**
     * What was found; null where this metric is not compared.
     *
     * @param asked all that was to be asked
     * @param answers to each of it
     */
    @Nullable Found found(Question question, List<Asked> asked, List<Answer> answers) {
        var compare = question.metric().compare();
        if (compare == null || windowStart == null) {
            return null;
        }
        return asked.isEmpty()
                ? none(compare)
                : found(
                        IntStream.range(0, asked.size())
                                .mapToObj(place -> side(asked.get(place).scope, answers.get(place)))
                                .toList(),
                        window(windowStart, question.metric(), compare).from());
    }

    private QueryScope.Window window(Instant start, CanaryMetric metric, MetricComparison compare) {
        Instant from =
                lasts(compare.window())
                        .map(now::minus)
                        .filter(earliest -> earliest.isAfter(start))
                        .orElse(start);
        return QueryScope.Window.of(
                from, now, lasts(metric.interval()).orElse(Duration.ofMinutes(1)), most);
    }

    private static Optional<Duration> lasts(@Nullable String written) {
        return Optional.ofNullable(written).flatMap(Durations::parse).filter(Duration::isPositive);
    }

    /** The question of how many requests there were; null where values are compared. */
    private static @Nullable Question counting(Question question, MetricComparison compare) {
        var requests = compare.requests();
        if (requests == null) {
            return null;
        }
        var metric = question.metric();
        boolean inline = requests.query() != null && !requests.query().isEmpty();
        return new Question(
                question.index(),
                // No built-in name: it is asked by its own query.
                CanaryMetric.asked(
                        "requests of " + metric.name(),
                        metric.interval(),
                        requests.query(),
                        requests.templateRef(),
                        metric.templateVariables()),
                inline ? MetricKind.INLINE : MetricKind.TEMPLATE);
    }

    /**
     * One series of one side.
     *
     * @param name of the workload
     */
    private record Side(String name, Answer answer, boolean whole, Duration late, String asked) {}

    private static Side side(QueryScope scope, Answer answer) {
        return new Side(scope.target(), answer, scope.isWhole(), scope.late(), scope.asked());
    }

    private Found found(List<Side> sides, Instant from) {
        Answer trouble =
                sides.stream().flatMap(side -> trouble(side).stream()).findFirst().orElse(null);
        boolean whole = sides.stream().allMatch(Side::whole);
        Duration late =
                sides.stream().map(Side::late).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        var samples = sides.stream().map(side -> samples(side, whole, from)).toList();
        boolean counts = samples.size() > 2;
        return new Found(
                samples.get(0),
                samples.get(1),
                counts ? samples.get(2) : null,
                counts ? samples.get(3) : null,
                whole,
                late,
                asked(sides),
                trouble);
    }

    /** Of each a digest, so that no text can be taken for two. */
    private static String asked(List<Side> sides) {
        return Revision.digest(
                sides.stream()
                        .map(side -> Revision.digest(side.asked()))
                        .collect(Collectors.joining("\n")));
    }

    private static Optional<Answer> trouble(Side side) {
        return switch (side.answer()) {
            case Answer.Samples _, Answer.NoData _ -> Optional.empty();
            case Answer.Unavailable(var because) ->
                    Optional.of(new Answer.Unavailable(comparing(side, because)));
            case Answer.Misconfigured(var because) ->
                    Optional.of(new Answer.Misconfigured(comparing(side, because)));
        };
    }

    private static String comparing(Side side, String because) {
        return "comparing the canary, asked about %s: %s".formatted(side.name(), because);
    }

    /**
     * Of the present the newest number alone, and NaN that is newer; nothing of before the window,
     * nor of a time that is yet to come: after one of those nothing would be newer.
     */
    private List<MetricSample> samples(Side side, boolean whole, Instant from) {
        var numbers = numbers(side.answer()).toList();
        var notNumbers = notNumbers(side.answer()).toList();
        if (whole) {
            var all = sorted(numbers, notNumbers).toList();
            return all.subList(Math.max(0, all.size() - MOST_OF_SERIES), all.size());
        }
        boolean endsWithout = Answer.endsWithoutNumber(side.answer());
        return sorted(newest(numbers), endsWithout ? newest(notNumbers) : List.of())
                .filter(one -> !one.getTime().isBefore(from))
                .filter(one -> !one.getTime().isAfter(now.plus(AHEAD)))
                .map(
                        one ->
                                one.getTime().isAfter(now)
                                        ? new MetricSample(now, one.getValue())
                                        : one)
                .toList();
    }

    private static Stream<MetricSample> sorted(List<MetricSample> one, List<MetricSample> other) {
        return Stream.concat(one.stream(), other.stream())
                .sorted(Comparator.comparing(MetricSample::getTime));
    }

    private static List<MetricSample> newest(List<MetricSample> samples) {
        return samples.subList(Math.max(0, samples.size() - 1), samples.size());
    }

    private static Stream<MetricSample> numbers(Answer answer) {
        return answer instanceof Answer.Samples some
                ? some.samples().stream().map(it -> new MetricSample(it.time(), it.value()))
                : Stream.empty();
    }

    private static Stream<MetricSample> notNumbers(Answer answer) {
        return switch (answer) {
            case Answer.Samples(_, var times, _, _) -> notNumbers(times);
            case Answer.NoData(_, var times) -> notNumbers(times);
            case Answer.Unavailable _, Answer.Misconfigured _ -> Stream.empty();
        };
    }

    private static Stream<MetricSample> notNumbers(List<Instant> times) {
        return times.stream().map(time -> new MetricSample(time, Double.NaN));
    }

    private static Found none(MetricComparison compare) {
        List<MetricSample> requests = compare.requests() == null ? null : List.of();
        return new Found(List.of(), List.of(), requests, requests, false, Duration.ZERO, "", null);
    }
}
