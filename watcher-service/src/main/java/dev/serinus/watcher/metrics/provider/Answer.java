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
     */
    record Samples(List<Sample> samples) implements Answer {
        public Samples {
            samples = List.copyOf(samples);
            if (samples.isEmpty()) {
                throw new IllegalArgumentException("without samples the answer is NoData");
            }
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
                            .toList());
        }
    }

    /** The provider works and knows nothing about it; {@code because} in Flagger's words. */
    record NoData(String because) implements Answer {}

    /** The provider did not answer, or not in a way that can be read. */
    record Unavailable(String because) implements Answer {}

    /** The manifest asks for what cannot be; {@code because} is the whole sentence. */
    record Misconfigured(String because) implements Answer {}

    /** One number of one moment, which must not be NaN. */
    static Samples of(Instant time, double value) {
        return new Samples(List.of(new Sample(time, value)));
    }
}
