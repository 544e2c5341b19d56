package dev.serinus.schemas.admission;

import dev.serinus.schemas.events.RolloutSpec;

/** The three ways of releasing; label values of metrics are Flagger's. */
public enum Strategy {
    /** Weights of live traffic. */
    CANARY("canary"),
    /** Requests that match go to the canary, for a number of iterations. */
    AB("ab-testing"),
    /** The canary is tested beside live traffic for a number of iterations. */
    BLUE_GREEN("blue-green");

    /** Iterations that stand in for weights where there is nothing to weigh, as in Flagger. */
    private static final int WITHOUT_ROUTER = 10;

    private final String label;

    Strategy(String label) {
        this.label = label;
    }

    /**
     * The strategy of a spec. Without a router ({@code kubernetes}) everything is Blue/Green, as in
     * Flagger.
     */
    public static Strategy of(RolloutSpec spec) {
        if (routerless(spec)) {
            return BLUE_GREEN;
        }
        if (spec.getIterations() <= 0) {
            return CANARY;
        }
        return spec.getMatched() ? AB : BLUE_GREEN;
    }

    /**
     * The iterations wanted; 10 where a Canary with weights meets a provider without a router, as
     * in Flagger.
     */
    public static int iterations(RolloutSpec spec) {
        return spec.getIterations() < 1 && routerless(spec) ? WITHOUT_ROUTER : spec.getIterations();
    }

    /** The value of the label {@code deployment_strategy} of Flagger's metrics. */
    public String label() {
        return label;
    }

    private static boolean routerless(RolloutSpec spec) {
        return Mesh.of(spec.getProvider()) == Mesh.KUBERNETES;
    }
}
