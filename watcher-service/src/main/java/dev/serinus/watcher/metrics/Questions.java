package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.watcher.cluster.SpecSummary;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** In which ways a Canary's metrics are asked for, in the order in which Flagger evaluates them. */
final class Questions {

    static final String SUCCESS_RATE = "request-success-rate";
    static final String DURATION = "request-duration";

    private Questions() {}

    /** One way of asking one entry of spec.analysis.metrics. */
    record Question(int index, CanaryMetric metric, MetricKind kind) {}

    /** Stands for the metrics of a Canary that is not known. */
    static final Question UNKNOWN = new Question(0, CanaryMetric.named(""), MetricKind.BUILTIN);

    /** First the built-in names and inline queries of all entries, then the templates of all. */
    static List<Question> analysis(SpecSummary summary) {
        List<Question> questions = new ArrayList<>();
        var metrics = summary.metrics();
        for (int i = 0; i < metrics.size(); i++) {
            if (isBuiltin(metrics.get(i))) {
                questions.add(new Question(i, metrics.get(i), MetricKind.BUILTIN));
            }
            if (isGiven(metrics.get(i).query())) {
                questions.add(new Question(i, metrics.get(i), MetricKind.INLINE));
            }
        }
        for (int i = 0; i < metrics.size(); i++) {
            var metric = metrics.get(i);
            // An entry that says nothing at all is asked as a template, and found to name none.
            if (metric.template() != null || (!isBuiltin(metric) && !isGiven(metric.query()))) {
                questions.add(new Question(i, metric, MetricKind.TEMPLATE));
            }
        }
        return questions;
    }

    /** One question for each provider: as in Flagger, inline queries name none of their own. */
    static List<Question> availability(SpecSummary summary, String canaryNamespace) {
        List<Question> questions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        var metrics = summary.metrics();
        for (int i = 0; i < metrics.size(); i++) {
            var metric = metrics.get(i);
            var ref = metric.template();
            if (isBuiltin(metric) && seen.add("")) {
                questions.add(new Question(i, metric, MetricKind.BUILTIN));
            } else if (!isBuiltin(metric)
                    && ref != null
                    && seen.add(namespace(ref.namespace(), canaryNamespace) + "/" + ref.name())) {
                questions.add(new Question(i, metric, MetricKind.TEMPLATE));
            }
        }
        return questions;
    }

    static boolean isBuiltin(CanaryMetric metric) {
        return CanaryMetric.BUILT_IN.contains(metric.name());
    }

    static String namespace(@Nullable String given, String canaryNamespace) {
        return given == null || given.isEmpty() ? canaryNamespace : given;
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
