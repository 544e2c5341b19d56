package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.judge.MetricCounts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Metrics of a run had no verdict more often than their Canary tolerates: it holds at its weight,
 * and its checks go on.
 *
 * @param words which metrics, and how often
 * @param out what leads out of it, but for people
 * @param since when the first of them was
 * @param until when the run fails unless something led out
 */
record Undecided(String words, String out, Instant since, Instant until) {

    /** Empty where there are none by the limits in force. */
    static Optional<Undecided> of(Rollout r) {
        var counted = r.run().counted();
        var spec = r.spec();
        if (counted == null || spec == null) {
            return Optional.empty();
        }
        List<MetricCounts> undecided =
                counted.metrics().stream().filter(MetricCounts::isUndecided).toList();
        return undecided.stream()
                .map(one -> Objects.requireNonNull(one.undecidedSince()))
                .min(Instant::compareTo)
                .map(
                        since ->
                                new Undecided(
                                        joined(undecided, MetricCounts::undecided),
                                        joined(undecided, Undecided::enough),
                                        since,
                                        since.plus(patience(spec, undecided))));
    }

    /** Which metrics are undecided since this very check, in words; empty for none. */
    static String begun(Rollout r, Instant at) {
        var counted = r.run().counted();
        return counted == null
                ? ""
                : joined(
                        counted.metrics().stream()
                                .filter(MetricCounts::isUndecided)
                                .filter(one -> at.equals(one.undecidedSince()))
                                .toList(),
                        MetricCounts::undecided);
    }

    private static String joined(List<MetricCounts> metrics, Function<MetricCounts, String> words) {
        return metrics.stream().map(words).collect(Collectors.joining("; "));
    }

    private static int needed(MetricCounts one) {
        return Objects.requireNonNull(one.limits().inconclusive()) + 1;
    }

    private static String enough(MetricCounts one) {
        return "%s to pass %d times in a row".formatted(one.name(), needed(one));
    }

    /** Time for people, and for as many checks as it takes to lead out of it. */
    private static Duration patience(Spec spec, List<MetricCounts> undecided) {
        int checks = undecided.stream().mapToInt(Undecided::needed).max().orElse(1);
        return spec.progressDeadline()
                .multipliedBy(Analysis.INCONCLUSIVE_DEADLINES)
                .plus(spec.interval().multipliedBy(checks));
    }
}
