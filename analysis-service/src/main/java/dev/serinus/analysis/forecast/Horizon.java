package dev.serinus.analysis.forecast;

/**
 * How far a run is followed.
 *
 * @param events after which it is followed no more
 * @param stops of a plan with more of them an event counts as several, since it looks at each
 */
public record Horizon(int events, int stops) {

    /** More than any run takes that ends; one that goes on waits for what is not assumed. */
    public static final Horizon WHOLE = new Horizon(20_000, Integer.MAX_VALUE);

    /** More than all of a fleet take together that end. */
    public static final Horizon OF_ALL = new Horizon(500_000, Integer.MAX_VALUE);

    /** For so many events one counts, with a plan of so many stops. */
    int counts(int planned) {
        return 1 + planned / stops;
    }
}
