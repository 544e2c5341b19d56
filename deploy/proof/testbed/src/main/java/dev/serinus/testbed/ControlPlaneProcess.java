package dev.serinus.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One process of a control plane. Its pid file tells the process id and when the process began, so
 * that another JVM finds it again and nobody ends a process that came by the same id later.
 */
final class ControlPlaneProcess {

    private final String name;
    private final ControlPlaneDirectory place;
    private final List<String> command;
    private final URI health;

    ControlPlaneProcess(
            String name, ControlPlaneDirectory place, List<String> command, URI health) {
        this.name = name;
        this.place = place;
        this.command = List.copyOf(command);
        this.health = health;
    }

    String name() {
        return name;
    }

    /** Where it says whether it works. */
    URI health() {
        return health;
    }

    Path log() {
        return place.log(name);
    }

    /** Starts it if it does not run. It outlives this JVM. */
    void start() {
        if (running().isPresent()) {
            return;
        }
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(place.directory().toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                            .start();
            Files.writeString(
                    place.pidFile(name), process.pid() + " " + began(process.toHandle()) + "\n");
        } catch (IOException trouble) {
            throw new Unavailable(name + " cannot be started: " + trouble.getMessage());
        }
    }

    /** Its process, if it runs. */
    Optional<ProcessHandle> running() {
        Path file = place.pidFile(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] known = Files.readString(file).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(known[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> known.length == 2 && began(process).equals(known[1]));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static String began(ProcessHandle process) {
        return process.info().startInstant().map(at -> "" + at.toEpochMilli()).orElse("unknown");
    }

    /** Ends it, gently at first. */
    void stop(Duration patience) {
        running().ifPresent(process -> end(process, patience));
        try {
            Files.deleteIfExists(place.pidFile(name));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static void end(ProcessHandle process, Duration patience) {
        var ended = process.onExit();
        if (!patience.isZero()) {
            process.destroy();
            try {
                ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.TimeoutException
                    | java.util.concurrent.ExecutionException _) {
                // Then at once.
            }
        }
        process.destroyForcibly();
        ended.join();
    }

    /** The last line of its log, which mostly tells why it ended. */
    String lastWords() {
        try {
            var lines = Files.readAllLines(log(), java.nio.charset.StandardCharsets.ISO_8859_1);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException _) {
            return "it has no log";
        }
    }
}
