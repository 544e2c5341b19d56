package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.Measurement.Kind;
import dev.serinus.analysis.rollout.judge.compare.Scores;
import dev.serinus.analysis.rollout.judge.compare.Thresholds;
import dev.serinus.schemas.template.GoFloats;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What measurements mean. Values within their inclusive bounds pass; a metric without an answer
 * means what its Canary says. The first that does not pass gives the words, as Flagger's does.
 */
public final class Judge {

    private static final String SUCCESS_RATE = "request-success-rate";
    private static final String DURATION = "request-duration";

    /** Samples in all evidence of one judgement: about 150 KB of an event. */
    private static final int MOST_SAMPLES = 10_000;

    private Judge() {}

    /**
     * What is judged, as people know it.
     *
     * @param canary the Canary as events name it, NAME.NAMESPACE
     * @param target the target likewise
     * @param provider the Canary's, told where nobody says whose built-in queries were asked
     */
    public record Subject(String canary, String target, String provider) {}

    /**
     * All evidence, the verdict over it, and the words for people when it is not a pass.
     *
     * @param decidedBy when there should be samples enough; null unless the want of them is all
     *     that stands in the way of a verdict
     * @param summary of the comparisons; null where there are none
     * @param measured what each metric came to, by name, in whatever ways it was asked; without
     *     those that wait for samples which are still to come
     */
    public record Judgement(
            Verdict verdict,
            List<Evidence> evidence,
            String words,
            @Nullable Instant decidedBy,
            @Nullable ComparisonSummary summary,
            Map<String, Verdict> measured) {}

    /**
     * What is judged by.
     *
     * @param score over all comparisons; null where each of them has to hold
     * @param interval of the checks, above 0
     * @param uncompared why there is no other side now, so that comparisons are left out; empty
     *     where there is one
     */
    public record Rules(
            List<Check> checks, @Nullable ScoreRule score, Duration interval, String uncompared) {}

    /** The verdict over what was measured, where nothing is compared. */
    public static Judgement judge(
            Subject subject, List<Check> checks, List<Measurement> measurements) {
        return judge(
                subject,
                new Rules(checks, null, Duration.ofMinutes(1), ""),
                measurements,
                null,
                Instant.EPOCH);
    }

    /**
     * The verdict over what was measured; a measurement of a check that is no longer there counts
     * as none.
     *
     * @param collected the window of comparisons and what is known of it; null before one began
     * @param at the time of the judgement, the end of that window
     */
    public static Judgement judge(
            Subject subject,
            Rules rules,
            List<Measurement> measurements,
            @Nullable Collected collected,
            Instant at) {
        List<Check> checks = rules.checks();
        List<Found> measured =
                measurements.stream()
                        .filter(one -> one.check() >= 0 && one.check() < checks.size())
                        .map(
                                one ->
                                        found(
                                                subject,
                                                rules,
                                                checks.get(one.check()),
                                                one.with(checks.get(one.check()).nan()),
                                                collected,
                                                at))
                        .toList();
        List<Found> single = with(measured, unmeasured(checks, measurements));
        var score = score(subject, rules.score(), single);
        List<Found> found = with(single, score.stream().toList());
        List<Evidence> evidence = shown(found.stream().map(Found::evidence).toList());
        var total = score.map(it -> it.evidence().value()).orElse(null);
        var worst = first(found, Verdict.FAIL).or(() -> first(found, Verdict.INCONCLUSIVE));
        var verdict = worst.map(it -> it.evidence().verdict()).orElse(Verdict.PASS);
        return new Judgement(
                verdict,
                evidence,
                worst.map(Found::words).orElse(""),
                verdict == Verdict.INCONCLUSIVE ? decidedBy(found) : null,
                ComparisonSummary.of(evidence, verdict, total),
                verdicts(single, at));
    }

    /**
     * A metric fails where one of its ways does; where samples are to come there is no word yet.
     */
    private static Map<String, Verdict> verdicts(List<Found> found, Instant at) {
        Map<String, Verdict> verdicts = new TreeMap<>();
        Predicate<Found> waits = one -> one.decidedBy() != null && at.isBefore(one.decidedBy());
        found.stream()
                .filter(waits.negate())
                .map(Found::evidence)
                .forEach(one -> verdicts.merge(one.check(), one.verdict(), Judge::worse));
        found.stream()
                .filter(waits)
                .forEach(one -> verdicts.remove(one.evidence().check(), Verdict.PASS));
        return verdicts;
    }

    private static Verdict worse(Verdict one, Verdict other) {
        return Stream.of(Verdict.FAIL, Verdict.INCONCLUSIVE)
                .filter(verdict -> one == verdict || other == verdict)
                .findFirst()
                .orElse(Verdict.PASS);
    }

    /**
     * What one check came to.
     *
     * @param compared null where it was not
     * @param decidedBy when it should have a verdict; null unless it has none for want of samples
     */
    private record Found(
            Evidence evidence,
            String words,
            @Nullable ComparedMetric compared,
            @Nullable Instant decidedBy) {
        Found(Evidence evidence, String words) {
            this(evidence, words, null, null);
        }
    }

    private static @Nullable Instant decidedBy(List<Found> found) {
        List<Found> without =
                found.stream()
                        .filter(one -> one.evidence().verdict() == Verdict.INCONCLUSIVE)
                        .toList();
        return without.stream().anyMatch(one -> one.decidedBy() == null)
                ? null
                : without.stream()
                        .map(Found::decidedBy)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
    }

    /** An event has its limit; beyond it the digests speak for the samples. */
    private static List<Evidence> shown(List<Evidence> evidence) {
        List<Evidence> shown = new ArrayList<>();
        int samples = 0;
        for (Evidence one : evidence) {
            var comparison = one.comparison();
            samples += comparison == null ? 0 : comparison.sides().size();
            shown.add(samples <= MOST_SAMPLES ? one : one.withoutSamples());
        }
        return List.copyOf(shown);
    }

    /** The score over all that was compared, as one more check; empty where none is asked for. */
    private static Optional<Found> score(
            Subject subject, @Nullable ScoreRule rule, List<Found> found) {
        List<ComparedMetric> compared =
                found.stream().map(Found::compared).filter(Objects::nonNull).toList();
        if (rule == null || compared.isEmpty()) {
            return Optional.empty();
        }
        var score =
                Scores.score(
                        compared.stream()
                                .map(one -> one.graded(weight(rule, one, compared)))
                                .toList(),
                        new Thresholds(rule.pass(), rule.marginal()));
        String words =
                score.verdict() == Verdict.PASS
                        ? ""
                        : "Halt %s advancement score %s, to pass %s%s%s"
                                .formatted(
                                        subject.canary(),
                                        GoFloats.shortest(score.total()),
                                        GoFloats.shortest(rule.pass()),
                                        score.because().isEmpty() ? "" : ": ",
                                        String.join("; ", score.because()));
        return Optional.of(
                new Found(
                        new Evidence(
                                "score", score.total(), rule.pass(), null, score.verdict(), words),
                        words,
                        null,
                        score.verdict() == Verdict.INCONCLUSIVE
                                ? compared.stream()
                                        .filter(ComparedMetric::isUndecided)
                                        .map(ComparedMetric::decidedBy)
                                        .max(Comparator.naturalOrder())
                                        .orElse(null)
                                : null));
    }

    /** A group's weight is shared by its metrics. */
    private static double weight(
            ScoreRule rule, ComparedMetric one, List<ComparedMetric> compared) {
        String group = one.rule().group();
        long ofGroup = compared.stream().filter(it -> it.rule().group().equals(group)).count();
        double weight = rule.groups().isEmpty() ? 1 : rule.groups().getOrDefault(group, 0.0);
        return weight / ofGroup;
    }

    /** One measurement: by its own value, and where it is compared by that as well. */
    private static Found found(
            Subject subject,
            Rules rules,
            Check check,
            Measurement one,
            @Nullable Collected collected,
            Instant at) {
        var rule = check.compare();
        boolean answered =
                one.outcome() == Measurement.Outcome.VALUE
                        || one.outcome() == Measurement.Outcome.NO_DATA;
        if (one.notANumber() && check.nan() == NotANumber.FAIL) {
            return notANumber(subject, check, one);
        }
        if (rule == null || !answered) {
            return found(subject, check, one);
        }
        if (!rules.uncompared().isEmpty()) {
            return uncompared(subject, check, one, rules.uncompared());
        }
        Found alone =
                check.isBounded()
                        ? found(subject, check, one)
                        : new Found(
                                new Evidence(
                                        one.name(),
                                        one.value(),
                                        null,
                                        null,
                                        Verdict.PASS,
                                        noted("", one)),
                                "");
        var compared = ComparedMetric.of(check, rule, one, collected, rules.interval(), at);
        // With a score it is the score that counts.
        var verdict = rules.score() == null ? compared.verdict() : Verdict.PASS;
        var ofItself = alone.evidence().verdict();
        boolean decides =
                switch (verdict) {
                    case PASS -> false;
                    case INCONCLUSIVE -> ofItself == Verdict.PASS;
                    case FAIL -> ofItself != Verdict.FAIL;
                };
        String words =
                decides
                        ? "Halt %s advancement %s"
                                .formatted(subject.canary(), compared.compared().because())
                        : alone.words();
        var own = alone.evidence();
        return new Found(
                new Evidence(
                        own.check(),
                        own.value(),
                        own.min(),
                        own.max(),
                        decides ? verdict : own.verdict(),
                        decides ? words : own.because(),
                        compared.evidence()),
                words,
                compared,
                decides && compared.isUndecided() ? compared.decidedBy() : null);
    }

    /** Without another side its own value alone counts, and that there is one. */
    private static Found uncompared(Subject subject, Check check, Measurement one, String because) {
        boolean events = check.compare() != null && check.compare().counts();
        boolean silent = one.outcome() == Measurement.Outcome.NO_DATA && !events;
        var own =
                check.isBounded() || silent
                        ? found(subject, check, one)
                        : new Found(
                                new Evidence(one.name(), one.value(), null, null, Verdict.PASS, ""),
                                "");
        var evidence = own.evidence();
        return evidence.verdict() != Verdict.PASS
                ? own
                : new Found(
                        new Evidence(
                                evidence.check(),
                                evidence.value(),
                                evidence.min(),
                                evidence.max(),
                                Verdict.PASS,
                                "not compared: " + because),
                        "");
    }

    /** A check that the answer leaves out has not passed: its provider gave no answer. */
    private static List<Found> unmeasured(List<Check> checks, List<Measurement> measurements) {
        return IntStream.range(0, checks.size())
                .filter(place -> measurements.stream().noneMatch(one -> one.check() == place))
                .mapToObj(
                        place -> {
                            var check = checks.get(place);
                            var none =
                                    new Measurement(
                                            place,
                                            check.name(),
                                            Kind.TEMPLATE,
                                            Measurement.Outcome.UNAVAILABLE,
                                            null,
                                            "it was not measured");
                            return unknown(check, none, check.onProviderError(), unavailable(none));
                        })
                .toList();
    }

    private static List<Found> with(List<Found> first, List<Found> more) {
        return Stream.concat(first.stream(), more.stream()).toList();
    }

    private static Optional<Found> first(List<Found> found, Verdict verdict) {
        return found.stream().filter(one -> one.evidence().verdict() == verdict).findFirst();
    }

    private static Found found(Subject subject, Check check, Measurement one) {
        return switch (one.outcome()) {
            case VALUE -> value(subject, check, one);
            case NO_DATA -> unknown(check, one, check.onNoData(), noData(subject, one));
            case UNAVAILABLE -> unknown(check, one, check.onProviderError(), unavailable(one));
            case MISCONFIGURED -> unknown(check, one, OnUnknown.FAIL, one.because());
        };
    }

    private static Found value(Subject subject, Check check, Measurement one) {
        boolean builtin = one.kind() == Kind.BUILTIN;
        boolean rate = builtin && one.name().equals(SUCCESS_RATE);
        boolean time = builtin && one.name().equals(DURATION);
        double value = one.value() == null ? Double.NaN : one.value();
        Double min = lower(check, rate);
        Double max = upper(check, rate);
        if (time) {
            min = min == null ? null : (double) min.longValue();
            max = max == null ? null : (double) max.longValue();
        }
        // A NaN passes no bound: it is no number that a bound could hold.
        String crossed = "";
        if (min != null && !(value >= min)) {
            crossed = "< " + bound(min, rate, time);
        } else if (max != null && !(value <= max)) {
            crossed = "> " + bound(max, rate, time);
        }
        if (crossed.isEmpty()) {
            return new Found(
                    new Evidence(one.name(), value, min, max, Verdict.PASS, noted("", one)), "");
        }
        String words =
                "Halt %s advancement %s %s %s"
                        .formatted(
                                subject.canary(),
                                rate ? "success rate" : time ? "request duration" : one.name(),
                                shown(value, rate, time),
                                crossed);
        return new Found(
                new Evidence(one.name(), value, min, max, Verdict.FAIL, noted(words, one)), words);
    }

    /** What is to be known of a value is evidence, and no part of Flagger's sentence. */
    private static String noted(String words, Measurement one) {
        boolean known = one.outcome() == Measurement.Outcome.VALUE && !one.because().isEmpty();
        return known ? words + (words.isEmpty() ? "" : "; ") + one.because() : words;
    }

    private static String bound(double bound, boolean rate, boolean time) {
        if (time) {
            return GoText.duration(millis(bound));
        }
        return GoFloats.shortest(bound) + (rate ? "%" : "");
    }

    private static String shown(double value, boolean rate, boolean time) {
        if (time) {
            return GoText.duration(millis(value));
        }
        return GoFloats.fixed(value, 2) + (rate ? "%" : "");
    }

    private static Duration millis(double value) {
        return Duration.ofMillis((long) value);
    }

    private static @Nullable Double lower(Check check, boolean rate) {
        if (check.range() != null) {
            return check.range().min();
        }
        return rate ? orZero(check.threshold()) : null;
    }

    private static @Nullable Double upper(Check check, boolean rate) {
        if (check.range() != null) {
            return check.range().max();
        }
        return rate ? null : orZero(check.threshold());
    }

    private static Double orZero(@Nullable Double threshold) {
        return threshold == null
                ? 0.0
                : threshold; // as Flagger: without any bound the threshold is 0
    }

    private static Found notANumber(Subject subject, Check check, Measurement one) {
        return unknown(
                check,
                one,
                OnUnknown.FAIL,
                "Halt %s advancement %s is NaN".formatted(subject.canary(), one.name()));
    }

    private static Found unknown(Check check, Measurement one, OnUnknown meaning, String words) {
        Verdict verdict =
                switch (meaning) {
                    case FAIL -> Verdict.FAIL;
                    case HOLD -> Verdict.INCONCLUSIVE;
                    case PASS -> Verdict.PASS;
                };
        var range = check.range();
        return new Found(
                new Evidence(
                        one.name(),
                        null,
                        range == null ? null : range.min(),
                        range == null ? null : range.max(),
                        verdict,
                        words),
                words);
    }

    private static String noData(Subject subject, Measurement one) {
        return switch (one.kind()) {
            case BUILTIN ->
                    "Halt advancement no values found for %s metric %s probably %s is not receiving traffic%s"
                            .formatted(
                                    Objects.requireNonNullElse(one.provider(), subject.provider()),
                                    one.name(),
                                    subject.target(),
                                    one.name().equals(DURATION) ? "" : ": " + one.because());
            case INLINE -> "Halt advancement no values found for metric: " + one.name();
            case TEMPLATE ->
                    "Halt advancement no values found for custom metric: %s: %s"
                            .formatted(one.name(), one.because());
        };
    }

    private static String unavailable(Measurement one) {
        return switch (one.kind()) {
            case BUILTIN -> "Prometheus query failed: " + one.because();
            case INLINE ->
                    "Prometheus query failed for %s: %s".formatted(one.name(), one.because());
            case TEMPLATE -> "Metric query failed for %s: %s".formatted(one.name(), one.because());
        };
    }
}
