package dev.serinus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM under measurement, its output in a file. Closing it ends it in good order, or else. */
public final class JavaProcess implements MeteredProcess, TrainedProcess {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    private final String name;
    private final Process process;
    private final Path log;
    private final long began;
    private Duration startUp = Duration.ZERO;

    private JavaProcess(String name, Process process, Path log, long began) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.began = began;
    }

    /** Starts {@code java} with these arguments; {@code ready} returns once it does its work. */
    static JavaProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Readiness ready)
            throws InterruptedException {
        try {
            Files.createDirectories(directory);
            Path log = directory.resolve(name + ".log");
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            long began = System.nanoTime();
            var started = new JavaProcess(name, builder.start(), log, began);
            started.await(ready);
            return started;
        } catch (IOException cannot) {
            throw new UncheckedIOException(name + " cannot be started", cannot);
        }
    }

    /** Asks a process whether it is ready. */
    @FunctionalInterface
    interface Readiness {
        boolean isReady() throws InterruptedException;
    }

    private void await(Readiness ready) throws InterruptedException {
        long end = began + PATIENCE.toNanos();
        while (!ready.isReady()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IllegalStateException(
                        "%s did not become ready within %d s; its log is %s"
                                .formatted(name, PATIENCE.toSeconds(), log));
            }
            Thread.sleep(Duration.ofMillis(5));
        }
        startUp = Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public String name() {
        return name;
    }

    /** From the fork to its being ready. */
    public Duration startUp() {
        return startUp;
    }

    @Override
    public Duration cpu() {
        return ProcFiles.cpu(String.join("", read("stat")));
    }

    /** What it needs of memory. */
    public Memory memory() {
        List<String> status = read("status");
        return new Memory(
                ProcFiles.mebibytes(status, "VmRSS"), ProcFiles.mebibytes(status, "VmHWM"));
    }

    private List<String> read(String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException gone) {
            throw new UncheckedIOException(
                    "%s cannot be measured; its log is %s".formatted(name, log), gone);
        }
    }

    @Override
    public void end(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "%s did not end within %d s; its log is %s"
                            .formatted(name, patience.toSeconds(), log));
        }
    }

    @Override
    public void close() {
        try {
            end(GOODBYE);
        } catch (IllegalStateException stubborn) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
