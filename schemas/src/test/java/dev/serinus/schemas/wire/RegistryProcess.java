package dev.serinus.schemas.wire;

import dev.serinus.broker.FreePort;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A real Apicurio Registry as a process of its own, with its Confluent API. What was registered is
 * on disk: killed and started again it has the same schemas under the same ids.
 */
public final class RegistryProcess implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path directory;
    private final int port;
    private Process process;

    private RegistryProcess(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        process = launch();
    }

    public static RegistryProcess start(Path directory) throws Exception {
        var registry = new RegistryProcess(directory, FreePort.next());
        registry.awaitUp();
        return registry;
    }

    /**
     * Takes it away in good order: killed, its database would lose the schemas of the last half
     * second, which it writes later than it answers.
     */
    public void shutDown() {
        process.destroy();
        process.onExit().join();
    }

    /** Starts it once more, where it was. */
    public void again() throws Exception {
        process = launch();
        awaitUp();
    }

    private Process launch() throws IOException {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx384m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=0",
                        "-Dapicurio.datasource.url=jdbc:h2:file:" + directory.resolve("data"),
                        "-jar",
                        Path.of("target", "registry", "quarkus-run.jar").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(directory.resolve("registry.log").toFile()))
                .start();
    }

    private void awaitUp() throws Exception {
        Instant end = Instant.now().plusSeconds(90);
        while (true) {
            try {
                if (request("GET", "/subjects", "").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    throw notYet;
                }
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Talks to it as any client would, without code of ours. */
    public HttpResponse<String> request(String method, String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
