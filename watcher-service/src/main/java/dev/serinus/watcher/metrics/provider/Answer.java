package dev.serinus.watcher.metrics.provider;

import java.time.Instant;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** What a metrics provider said. A provider that is down is an answer, not an exception. */
public sealed interface Answer {

    /**
     * One measured number.
     *
     * @param value finite or infinite, never NaN
     */
    record Sample(Instant time, double value) {
        public Sample {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("NaN is no sample, leave it out");
            }
        }
    }

    /**
     * What was measured, oldest first, at least one; where one number is wanted, the last counts. A
     * provider leaves out what must not count, such as the newest bucket while it fills.
     *
     * @param notNumbers the times at which the provider said that there is no number, NaN, oldest
     *     first
     * @param series how many series the answer had, of which these samples are one
     * @param note what else is to be known of them, for people; else empty
     */
    record Samples(List<Sample> samples, List<Instant> notNumbers, int series, String note)
            implements Answer {
        public Samples {
            samples = List.copyOf(samples);
            notNumbers = List.copyOf(notNumbers);
            if (samples.isEmpty()) {
                throw new IllegalArgumentException("without samples the answer is NoData");
            }
        }

        /** All of them numbers. */
        public Samples(List<Sample> samples) {
            this(samples, List.of());
        }

        /** Of the only series. */
        public Samples(List<Sample> samples, List<Instant> notNumbers) {
            this(samples, notNumbers, 1);
        }

        /** Of one of several series. */
        public Samples(List<Sample> samples, List<Instant> notNumbers, int series) {
            this(samples, notNumbers, series, "");
        }

        /** The number that counts. */
        public double value() {
            return samples.getLast().value();
        }

        /** The same samples in another unit. */
        public Samples map(DoubleUnaryOperator unit) {
            return new Samples(
                    samples.stream()
                            .map(
                                    sample ->
                                            new Sample(
                                                    sample.time(),
                                                    unit.applyAsDouble(sample.value())))
                            .toList(),
                    notNumbers,
                    series,
                    note);
        }
    }

    /**
     * The provider works and knows nothing about it.
     *
     * @param because in Flagger's words
     * @param notNumbers the times at which it said that there is no number, NaN
     */
    record NoData(String because, List<Instant> notNumbers) implements Answer {
        public NoData {
            notNumbers = List.copyOf(notNumbers);
        }

        /** It has nothing, not even NaN. */
        public NoData(String because) {
            this(because, List.of());
        }

        @Override
        public String toString() {
            return notNumbers.isEmpty()
                    ? "NoData[because=%s]".formatted(because)
                    : "NoData[because=%s, NaN at %s]".formatted(because, notNumbers);
        }
    }

    /** The provider did not answer, or not in a way that can be read. */
    record Unavailable(String because) implements Answer {}

    /** The manifest asks for what cannot be; {@code because} is the whole sentence. */
    record Misconfigured(String because) implements Answer {}

    /** True where the newest that the provider has is NaN. */
    static boolean endsWithoutNumber(Answer answer) {
        return switch (answer) {
            case Samples(var samples, var notNumbers, _, _) ->
                    !notNumbers.isEmpty() && notNumbers.getLast().isAfter(samples.getLast().time());
            case NoData(_, var notNumbers) -> !notNumbers.isEmpty();
            case Unavailable _, Misconfigured _ -> false;
        };
    }

    /** The same of an answer with so many series; without numbers it makes no difference. */
    static Answer ofSeries(int series, Answer answer) {
        return answer instanceof Samples(var samples, var notNumbers, _, var note)
                ? new Samples(samples, notNumbers, series, note)
                : answer;
    }

    /** The same with what else is to be known; without numbers there is nothing to say it of. */
    static Answer noted(Answer answer, String note) {
        return answer instanceof Samples(var samples, var notNumbers, var series, _)
                ? new Samples(samples, notNumbers, series, note)
                : answer;
    }

    /** What is to be known of the number that counts, for people; else empty. */
    static String toBeKnown(Samples answer) {
        String several =
                answer.series() > 1
                        ? "one of %d series counts: make one of them in the query"
                                .formatted(answer.series())
                        : "";
        return several.isEmpty() || answer.note().isEmpty()
                ? several + answer.note()
                : several + "; " + answer.note();
    }

    /** One number of one moment, which must not be NaN. */
    static Samples of(Instant time, double value) {
        return new Samples(List.of(new Sample(time, value)));
    }
}
