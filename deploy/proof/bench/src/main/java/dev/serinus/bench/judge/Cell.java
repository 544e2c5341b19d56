package dev.serinus.bench.judge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How often each rule fails a canary that is worse by so much.
 *
 * @param size values of each side
 * @param shift in standard deviations, added to the canary; 0: what fails is a false alarm
 * @param failed share of the trials that each rule failed, 0 to 1, all on the same samples
 */
record Cell(Distribution distribution, int size, double shift, Map<String, Double> failed) {

    static Cell measure(Distribution distribution, int size, double shift, int trials, long seed) {
        // The same draws for each shift, so that curves differ by the shift alone.
        var random = new SplittableRandom(seed + 1_000L * distribution.number + size);
        Map<String, Integer> failures = new LinkedHashMap<>();
        Rule.ALL.forEach(rule -> failures.put(rule.name(), 0));
        for (int i = 0; i < trials; i++) {
            double[] canary = distribution.draw(random, size, shift * distribution.deviation);
            double[] other = distribution.draw(random, size, 0);
            for (Rule rule : Rule.ALL) {
                if (rule.fails().test(canary, other)) {
                    failures.merge(rule.name(), 1, Integer::sum);
                }
            }
        }
        Map<String, Double> failed = new LinkedHashMap<>();
        failures.forEach((rule, count) -> failed.put(rule, (double) count / trials));
        return new Cell(distribution, size, shift, failed);
    }
}
