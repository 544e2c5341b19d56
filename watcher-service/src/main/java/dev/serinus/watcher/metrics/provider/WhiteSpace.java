package dev.serinus.watcher.metrics.provider;

/** White space in queries that are sent in one line. */
final class WhiteSpace {

    private WhiteSpace() {}

    /** Every run of it becomes one space, as in Flagger; also within quotes. */
    static String collapsed(String query) {
        return query.replaceAll("[\\t\\n\\f\\r ]+", " ");
    }
}
