package dev.serinus.trials;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One part of Serinus as a process of its own, which can be killed as the kernel kills, and started
 * again.
 */
final class ServiceProcess implements AutoCloseable {

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;
    private @Nullable Process process;

    private ServiceProcess(
            String name, List<String> command, Map<String, String> environment, Path directory) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.directory = directory;
    }

    /** A part that runs from its jar with {@code java -jar}, in a directory of its own. */
    static ServiceProcess of(
            String name,
            Path jar,
            List<String> arguments,
            Map<String, String> environment,
            Path directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        if (jar.toString().endsWith(".jar")) {
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), jar.toString()));
        }
        command.addAll(arguments);
        return new ServiceProcess(name, command, environment, directory);
    }

    String name() {
        return name;
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    ServiceProcess start() {
        try {
            Files.createDirectories(directory);
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            process = builder.start();
            return this;
        } catch (IOException cannot) {
            throw new UncheckedIOException(name + " cannot be started", cannot);
        }
    }

    /** kill -9: nothing is closed, nothing is said. */
    void kill() throws InterruptedException {
        Process running = Objects.requireNonNull(process, "not started");
        running.destroyForcibly();
        running.waitFor();
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
