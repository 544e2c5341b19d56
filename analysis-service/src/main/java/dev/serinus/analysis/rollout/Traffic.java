package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.Weight;

/**
 * The split as it was last read back, and what was counted in the present run.
 *
 * @param iterations of an A/B test or a Blue/Green release
 */
public record Traffic(Split split, int iterations, int failedChecks) {

    /** Everything at the primary, nothing counted. */
    static final Traffic NONE = new Traffic(Split.PRIMARY, 0, 0);

    public Weight canaryWeight() {
        return split.canaryWeight();
    }

    Traffic at(Split other) {
        return new Traffic(other, iterations, failedChecks);
    }

    Traffic iterated(int count) {
        return new Traffic(split, count, failedChecks);
    }

    Traffic failed() {
        return new Traffic(split, iterations, failedChecks + 1);
    }

    /** A run begins: nothing is counted yet. */
    Traffic uncounted() {
        return new Traffic(split, 0, 0);
    }
}
