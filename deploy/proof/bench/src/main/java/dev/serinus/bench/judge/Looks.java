package dev.serinus.bench.judge;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How often each rule ever raises a false alarm when it is asked again as values arrive.
 *
 * @param failed share of the trials, 0 to 1
 */
record Looks(Distribution distribution, Map<String, Double> failed) {

    private static final int FIRST = 30;
    static final int LAST = 100;

    /** Values between two looks. */
    private static final int EVERY = 2;

    static Looks measure(Distribution distribution, int trials, long seed) {
        var random = new SplittableRandom(seed + distribution.number);
        Map<String, Integer> failures = new LinkedHashMap<>();
        Rule.ALL.forEach(rule -> failures.put(rule.name(), 0));
        for (int i = 0; i < trials; i++) {
            double[] canary = distribution.draw(random, LAST, 0);
            double[] other = distribution.draw(random, LAST, 0);
            for (Rule rule : Rule.ALL) {
                if (ever(rule, canary, other)) {
                    failures.merge(rule.name(), 1, Integer::sum);
                }
            }
        }
        Map<String, Double> failed = new LinkedHashMap<>();
        failures.forEach((rule, count) -> failed.put(rule, (double) count / trials));
        return new Looks(distribution, failed);
    }

    private static boolean ever(Rule rule, double[] canary, double[] other) {
        for (int size = FIRST; size <= LAST; size += EVERY) {
            if (rule.fails().test(Arrays.copyOf(canary, size), Arrays.copyOf(other, size))) {
                return true;
            }
        }
        return false;
    }
}
