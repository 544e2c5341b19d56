package dev.serinus.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.cli.Refused;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this machine that is run to its end. */
record Program(Path directory, List<String> command) {

    private static final long PATIENCE_MINUTES = 10;

    Program {
        command = List.copyOf(command);
    }

    static Program in(Path directory, String... command) {
        return new Program(directory, List.of(command));
    }

    static Program run(Path directory, List<String> command) {
        return new Program(directory, command);
    }

    /**
     * What it wrote.
     *
     * @throws Refused with the end of its output, if it is not there or fails
     */
    String output() {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw failed("does not end");
            }
            if (process.exitValue() != 0) {
                throw failed("failed: " + output.lines().reduce("", (a, line) -> line));
            }
            return output;
        } catch (IOException cannot) {
            throw failed("cannot be run: " + cannot.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw failed("was interrupted");
        }
    }

    private Refused failed(String how) {
        return new Refused(List.of(String.join(" ", command) + " " + how));
    }
}
