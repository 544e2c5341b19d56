package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * What one metric said. A provider that is down is an answer, not an exception.
 *
 * @param sides null where nothing was compared
 * @param notANumber the newest that there is is NaN, so that there is no value, or one of before
 * @param provider whose built-in queries were asked, in Flagger's words; null where none were, or
 *     nobody said
 */
public record Measurement(
        int check,
        String name,
        Kind kind,
        Outcome outcome,
        @Nullable Double value,
        String because,
        @Nullable Sides sides,
        boolean notANumber,
        @Nullable String provider) {

    /** Of which nobody said whose built-in queries were asked. */
    public Measurement(
            int check,
            String name,
            Kind kind,
            Outcome outcome,
            @Nullable Double value,
            String because,
            @Nullable Sides sides,
            boolean notANumber) {
        this(check, name, kind, outcome, value, because, sides, notANumber, null);
    }

    /** One that is a number, or nothing. */
    public Measurement(
            int check,
            String name,
            Kind kind,
            Outcome outcome,
            @Nullable Double value,
            String because,
            @Nullable Sides sides) {
        this(check, name, kind, outcome, value, because, sides, false, null);
    }

    /** Of a metric that is not compared. */
    public Measurement(
            int check,
            String name,
            Kind kind,
            Outcome outcome,
            @Nullable Double value,
            String because) {
        this(check, name, kind, outcome, value, because, null, false, null);
    }

    /** The same as it counts where NaN means this. */
    Measurement with(@Nullable NotANumber nan) {
        if (nan != NotANumber.ZERO) {
            return this;
        }
        var zeroed = sides == null ? null : sides.zeroed();
        return notANumber
                ? new Measurement(
                        check, name, kind, Outcome.VALUE, 0.0, "", zeroed, false, provider)
                : new Measurement(
                        check, name, kind, outcome, value, because, zeroed, false, provider);
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
