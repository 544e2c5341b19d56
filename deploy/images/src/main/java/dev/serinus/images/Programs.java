package dev.serinus.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of an image besides Java, as a file beside the images' README lists them: one a
 * line, {@code debian PACKAGE} or {@code go PACKAGE@VERSION}. Behind the latter may stand {@code as
 * NAME}, what the program is called, and {@code in FOLDER}, a module beside that file in which it
 * is built.
 */
record Programs(List<String> debian, List<GoProgram> go) {

    Programs {
        debian = List.copyOf(debian);
        go = List.copyOf(go);
    }

    static Programs read(Path file) {
        List<String> debian = new ArrayList<>();
        List<GoProgram> go = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("debian ")) {
                    debian.add(line.substring("debian ".length()).strip());
                } else if (line.startsWith("go ")) {
                    go.add(GoProgram.read(line.substring("go ".length()), file));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    throw new IllegalStateException(
                            file + ": a line begins with debian, go or #: " + line);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new Programs(debian, go);
    }
}
