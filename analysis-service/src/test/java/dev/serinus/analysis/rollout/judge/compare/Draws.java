package dev.serinus.analysis.rollout.judge.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** Samples of known distributions, the same for the same seed. */
final class Draws {

    private Draws() {}

    static List<Double> normal(SplittableRandom random, int count, double mean, double deviation) {
        return draw(count, () -> mean + deviation * random.nextGaussian());
    }

    static List<Double> lognormal(SplittableRandom random, int count, double mean, double of) {
        return draw(count, () -> StrictMath.exp(mean + of * random.nextGaussian()));
    }

    static List<Double> exponential(SplittableRandom random, int count) {
        return draw(count, random::nextExponential);
    }

    static List<Double> shuffled(SplittableRandom random, List<Double> values) {
        List<Double> shuffled = new ArrayList<>(values);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double value = shuffled.get(i);
            shuffled.set(i, shuffled.get(j));
            shuffled.set(j, value);
        }
        return shuffled;
    }

    private static List<Double> draw(int count, DoubleSupplier next) {
        return DoubleStream.generate(next).limit(count).boxed().toList();
    }
}
