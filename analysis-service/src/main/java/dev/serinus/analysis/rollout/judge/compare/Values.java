package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.statistics.Moments;

import java.util.List;

/**
 * Both sides' finite values in ascending order, scaled together by a power of two so that the
 * largest is about 1: squares of nanoseconds or of petabytes then neither vanish nor overflow, and
 * a scale changes no digit.
 */
final class Values {

    private final double[] canary;
    private final double[] other;
    private final int exponent;
    private final int dropped;

    private Values(double[] canary, double[] other, int exponent, int dropped) {
        this.canary = canary;
        this.other = other;
        this.exponent = exponent;
        this.dropped = dropped;
    }

    static Values of(Samples canary, Samples other) {
        double[] one = finite(canary.values());
        double[] two = finite(other.values());
        int exponent = StrictMath.getExponent(StrictMath.max(largest(one), largest(two)));
        int dropped = canary.values().size() - one.length + other.values().size() - two.length;
        return new Values(scaled(one, -exponent), scaled(two, -exponent), exponent, dropped);
    }

    private static double[] finite(List<Double> values) {
        // Adding 0.0 makes one zero of the two, which sorting would tell apart.
        return values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .map(value -> value + 0.0)
                .sorted()
                .toArray();
    }

    private static double largest(double[] ascending) {
        return ascending.length == 0
                ? 0
                : StrictMath.max(
                        StrictMath.abs(ascending[0]),
                        StrictMath.abs(ascending[ascending.length - 1]));
    }

    private static double[] scaled(double[] values, int exponent) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = StrictMath.scalb(values[i], exponent);
        }
        return scaled;
    }

    double[] canary() {
        return canary;
    }

    double[] other() {
        return other;
    }

    int canarySize() {
        return canary.length;
    }

    int otherSize() {
        return other.length;
    }

    int dropped() {
        return dropped;
    }

    double canaryMean() {
        return inUnit(Moments.of(canary).mean());
    }

    double otherMean() {
        return inUnit(Moments.of(other).mean());
    }

    double scaled(double inUnit) {
        return StrictMath.scalb(inUnit, -exponent);
    }

    double inUnit(double scaled) {
        return StrictMath.scalb(scaled, exponent);
    }

    /** The finding with what is known without a test. */
    Finding finding() {
        return Finding.none(canary.length, other.length).means(canaryMean(), otherMean());
    }

    /** A finding that is a difference of scaled values. */
    Finding difference(Classification what, double size, double from, double to, double chance) {
        return finding()
                .effect(what, Scale.DIFFERENCE, inUnit(size), inUnit(from), inUnit(to), chance);
    }
}
