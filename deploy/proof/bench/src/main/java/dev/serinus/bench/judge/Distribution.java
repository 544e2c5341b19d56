package dev.serinus.bench.judge;

import java.util.SplittableRandom;

/** What values are drawn from. */
enum Distribution {
    NORMAL(0, "normal(100, 10)", 10),
    LOG_NORMAL(1, "log-normal(0, 1)", StrictMath.sqrt((StrictMath.E - 1) * StrictMath.E)),
    EXPONENTIAL(2, "exponential(1)", 1);

    /** Its row and its part in seeds. */
    final int number;

    final String title;

    /** One standard deviation. */
    final double deviation;

    Distribution(int number, String title, double deviation) {
        this.number = number;
        this.title = title;
        this.deviation = deviation;
    }

    double[] draw(SplittableRandom random, int count, double shift) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = next(random) + shift;
        }
        return values;
    }

    private double next(SplittableRandom random) {
        return switch (this) {
            case NORMAL -> 100 + 10 * random.nextGaussian();
            case LOG_NORMAL -> StrictMath.exp(random.nextGaussian());
            case EXPONENTIAL -> random.nextExponential();
        };
    }
}
