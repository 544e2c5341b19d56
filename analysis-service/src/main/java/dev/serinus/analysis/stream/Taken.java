package dev.serinus.analysis.stream;

/** What became of an input. */
sealed interface Taken {

    /** Nothing is to be done about it. */
    record Quiet() implements Taken {}

    /** Something is to be done, and is visible to others with the next commit. */
    record Todo() implements Taken {}

    /**
     * Nothing yet, and nothing was changed: a schema is not known here, and the registry is away.
     */
    record Later(String because) implements Taken {}
}
