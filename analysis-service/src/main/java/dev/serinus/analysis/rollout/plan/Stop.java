package dev.serinus.analysis.rollout.plan;

import java.util.List;

/**
 * One place on the way: the split while it lasts and the iteration it counts as (0 for weights
 * without a number of checks). The analysis runs once at each stop; the plan of a run is the list
 * of them, fixed when the run begins.
 */
public record Stop(Split split, int iteration, int iterations, Kind kind) {

    /** The same with another split. */
    public Stop with(Split other) {
        return new Stop(other, iteration, iterations, kind);
    }

    /** The same so many iterations later. */
    public Stop later(int iterations) {
        return iterations == 0
                ? this
                : new Stop(split, iteration + iterations, this.iterations, kind);
    }

    /** True for another check at the split of the stop before. */
    public static boolean keeps(List<Stop> stops, int place) {
        return place > 0 && stops.get(place - 1).split().equals(stops.get(place).split());
    }

    /** How its beginning is told. */
    public enum Kind {
        /** A share of traffic. */
        WEIGHT,
        /** Another round of an A/B test or a Blue/Green release. */
        ITERATION,
        /** All traffic, before a Blue/Green promotion. */
        SWITCH,
        /** The place where an earlier run left the traffic. */
        STAY
    }
}
