package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.Measurement.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What measurements mean. Values within their inclusive bounds pass; a metric without an answer
 * means what its Canary says. The first that does not pass gives the words, as Flagger's does.
 */
public final class Judge {

    private static final String SUCCESS_RATE = "request-success-rate";
    private static final String DURATION = "request-duration";

    private Judge() {}

    /**
     * What is judged, as people know it.
     *
     * @param canary the Canary as events name it, NAME.NAMESPACE
     * @param target the target likewise
     * @param provider the mesh whose builtin queries were asked
     */
    public record Subject(String canary, String target, String provider) {}

    /** All evidence, the verdict over it, and the words for people when it is not a pass. */
    public record Judgement(Verdict verdict, List<Evidence> evidence, String words) {}

    /**
     * The verdict over what was measured; a measurement of a check that is no longer there counts
     * as none.
     */
    public static Judgement judge(
            Subject subject, List<Check> checks, List<Measurement> measurements) {
        List<Found> measured =
                measurements.stream()
                        .filter(one -> one.check() >= 0 && one.check() < checks.size())
                        .map(one -> found(subject, checks.get(one.check()), one))
                        .toList();
        List<Found> found = with(measured, unmeasured(checks, measurements));
        List<Evidence> evidence = found.stream().map(Found::evidence).toList();
        return first(found, Verdict.FAIL)
                .or(() -> first(found, Verdict.INCONCLUSIVE))
                .map(worst -> new Judgement(worst.evidence().verdict(), evidence, worst.words()))
                .orElseGet(() -> new Judgement(Verdict.PASS, evidence, ""));
    }

    private record Found(Evidence evidence, String words) {}

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
            return new Found(new Evidence(one.name(), value, min, max, Verdict.PASS, ""), "");
        }
        String words =
                "Halt %s advancement %s %s %s"
                        .formatted(
                                subject.canary(),
                                rate ? "success rate" : time ? "request duration" : one.name(),
                                shown(value, rate, time),
                                crossed);
        return new Found(new Evidence(one.name(), value, min, max, Verdict.FAIL, words), words);
    }

    private static String bound(double bound, boolean rate, boolean time) {
        if (time) {
            return GoText.duration(millis(bound));
        }
        return GoText.number(bound) + (rate ? "%" : "");
    }

    private static String shown(double value, boolean rate, boolean time) {
        if (time) {
            return GoText.duration(millis(value));
        }
        return GoText.rounded(value) + (rate ? "%" : "");
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
                                    subject.provider(),
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
