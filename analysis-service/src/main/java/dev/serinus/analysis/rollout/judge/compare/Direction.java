package dev.serinus.analysis.rollout.judge.compare;

/** Which change of a metric is harm. */
public enum Direction {
    /** Only a rise, as of latency. */
    INCREASE("increase"),
    /** Only a fall, as of orders. */
    DECREASE("decrease"),
    /** Any change. */
    EITHER("either");

    private final String word;

    Direction(String word) {
        this.word = word;
    }

    /** As a manifest spells it. */
    public String word() {
        return word;
    }

    /** At this level each harmful direction is tested, so that both together keep to alpha. */
    double level(double alpha) {
        return this == EITHER ? alpha / 2 : alpha;
    }

    boolean up() {
        return this != DECREASE;
    }

    boolean down() {
        return this != INCREASE;
    }

    /** The chance that belongs to the harmful directions, of those of a rise and a fall. */
    double chance(double rise, double fall) {
        return switch (this) {
            case INCREASE -> rise;
            case DECREASE -> fall;
            case EITHER -> StrictMath.min(1, 2 * StrictMath.min(rise, fall));
        };
    }
}
