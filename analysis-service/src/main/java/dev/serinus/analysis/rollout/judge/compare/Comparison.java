package dev.serinus.analysis.rollout.judge.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * How one metric of the canary is compared. All defaults are filled in by the caller.
 *
 * @param direction which change is harm
 * @param tolerance relative to the other side, 0.1 = 10 %; 0 and more
 * @param floor absolute tolerance in the metric's unit, of shares for {@link Counts} (0.01 = one
 *     point); harm has to exceed this and {@code tolerance}; 0 = none
 * @param method the judge
 * @param alpha how often at most the metric may fail although it is not worse than is tolerated;
 *     {@link Direction#EITHER} spends one half on each direction. Above 0, below 0.5
 * @param minimumSamples values, or trials, that each side needs; 0 = the method's default
 */
public record Comparison(
        Direction direction,
        double tolerance,
        double floor,
        Method method,
        double alpha,
        int minimumSamples) {

    public Comparison {
        List<String> wrong = new ArrayList<>();
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            wrong.add("tolerance must be 0 or more, was " + tolerance);
        }
        if (!(floor >= 0 && floor < Double.POSITIVE_INFINITY)) {
            wrong.add("floor must be 0 or more, was " + floor);
        }
        if (!(alpha > 0 && alpha < 0.5)) {
            wrong.add("alpha must be above 0 and below 0.5, was " + alpha);
        }
        if (minimumSamples < 0) {
            wrong.add("minimumSamples must be 0 or more, was " + minimumSamples);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /** The level of each test in each harmful direction. */
    double level() {
        return direction.level(method.each(alpha));
    }

    int minimum(Side canary) {
        return minimumSamples > 0 ? minimumSamples : method.minimum(canary);
    }
}
