package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.Verdict;

import java.util.List;
import java.util.Map;

/**
 * All metrics together.
 *
 * @param total 0 to 100, two decimals: how much of the weight passed
 * @param groups the same of each group of which something was decided
 * @param verdict inconclusive when marginal, or when what is undecided could still change it
 * @param because what did not pass, and what decided; empty when all passed
 */
public record Score(
        double total, Map<String, Double> groups, Verdict verdict, List<String> because) {
    public Score {
        groups = Map.copyOf(groups);
        because = List.copyOf(because);
    }
}
