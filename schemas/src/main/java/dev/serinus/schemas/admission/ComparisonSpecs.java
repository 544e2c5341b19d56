package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;
import static dev.serinus.schemas.admission.Subject.number;

import dev.serinus.schemas.canary.AnalysisScore;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.MetricComparison;
import dev.serinus.schemas.events.CompareDirection;
import dev.serinus.schemas.events.CompareJudge;
import dev.serinus.schemas.events.ComparisonSpec;
import dev.serinus.schemas.events.ScoreSpec;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Comparisons that obey the rules, with their defaults. */
final class ComparisonSpecs {

    /** How often a release that is no worse may fail, over all comparisons of a check. */
    private static final double FALSE_ALARMS = 0.01;

    private static final double TOLERANCE = 0.1;

    /** Percents near 100: a tenth of them would be most of what can go wrong. */
    private static final double TOLERANCE_OF_RATE = 0.01;

    /** A metric's interval when it names none. */
    static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

    private ComparisonSpecs() {}

    static @Nullable ComparisonSpec of(Subject subject, CanaryMetric metric) {
        var compare = metric.compare();
        if (compare == null) {
            return null;
        }
        boolean rate = metric.name().equals("request-success-rate");
        return ComparisonSpec.newBuilder()
                .setWith(BaselineRules.isAskedFor(subject) ? "baseline" : "primary")
                .setDirection(direction(metric, compare))
                .setTolerance(
                        compare.relativeTolerance(rate ? TOLERANCE_OF_RATE : TOLERANCE)
                                .orElseThrow())
                .setFloor(compare.floor() == null ? 0 : compare.floor())
                .setJudge(
                        CompareJudge.valueOf(
                                judge(compare).toUpperCase(Locale.ROOT).replace('-', '_')))
                .setAlpha(alpha(subject, compare))
                .setMinimumSamples(minimumSamples(compare))
                .setStepMillis(step(metric).toMillis())
                .setWindowMillis(
                        given(compare.window())
                                ? Durations.parse(String.valueOf(compare.window()))
                                        .orElseThrow()
                                        .toMillis()
                                : null)
                .setCritical(isTrue(compare.critical()))
                .setMustHaveData(isTrue(compare.mustHaveData()))
                .setGroup(group(metric))
                .setCounts(compare.requests() != null)
                .build();
    }

    static @Nullable ScoreSpec score(Subject subject) {
        var score = subject.analysis().score();
        return score == null
                ? null
                : ScoreSpec.newBuilder()
                        .setPass(pass(score))
                        .setMarginal(
                                score.marginal() == null
                                        ? Math.min(75, pass(score))
                                        : score.marginal())
                        .setGroups(score.groups() == null ? Map.of() : score.groups())
                        .build();
    }

    static double pass(AnalysisScore score) {
        return score.pass() == null ? 95 : score.pass();
    }

    /** The word for the test. */
    static String judge(MetricComparison compare) {
        if (given(compare.judge())) {
            return String.valueOf(compare.judge());
        }
        return compare.requests() == null ? "ranks-and-means" : "proportion";
    }

    /**
     * Values of each side before there is a verdict. Of requests the judge knows better, as it sees
     * how many fail: 0.
     */
    static int minimumSamples(MetricComparison compare) {
        if (compare.minSamples() != null || compare.requests() != null) {
            return number(compare.minSamples(), 0);
        }
        return judge(compare).equals("sequential") ? 30 : 10;
    }

    static String group(CanaryMetric metric) {
        var compare = metric.compare();
        return compare != null && given(compare.group())
                ? String.valueOf(compare.group())
                : metric.name();
    }

    /** Values that look back less far than they are apart do not depend on each other. */
    private static Duration step(CanaryMetric metric) {
        return given(metric.interval())
                ? Durations.parse(String.valueOf(metric.interval())).orElseThrow()
                : DEFAULT_INTERVAL;
    }

    static double alpha(Subject subject, MetricComparison compare) {
        return compare.alpha() == null ? FALSE_ALARMS / comparisons(subject) : compare.alpha();
    }

    /** Which way is bad, of a known word. */
    static CompareDirection direction(CanaryMetric metric, MetricComparison compare) {
        if (given(compare.direction())) {
            return CompareDirection.valueOf(
                    String.valueOf(compare.direction()).toUpperCase(Locale.ROOT));
        }
        if (metric.name().equals("request-success-rate")) {
            return CompareDirection.DECREASE;
        }
        return metric.name().equals("request-duration") || compare.requests() != null
                ? CompareDirection.INCREASE
                : CompareDirection.EITHER;
    }

    private static long comparisons(Subject subject) {
        return list(subject.analysis().metrics()).stream()
                .filter(metric -> metric.compare() != null)
                .count();
    }
}
