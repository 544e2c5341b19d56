package dev.serinus.analysis.lookup;

/** Kafka could not be asked now, or not in time; the message says why, in words. */
public final class LookupFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the reason in words. */
    public LookupFailed(String because) {
        super(because);
    }
}
