package dev.serinus.demo.measure;

/** The query is wrong, or beyond what this endpoint knows. */
final class QueryRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueryRefused(String because) {
        super(because);
    }
}
