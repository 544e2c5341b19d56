package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.ManifestLimits;

import java.util.Set;

/** Rules for the metrics: each must be askable, and have an answer that passes. */
final class MetricRules {
    private static final Set<String> MEANINGS = Set.of("fail", "hold", "pass");
    private static final Set<String> NO_NUMBERS = Set.of("ignore", "zero", "fail");

    private MetricRules() {}

    static void check(Subject subject, Findings findings) {
        var analysis = subject.analysis();
        findings.unlessOneOf(MEANINGS, analysis.onNoData(), "spec.analysis.onNoData");
        findings.unlessOneOf(MEANINGS, analysis.onProviderError(), "spec.analysis.onProviderError");
        var metrics = list(analysis.metrics());
        var server = subject.spec().metricsServer();
        findings.when(
                server != null
                        && !server.isEmpty()
                        && !Subject.isAddress(server)
                        && !subject.skipsAnalysis()
                        && metrics.stream()
                                .anyMatch(metric -> asksTheServer(metric) || countsThere(metric)),
                "spec.metricsServer",
                "must begin with http:// or https:// and a host, or every check would fail");
        var most = subject.installation().limits().metrics();
        findings.note(ManifestLimits.tooMany(metrics.size(), most), "spec.analysis.metrics");
        for (var i = 0; i < Math.min(metrics.size(), most); i++) {
            metric(subject, metrics.get(i), "spec.analysis.metrics[" + i + "]", findings);
        }
        ComparisonRules.score(subject, findings);
        BaselineRules.check(subject, findings);
    }

    private static boolean asksTheServer(CanaryMetric metric) {
        return CanaryMetric.BUILT_IN.contains(metric.name()) || given(metric.query());
    }

    private static boolean countsThere(CanaryMetric metric) {
        var compare = metric.compare();
        return compare != null && compare.requests() != null && given(compare.requests().query());
    }

    private static void metric(
            Subject subject, CanaryMetric metric, String path, Findings findings) {
        findings.when(
                !subject.skipsAnalysis() && !asksTheServer(metric) && metric.template() == null,
                path,
                "no usable metrics template and query were configured: every check would fail; give"
                    + " query or templateRef, one of the built-in names request-success-rate and"
                    + " request-duration, or the name of a MetricTemplate in the same namespace");
        var range = metric.thresholdRange();
        findings.when(
                range != null
                        && range.min() != null
                        && range.max() != null
                        && range.min() > range.max(),
                path + ".thresholdRange",
                "min must not be above max: no value would pass");
        var template = metric.templateRef();
        if (template != null) {
            findings.unlessObject(template, path + ".templateRef");
            findings.when(
                    subject.forbids(template.namespace()),
                    path + ".templateRef.namespace",
                    ServiceRules.blocked("metric template", template.name(), template.namespace()));
        }
        findings.unlessOneOf(MEANINGS, metric.onNoData(), path + ".onNoData");
        findings.unlessOneOf(MEANINGS, metric.onProviderError(), path + ".onProviderError");
        findings.unlessOneOf(NO_NUMBERS, metric.nan(), path + ".nan");
        LimitRules.check(subject, metric, path, findings);
        ComparisonRules.check(subject, metric, path, findings);
    }
}
