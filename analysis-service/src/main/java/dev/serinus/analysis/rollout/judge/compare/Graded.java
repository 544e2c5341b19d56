package dev.serinus.analysis.rollout.judge.compare;

/**
 * A metric's part in the score.
 *
 * @param metric its name
 * @param group the group it counts in; empty for none
 * @param weight relative to the other metrics' in any unit; 0 = told of, not counted
 * @param critical whether it fails alone, also for want of data
 * @param mustHaveData whether a silent side counts as harm
 * @param compared what its comparison said
 */
public record Graded(
        String metric,
        String group,
        double weight,
        boolean critical,
        boolean mustHaveData,
        Compared compared) {

    public Graded {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "weight of %s must be 0 or more, was %s".formatted(metric, weight));
        }
    }

    boolean passes() {
        return compared.classification() == Classification.PASS;
    }

    boolean fails() {
        return compared.classification().harm() || (silent() && (mustHaveData || critical));
    }

    boolean silent() {
        return compared.classification() == Classification.NODATA;
    }

    boolean undecided() {
        return compared.classification() == Classification.UNDECIDED;
    }
}
