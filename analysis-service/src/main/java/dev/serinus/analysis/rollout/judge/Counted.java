package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was counted in a run, of metrics that have limits of their own. */
public record Counted(List<MetricCounts> metrics) {

    private static final Counted NOTHING = new Counted(List.of());

    public Counted {
        metrics = List.copyOf(metrics);
    }

    /**
     * With the measurements of one check. Metrics keep their counts by name, whatever else was
     * edited; one without limits has none.
     *
     * @param before null where nothing was counted yet
     * @param verdicts of what was measured, by name
     * @return null where no metric has limits
     */
    public static @Nullable Counted of(
            @Nullable Counted before,
            List<Check> checks,
            Map<String, Verdict> verdicts,
            Instant at) {
        List<MetricCounts> counts = new ArrayList<>();
        for (Check check : checks) {
            var limits = check.limits();
            if (limits != null) {
                var known =
                        (before == null ? NOTHING : before)
                                .of(check.name())
                                .map(one -> one.within(limits, at))
                                .orElseGet(() -> MetricCounts.none(check.name(), limits));
                var verdict = verdicts.get(check.name());
                counts.add(verdict == null ? known : known.and(verdict, at));
            }
        }
        return counts.isEmpty() ? null : new Counted(counts);
    }

    /** Those of one metric. */
    public Optional<MetricCounts> of(String name) {
        return metrics.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The first limit of failures that was reached, in words; empty while none is. */
    public Optional<String> broken() {
        return metrics.stream().flatMap(one -> one.broken().stream()).findFirst();
    }

    /** The same, with all that had no verdict forgotten. */
    public Counted settled() {
        return new Counted(metrics.stream().map(MetricCounts::settled).toList());
    }
}
