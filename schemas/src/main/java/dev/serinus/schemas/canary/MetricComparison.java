package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * {@code compare} of a metric: how the canary's values are compared with another side's.
 *
 * @param with the other side; primary when null
 * @param direction which way a difference is bad: increase, decrease or either
 * @param tolerance how far the canary may be off, relative to the other side: {@code 10%} or 0.1
 * @param floor how far it may be off in the metric's own unit
 * @param judge ratio, mann-whitney, ranks-and-means, proportion or sequential
 * @param alpha level of a one-sided error
 * @param minSamples samples of each side before there is a verdict
 * @param window the longest time that is looked back, a Go duration
 * @param critical it alone fails the score
 * @param mustHaveData a side without data fails
 * @param group its group in the score
 * @param requests what counts the requests in which the metric counts events
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricComparison(
        @Nullable String with,
        @Nullable String direction,
        @Nullable JsonNode tolerance,
        @Nullable Double floor,
        @Nullable String judge,
        @Nullable Double alpha,
        @Nullable Integer minSamples,
        @Nullable String window,
        @Nullable Boolean critical,
        @Nullable Boolean mustHaveData,
        @Nullable String group,
        @Nullable Requests requests) {

    /** How requests are counted: one of the two is set. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Requests(@Nullable String query, @Nullable NamespacedRef templateRef) {}

    /** Ten thousand percent: what tolerates more compares nothing. */
    private static final double MOST_TOLERANCE = 100;

    /** The tolerance as a share, 0 to 100; empty where it is given and is none. */
    public Optional<Double> relativeTolerance(double otherwise) {
        if (tolerance == null) {
            return Optional.of(otherwise);
        }
        if (tolerance.isNumber()) {
            return share(tolerance.doubleValue());
        }
        String text = tolerance.asText().strip();
        if (!tolerance.isTextual() || text.length() > 32) {
            return Optional.empty();
        }
        boolean percent = text.endsWith("%");
        try {
            var number =
                    new BigDecimal(
                            percent ? text.substring(0, text.length() - 1).stripTrailing() : text);
            return share(percent ? number.movePointLeft(2).doubleValue() : number.doubleValue());
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Double> share(double value) {
        return value >= 0 && value <= MOST_TOLERANCE ? Optional.of(value) : Optional.empty();
    }
}
