package dev.serinus.bench.figures;

import org.jspecify.annotations.Nullable;

/**
 * One measured figure.
 *
 * @param section the part of the bench it belongs to
 * @param name what was measured
 * @param unit of the value
 * @param samples how many measurements it was computed from; 1 for a single reading
 * @param beside what it is to be compared with; null when there is nothing
 */
public record Figure(
        String section,
        String name,
        double value,
        String unit,
        long samples,
        @Nullable Comparison beside) {

    /** A figure that stands by itself. */
    public Figure(String section, String name, double value, String unit, long samples) {
        this(section, name, value, unit, samples, null);
    }

    /**
     * The same figure of Flagger, measured in the same way on two cores, and what is aimed at.
     *
     * @param flagger as text, since some depend on the number of canaries
     * @param goal as text for the same reason
     */
    public record Comparison(String flagger, String goal) {}
}
