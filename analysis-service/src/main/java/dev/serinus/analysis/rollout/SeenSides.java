package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

/**
 * What was really seen of the workloads, while a dry run takes them to serve.
 *
 * @param target null while nothing was seen of it; so are the others
 */
public record SeenSides(
        @Nullable Workload target, @Nullable Workload primary, @Nullable Workload baseline) {

    SeenSides withTarget(Workload seen) {
        return new SeenSides(seen, primary, baseline);
    }

    SeenSides withPrimary(Workload seen) {
        return new SeenSides(target, seen, baseline);
    }

    SeenSides withBaseline(Workload seen) {
        return new SeenSides(target, primary, seen);
    }
}
