package dev.serinus.conformance.report;

import java.util.Set;

/**
 * A Service that has users at one moment, and who stands behind it.
 *
 * @param way by which they come: the Service itself, or a rule of a route
 * @param service its name
 * @param percent of those who come that way
 * @param ready pods that it selects
 * @param owners the workloads of all pods that it selects, ready or not
 */
record Backend(String way, String service, double percent, int ready, Set<String> owners) {

    Backend {
        owners = Set.copyOf(owners);
    }

    /** True when somebody comes and nobody is there. */
    boolean isDown() {
        return percent > 0 && ready == 0;
    }

    @Override
    public String toString() {
        return "%s sends %s %% to %s, which has %d ready pods%s"
                .formatted(
                        way,
                        percent == Math.rint(percent)
                                ? String.valueOf((long) percent)
                                : String.valueOf(percent),
                        service,
                        ready,
                        owners.isEmpty() ? "" : " of " + String.join(", ", owners));
    }
}
