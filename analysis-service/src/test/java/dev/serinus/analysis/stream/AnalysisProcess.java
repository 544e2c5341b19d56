package dev.serinus.analysis.stream;

import dev.serinus.analysis.Application;
import dev.serinus.broker.FreePort;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The analysis service in a JVM of its own, which can be killed. */
final class AnalysisProcess implements AutoCloseable {

    private final String classes;
    private final Map<String, String> kafka;
    private final Path stateDir;
    private final int port;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();

    private AnalysisProcess(
            String classes, Map<String, String> kafka, Path stateDir, int port, Process process) {
        this.classes = classes;
        this.kafka = kafka;
        this.stateDir = stateDir;
        this.port = port;
        this.process = process;
    }

    static AnalysisProcess start(String bootstrapServers, Path stateDir) throws IOException {
        return start(Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers), stateDir);
    }

    /** With more of its environment. */
    static AnalysisProcess start(Map<String, String> kafka, Path stateDir) throws IOException {
        return start(System.getProperty("java.class.path"), kafka, stateDir);
    }

    /** That of another version, by what its build has made. */
    static AnalysisProcess start(String classes, Map<String, String> kafka, Path stateDir)
            throws IOException {
        int port = FreePort.next();
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xmx256m",
                                        "-cp",
                                        classes,
                                        Application.class.getName()))
                        .inheritIO();
        builder.environment().putAll(kafka);
        builder.environment().put("SERINUS_STATE_DIR", stateDir.toString());
        builder.environment().put("MICRONAUT_SERVER_PORT", Integer.toString(port));
        return new AnalysisProcess(classes, kafka, stateDir, port, builder.start());
    }

    /** As kill -9 does it. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** The same instance, started again. */
    AnalysisProcess again() throws IOException {
        return start(classes, kafka, stateDir);
    }

    boolean ready() throws InterruptedException {
        return status("/readyz") == 200;
    }

    int status(String path) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notThere) {
            return 0;
        }
    }

    /** Where a path is served. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
