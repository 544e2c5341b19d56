package dev.serinus.analysis.rollout.judge.compare;

/** What a comparison says of one metric. */
public enum Classification {
    /** Enough samples, and no harm shown; {@code sequential}: shown to be harmless. */
    PASS,
    /** Harm is shown: the canary is higher by more than is tolerated. */
    HIGH,
    /** Harm is shown: the canary is lower by more than is tolerated. */
    LOW,
    /** A side has no values. */
    NODATA,
    /** Too few samples; {@code sequential}: neither harm nor its absence is shown yet. */
    UNDECIDED;

    /** Whether harm is shown. */
    public boolean harm() {
        return this == HIGH || this == LOW;
    }
}
