package dev.serinus.cli.hub;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The terminal at which a command was typed, wherever its input and output are sent. */
final class Terminal {

    /** By POSIX the controlling terminal of whoever opens it; opening fails where there is none. */
    private static final Path CONTROLLING = Path.of("/dev/tty");

    private Terminal() {}

    /** What somebody said to a question. */
    enum Said {
        YES,
        NO,
        /** There is nobody to ask. */
        NOBODY
    }

    /** Asks; anything but y and yes is no. */
    static Said confirms(String question) {
        // Without CREATE and TRUNCATE_EXISTING, which are for files.
        try (Writer out =
                        Files.newBufferedWriter(
                                CONTROLLING, Charset.defaultCharset(), StandardOpenOption.WRITE);
                BufferedReader in =
                        Files.newBufferedReader(CONTROLLING, Charset.defaultCharset())) {
            out.write(question);
            out.flush();
            return said(in.readLine());
        } catch (IOException none) {
            return Said.NOBODY;
        }
    }

    private static Said said(@Nullable String answer) {
        String word = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
        return word.equals("y") || word.equals("yes") ? Said.YES : Said.NO;
    }
}
