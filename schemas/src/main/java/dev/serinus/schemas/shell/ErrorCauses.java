package dev.serinus.schemas.shell;

import java.util.Objects;
import java.util.stream.Stream;

/** What went wrong, in the words of whoever knows it best. */
public final class ErrorCauses {

    private ErrorCauses() {}

    /** The innermost message: outer ones say little more than where they were. */
    public static String shortest(Throwable trouble) {
        Throwable cause = trouble;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The trouble, what caused it, and so on. */
    public static Stream<Throwable> of(Throwable trouble) {
        return Stream.iterate(trouble, Objects::nonNull, Throwable::getCause);
    }
}
