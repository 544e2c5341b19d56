package dev.serinus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;

/** A temporary directory for data and logs, kept to be looked at when something failed. */
final class TemporaryDirectory {

    private TemporaryDirectory() {}

    /** Work that needs a directory. */
    @FunctionalInterface
    interface Work {
        /**
         * @throws IllegalStateException if it failed in a way that can be told in a sentence
         */
        void in(Path data) throws IOException, InterruptedException;
    }

    /** The exit code: 1, and a sentence, when the work failed. */
    static int use(Consumer<String> say, Work work) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("serinus-bench-");
        try {
            work.in(data);
        } catch (IllegalStateException failed) {
            say.accept(failed.getMessage() + " (data and logs are in " + data + ")");
            return 1;
        }
        delete(data);
        return 0;
    }

    private static void delete(Path data) throws IOException {
        try (var all = Files.walk(data)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
