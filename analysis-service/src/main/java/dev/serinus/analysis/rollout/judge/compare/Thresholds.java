package dev.serinus.analysis.rollout.judge.compare;

/**
 * What a score means.
 *
 * @param pass from here on it passes, 0 to 100
 * @param marginal from here to {@code pass} it is inconclusive, below it fails; 0 to {@code pass}
 */
public record Thresholds(double pass, double marginal) {
    public Thresholds {
        if (!(marginal >= 0 && pass >= marginal && pass <= 100)) {
            throw new IllegalArgumentException(
                    "thresholds must be 0 <= marginal <= pass <= 100, were marginal %s and pass %s"
                            .formatted(marginal, pass));
        }
    }
}
