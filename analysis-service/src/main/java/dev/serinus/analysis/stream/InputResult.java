package dev.serinus.analysis.stream;

/** What became of an input. */
sealed interface InputResult {

    /** Nothing is to be done about it. */
    record Quiet() implements InputResult {}

    /** Something is to be done, and is visible to others with the next commit. */
    record Todo() implements InputResult {}

    /**
     * Nothing yet, and nothing was changed: a schema is not known here, and the registry is away.
     */
    record Later(String because) implements InputResult {}
}
