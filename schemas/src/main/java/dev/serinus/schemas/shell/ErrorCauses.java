package dev.serinus.schemas.shell;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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

    /** What stands in the way of a file, for somebody who has just been told its name. */
    public static String ofFile(IOException trouble) {
        return switch (trouble) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _, NotDirectoryException _ ->
                    "something on the way to it is a file";
            case NoSuchFileException _ -> "it does not exist";
            case FileSystemException refused when refused.getReason() != null ->
                    refused.getReason();
            default -> String.valueOf(trouble.getMessage());
        };
    }

    /** The trouble, what caused it, and so on. */
    public static Stream<Throwable> of(Throwable trouble) {
        return Stream.iterate(trouble, Objects::nonNull, Throwable::getCause);
    }
}
