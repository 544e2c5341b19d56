package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.events.MetricLimits;

import org.jspecify.annotations.Nullable;

/**
 * Rules for a metric's own limits beside the threshold. None of it is Flagger's, so that nothing
 * has to run that would have no effect.
 */
final class LimitRules {

    private LimitRules() {}

    static void check(Subject subject, CanaryMetric metric, String path, Findings findings) {
        if (!metric.hasLimits()) {
            return;
        }
        int threshold = Admissions.threshold(subject);
        long namesakes =
                list(subject.analysis().metrics()).stream()
                        .filter(other -> other.name().equals(metric.name()))
                        .count();
        findings.when(
                namesakes > 1,
                path + ".name",
                "is that of %d metrics, and limits count by name: give it another name"
                        .formatted(namesakes));
        failures(metric.failureLimit(), threshold, path + ".failureLimit", findings);
        inARow(metric.consecutiveFailures(), threshold, path + ".consecutiveFailures", findings);
        inconclusive(subject, metric, path + ".inconclusiveLimit", findings);
    }

    private static void failures(
            @Nullable Integer limit, int threshold, String at, Findings findings) {
        if (limit == null) {
            return;
        }
        findings.when(
                limit < 0,
                at,
                "must be 0 or more: so many failures are tolerated; leave it out for no limit");
        findings.when(limit >= threshold, at, neverReached(threshold, limit + 1L));
    }

    private static void inARow(
            @Nullable Integer limit, int threshold, String at, Findings findings) {
        if (limit == null) {
            return;
        }
        findings.when(
                limit < 1,
                at,
                "must be 1 or more: so many failures in a row take the release back; leave it out"
                        + " for no limit");
        findings.when(limit > threshold, at, neverReached(threshold, limit));
    }

    private static String neverReached(int threshold, long failures) {
        return "has no effect: spec.analysis.threshold takes the release back at %d failed checks, before %d failures; raise the threshold or lower this"
                .formatted(threshold, failures);
    }

    private static void inconclusive(
            Subject subject, CanaryMetric metric, String at, Findings findings) {
        Integer limit = metric.inconclusiveLimit();
        if (limit == null) {
            return;
        }
        findings.when(
                limit < 0,
                at,
                "must be 0 or more: so many measurements without a verdict are tolerated; leave it"
                        + " out for no limit");
        boolean compared = metric.compare() != null && subject.analysis().score() == null;
        findings.when(
                !compared && !Admissions.mayHold(subject, metric),
                at,
                "has no effect: this metric always passes or fails; give onNoData: hold or"
                        + " onProviderError: hold, or compare it without a score");
    }

    /** The limits, or null for none. */
    static @Nullable MetricLimits limits(CanaryMetric metric) {
        return metric.hasLimits()
                ? new MetricLimits(
                        metric.failureLimit(),
                        metric.consecutiveFailures(),
                        metric.inconclusiveLimit())
                : null;
    }
}
