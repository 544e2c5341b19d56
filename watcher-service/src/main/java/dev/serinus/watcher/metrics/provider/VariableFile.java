package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** A file with a token that a variable of the process names, read anew each time. */
final class VariableFile {

    private static final int LONGEST = 64 * 1024;

    private VariableFile() {}

    static String read(Map<String, String> environment, String variable) throws NoCredentials {
        try {
            Path path = Path.of(environment.getOrDefault(variable, ""));
            if (Files.size(path) <= LONGEST) {
                return Files.readString(path, UTF_8).strip();
            }
        } catch (IOException | InvalidPathException _) {
            // said below
        }
        throw new NoCredentials("the file that " + variable + " names cannot be read");
    }
}
