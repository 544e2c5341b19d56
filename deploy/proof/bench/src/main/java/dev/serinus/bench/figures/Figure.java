package dev.serinus.bench.figures;

/**
 * One measured figure.
 *
 * @param section the part of the bench it belongs to
 * @param name what was measured
 * @param unit of the value
 * @param samples how many measurements it was computed from; 1 for a single reading
 */
public record Figure(String section, String name, double value, String unit, long samples) {}
