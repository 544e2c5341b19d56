package dev.serinus.bench.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Comparisons;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;
import dev.serinus.analysis.rollout.judge.compare.Samples;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * One way to judge.
 *
 * @param name for people
 * @param alpha how often at most it may fail what is no worse; as it says itself
 * @param fails whether a canary, given first, fails beside the primary
 */
record Rule(String name, double alpha, BiPredicate<double[], double[]> fails) {

    /** Level at which Kayenta's rule really works: its band makes 2 % of the 98 % interval this. */
    private static final double KAYENTAS = 0.002;

    /** All that are compared: either direction, no tolerance, at the defaults. */
    static final List<Rule> ALL =
            List.of(
                    new Rule("kayenta", KAYENTAS, Rule::kayenta),
                    ours("ranks-and-means", Method.RANKS_AND_MEANS, 0.01),
                    ours("mann-whitney", Method.MANN_WHITNEY, 0.01),
                    ours("mann-whitney, alpha 0.002", Method.MANN_WHITNEY, KAYENTAS),
                    ours("ratio", Method.RATIO, 0.01),
                    ours("sequential", Method.SEQUENTIAL, 0.01));

    private static Rule ours(String name, Method method, double alpha) {
        var how = new Comparison(Direction.EITHER, 0, 0, method, alpha, 0);
        return new Rule(name, alpha, (canary, other) -> harm(how, canary, other));
    }

    private static boolean kayenta(double[] canary, double[] other) {
        return Kayenta.DEFAULT.classify(canary, other).label() != Kayenta.Label.PASS;
    }

    private static boolean harm(Comparison how, double[] canary, double[] other) {
        Classification found =
                Comparisons.compare("value", how, samples(canary), samples(other)).classification();
        return found.harm();
    }

    private static Samples samples(double[] values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }
}
