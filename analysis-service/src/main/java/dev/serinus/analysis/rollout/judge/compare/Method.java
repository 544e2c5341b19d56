package dev.serinus.analysis.rollout.judge.compare;

/** How two sides are compared. */
public enum Method {
    /** Ratio of means with its limits; of {@link Samples} and {@link Counts}. */
    RATIO("ratio", 10),
    /** By rank, so that single outliers do not count; of {@link Samples}. */
    MANN_WHITNEY("mann-whitney", 10),
    /**
     * By rank what is typical, and by means what some values make of it, each at half of alpha; of
     * {@link Samples}.
     */
    RANKS_AND_MEANS("ranks-and-means", 10),
    /**
     * Events of trials, such as errors of requests, exact where they are few; of {@link Counts}.
     */
    PROPORTION("proportion", 100),
    /** May be asked after every sample and end early, both ways; of both. */
    SEQUENTIAL("sequential", 30);

    private final String word;
    private final int minimum;

    Method(String word, int minimum) {
        this.word = word;
        this.minimum = minimum;
    }

    /** As a manifest spells it. */
    public String word() {
        return word;
    }

    /** Whether it compares sides like these two. */
    public boolean compares(Side canary, Side other) {
        return switch (canary) {
            case Samples _ -> other instanceof Samples && this != PROPORTION;
            case Counts _ -> other instanceof Counts && !isByRank();
        };
    }

    boolean isByRank() {
        return this == MANN_WHITNEY || this == RANKS_AND_MEANS;
    }

    /** What each of its tests may err by, so that all of them keep to alpha. */
    double each(double alpha) {
        return this == RANKS_AND_MEANS ? alpha / 2 : alpha;
    }

    /** Values, or trials, that each side needs unless the comparison says otherwise. */
    int minimum(Side canary) {
        return switch (canary) {
            case Samples _ -> minimum;
            case Counts counts -> this == SEQUENTIAL ? 1 : ofTrials(counts);
        };
    }

    /** Twenty are enough where half of them are events: nobody should wait for eighty more. */
    private static int ofTrials(Counts canary) {
        return 2 * canary.events() >= canary.trials() ? 20 : 100;
    }
}
