package dev.serinus.demo.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Serinus' load tester in a process of its own, as everywhere: it runs commands. */
public final class LoadTesterProcess implements AutoCloseable {

    private static final Duration START_UP = Duration.ofSeconds(200);
    private static final Duration END = Duration.ofSeconds(10);
    private static final Pattern PORT =
            Pattern.compile("\"msg\":\"load tester listens\".*\"port\":\"?([0-9]+)");

    private final Process process;
    private final URI address;

    private LoadTesterProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Started with this JVM's Java and libraries, on a free loopback port. */
    public static LoadTesterProcess start(Path log) throws InterruptedException {
        return start(log, Map.of());
    }

    /**
     * The same with these variables.
     *
     * @param log where it writes; what is in it is lost
     */
    public static LoadTesterProcess start(Path log, Map<String, String> variables)
            throws InterruptedException {
        var builder =
                new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                // Whoever starts it may have another one for a log of its own.
                                "-Dlogback.configurationFile=logback.xml",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.serinus.loadtester.Application",
                                "-host",
                                "127.0.0.1",
                                "-port",
                                "0"));
        // Whatever the demo was given is not for it.
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(SERINUS|KAFKA|MICRONAUT|SCHEMA)_.*"));
        builder.environment().put("SERINUS_LOG_FORMAT", "json");
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new LoadTesterProcess(process, awaited(process, log));
        } catch (IOException trouble) {
            throw new UncheckedIOException("the load tester cannot be started", trouble);
        }
    }

    private static URI awaited(Process process, Path log) throws InterruptedException, IOException {
        long last = System.nanoTime() + START_UP.toNanos();
        while (process.isAlive() && System.nanoTime() < last) {
            Optional<String> port = port(Files.readString(log));
            if (port.isPresent()) {
                return URI.create("http://127.0.0.1:" + port.get() + "/");
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IOException("it did not begin to listen; its log says why: " + log);
    }

    private static Optional<String> port(String log) {
        var found = PORT.matcher(log);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    public URI address() {
        return address;
    }

    /** Ends it as {@code kill -9} does, and returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ending) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
