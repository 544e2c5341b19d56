package dev.serinus.watcher.metrics;

/** What a metrics provider said. A provider that is down is an answer, not an exception. */
sealed interface Answer {

    /** A number; never NaN, which every provider means as no data. */
    record Value(double value) implements Answer {}

    /** The provider works and knows nothing about it; {@code because} in Flagger's words. */
    record NoData(String because) implements Answer {}

    /** The provider did not answer, or not in a way that can be read. */
    record Unavailable(String because) implements Answer {}

    /** The manifest asks for what cannot be; {@code because} is the whole sentence. */
    record Misconfigured(String because) implements Answer {}

    /** The number, or no data when it is none. */
    static Answer of(double value, String whenNaN) {
        return Double.isNaN(value) ? new NoData(whenNaN) : new Value(value);
    }
}
