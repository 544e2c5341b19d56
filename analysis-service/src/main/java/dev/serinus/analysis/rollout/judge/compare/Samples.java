package dev.serinus.analysis.rollout.judge.compare;

import java.util.List;

/**
 * Values of one side in any order. Those that are no finite numbers are left out, and told of.
 *
 * @param values in the metric's unit
 */
public record Samples(List<Double> values) implements Side {
    public Samples {
        values = List.copyOf(values);
    }
}
