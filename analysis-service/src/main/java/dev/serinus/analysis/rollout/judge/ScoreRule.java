package dev.serinus.analysis.rollout.judge;

import java.util.Map;
import java.util.TreeMap;

/**
 * The score over all comparisons.
 *
 * @param pass least total that passes, 0 to 100
 * @param marginal least total that does not fail
 * @param groups weight of each group; empty when all weigh the same
 */
public record ScoreRule(double pass, double marginal, Map<String, Double> groups) {
    public ScoreRule {
        groups = new TreeMap<>(groups);
    }
}
