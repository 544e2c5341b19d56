package dev.serinus.analysis.rollout.judge.statistics;

/**
 * Mean and spread of a sample.
 *
 * @param size how many values
 * @param variance with size - 1; 0 for a single value
 */
public record Moments(int size, double mean, double variance) {

    /**
     * Of values in ascending order, so that their order of arrival changes no bit.
     *
     * @param ascending at least one
     */
    public static Moments of(double[] ascending) {
        int size = ascending.length;
        if (ascending[0] == ascending[size - 1]) {
            return new Moments(size, ascending[0], 0); // a sum would round
        }
        double sum = 0;
        for (double value : ascending) {
            sum += value;
        }
        double mean = sum / size;
        double squares = 0;
        for (double value : ascending) {
            squares += (value - mean) * (value - mean);
        }
        return new Moments(size, mean, squares / (size - 1));
    }

    /** The variance of the mean. */
    public double ofMean() {
        return variance / size;
    }
}
