package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * What one metric said. A provider that is down is an answer, not an exception.
 *
 * @param sides null where nothing was compared
 */
public record Measurement(
        int check,
        String name,
        Kind kind,
        Outcome outcome,
        @Nullable Double value,
        String because,
        @Nullable Sides sides) {

    /** Of a metric that is not compared. */
    public Measurement(
            int check,
            String name,
            Kind kind,
            Outcome outcome,
            @Nullable Double value,
            String because) {
        this(check, name, kind, outcome, value, because, null);
    }

    /** How it was asked for; an entry asked in several ways must pass in all. */
    public enum Kind {
        BUILTIN,
        INLINE,
        TEMPLATE
    }

    /** What came of it. */
    public enum Outcome {
        VALUE,
        NO_DATA,
        UNAVAILABLE,
        MISCONFIGURED
    }
}
