package dev.serinus.analysis.rollout.judge.compare;

/**
 * What a judge found, in the metric's unit, before it is put into words.
 *
 * @param reference what percentages of a difference are of: the other side's mean or median; 0
 *     where there is none
 */
record Finding(
        Classification classification,
        int canarySize,
        int otherSize,
        double canaryMean,
        double otherMean,
        double reference,
        Scale scale,
        double effect,
        double lower,
        double upper,
        double p) {

    static Finding none(int canarySize, int otherSize) {
        return new Finding(
                Classification.NODATA,
                canarySize,
                otherSize,
                Double.NaN,
                Double.NaN,
                0,
                Scale.DIFFERENCE,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                1);
    }

    Finding means(double canary, double other) {
        return new Finding(
                classification,
                canarySize,
                otherSize,
                canary,
                other,
                other,
                scale,
                effect,
                lower,
                upper,
                p);
    }

    Finding effect(
            Classification what, Scale unit, double size, double from, double to, double chance) {
        return new Finding(
                what,
                canarySize,
                otherSize,
                canaryMean,
                otherMean,
                reference,
                unit,
                size,
                from,
                to,
                chance);
    }

    Finding of(double median) {
        return new Finding(
                classification,
                canarySize,
                otherSize,
                canaryMean,
                otherMean,
                median,
                scale,
                effect,
                lower,
                upper,
                p);
    }

    Finding chance(double of) {
        return effect(classification, scale, effect, lower, upper, of);
    }

    Compared with(Classification what, Method method, String because) {
        return new Compared(
                what,
                method,
                canarySize,
                otherSize,
                canaryMean,
                otherMean,
                scale,
                effect,
                lower,
                upper,
                p,
                because);
    }
}
