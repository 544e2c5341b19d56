package dev.serinus.watcher.metrics.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A span of time of which values are wanted, one for each step.
 *
 * @param from the first moment of a value, which may be about the step before it
 * @param to the last moment of a value
 * @param step above 0
 */
record Span(Instant from, Instant to, Duration step) {

    /** Since when there may be what is measured. */
    Instant begin() {
        return from.minus(step);
    }

    /** Those of these values of moments that belong to it, oldest first, a step apart or more. */
    List<Answer.Sample> moments(List<Answer.Sample> samples) {
        return buckets(samples, step);
    }

    /**
     * Those of these values of buckets that lie within it, oldest first, a step apart or more.
     *
     * @param samples each with the time at which its bucket ends
     */
    List<Answer.Sample> buckets(List<Answer.Sample> samples, Duration length) {
        Instant first = begin().plus(length);
        List<Answer.Sample> kept = new ArrayList<>();
        for (Answer.Sample sample :
                samples.stream().sorted(Comparator.comparing(Answer.Sample::time)).toList()) {
            boolean within = !sample.time().isBefore(first) && !sample.time().isAfter(to);
            if (within
                    && (kept.isEmpty()
                            || !sample.time().isBefore(kept.getLast().time().plus(step)))) {
                kept.add(sample);
            }
        }
        return kept;
    }

    /**
     * The values of buckets that are told by the time at which each begins, as those of the time at
     * which it ends; of these the ones that lie within the span.
     */
    List<Answer.Sample> begun(List<Answer.Sample> samples, Duration length) {
        return buckets(
                samples.stream()
                        .map(each -> new Answer.Sample(each.time().plus(length), each.value()))
                        .toList(),
                length);
    }

    /** How far moments are apart that follow each other, in this order; a step where none do. */
    Duration spacing(List<Instant> moments) {
        Duration least = null;
        for (int i = 1; i < moments.size(); i++) {
            Duration apart = Duration.between(moments.get(i - 1), moments.get(i));
            if (apart.isPositive() && (least == null || apart.compareTo(least) < 0)) {
                least = apart;
            }
        }
        return least == null ? step : least;
    }

    /** Those of these moments that belong to it, oldest first. */
    List<Instant> times(List<Instant> moments) {
        return moments.stream()
                .filter(time -> !time.isBefore(from) && !time.isAfter(to))
                .sorted()
                .toList();
    }

    /** The samples; none is no data. */
    static Answer answer(List<Answer.Sample> samples) {
        return answer(samples, List.of());
    }

    /** The same, where there was no number at some times. */
    static Answer answer(List<Answer.Sample> samples, List<Instant> notNumbers) {
        return samples.isEmpty()
                ? new Answer.NoData(HttpSource.NO_VALUES, notNumbers)
                : new Answer.Samples(samples, notNumbers);
    }
}
