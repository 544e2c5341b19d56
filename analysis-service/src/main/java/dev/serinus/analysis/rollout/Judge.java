package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Evidence;
import dev.serinus.analysis.rollout.Effect.Verdict;
import dev.serinus.analysis.rollout.Measurement.Kind;
import dev.serinus.analysis.rollout.Spec.Check;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What measurements mean (reference 2.11). Values within their inclusive bounds pass; a metric
 * without an answer means what its Canary says. The first that does not pass gives the words, as
 * Flagger's does.
 */
final class Judge {

    private static final String SUCCESS_RATE = "request-success-rate";
    private static final String DURATION = "request-duration";

    private Judge() {}

    /** All evidence, the verdict over it, and the words for people when it is not a pass. */
    record Judgement(Verdict verdict, List<Evidence> evidence, String words) {}

    static Judgement judge(Rollout rollout, Spec spec, List<Measurement> measurements) {
        List<Found> found =
                measurements.stream()
                        .filter(one -> one.check() >= 0 && one.check() < spec.checks().size())
                        .map(one -> found(rollout, spec, spec.checks().get(one.check()), one))
                        .toList();
        List<Evidence> evidence = found.stream().map(Found::evidence).toList();
        return first(found, Verdict.FAIL)
                .or(() -> first(found, Verdict.INCONCLUSIVE))
                .map(worst -> new Judgement(worst.evidence().verdict(), evidence, worst.words()))
                .orElseGet(() -> new Judgement(Verdict.PASS, evidence, ""));
    }

    private record Found(Evidence evidence, String words) {}

    private static Optional<Found> first(List<Found> found, Verdict verdict) {
        return found.stream().filter(one -> one.evidence().verdict() == verdict).findFirst();
    }

    private static Found found(Rollout rollout, Spec spec, Check check, Measurement one) {
        return switch (one.outcome()) {
            case VALUE -> value(rollout, check, one);
            case NO_DATA -> unknown(check, one, check.onNoData(), noData(rollout, spec, one));
            case UNAVAILABLE -> unknown(check, one, check.onProviderError(), unavailable(one));
            case MISCONFIGURED -> unknown(check, one, OnUnknown.FAIL, one.because());
        };
    }

    private static Found value(Rollout rollout, Check check, Measurement one) {
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
                                rollout.canary().dotted(),
                                rate ? "success rate" : time ? "request duration" : one.name(),
                                shown(value, rate, time),
                                crossed);
        return new Found(new Evidence(one.name(), value, min, max, Verdict.FAIL, words), words);
    }

    private static String bound(double bound, boolean rate, boolean time) {
        if (time) {
            return Words.duration(millis(bound));
        }
        return Words.number(bound) + (rate ? "%" : "");
    }

    private static String shown(double value, boolean rate, boolean time) {
        if (time) {
            return Words.duration(millis(value));
        }
        return Words.rounded(value) + (rate ? "%" : "");
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

    private static String noData(Rollout rollout, Spec spec, Measurement one) {
        String target = spec.target().name() + "." + rollout.canary().namespace();
        return switch (one.kind()) {
            case BUILTIN ->
                    "Halt advancement no values found for %s metric %s probably %s is not receiving traffic%s"
                            .formatted(
                                    spec.provider(),
                                    one.name(),
                                    target,
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
