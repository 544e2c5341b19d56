package dev.serinus.bench.scale;

import dev.serinus.bench.figures.Figure.Comparison;

/**
 * What Flagger 1.44 needed for the same: measured once on two cores with the same control plane,
 * canaries and metrics, cold. The goals are Serinus' own.
 */
final class Flagger {

    static final Comparison REQUESTS_AT_REST = new Comparison("8288 at 100 canaries", "0");
    static final Comparison REQUESTS_PER_ROLLOUT = new Comparison("130", "26");
    static final Comparison REQUESTS_PER_CANARY = new Comparison("40 at 100", "20 at any number");
    static final Comparison CPU_COLD = new Comparison("71", "120");
    static final Comparison CPU_WARM = new Comparison("71", "60");
    static final Comparison CPU_OF_API_SERVER = new Comparison("383", "215");
    static final Comparison CPU_AT_REST = new Comparison("66 at 100, grows", "20");
    static final Comparison MEMORY = new Comparison("73 at 100, 106 at 500", "300 / 350");
    static final Comparison ROLLOUTS =
            new Comparison("80 for 100 at 10 s, 250-620 for 500 at 30 s", "44 / 132");
    static final Comparison INITIALISED = new Comparison("124-211 for 500", "65 for 500");

    private Flagger() {}
}
