package dev.serinus.trials.metrics;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.FreePort;
import dev.serinus.testbed.ProcessReaper;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Prometheus as a process of this test, on loopback, scraping one address every second. */
public final class RealPrometheus implements AutoCloseable {

    private final Process process;
    private final ProcessReaper reaper;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealPrometheus(Process process, String url) {
        this.process = process;
        this.reaper = ProcessReaper.of(List.of(process.pid()));
        this.url = url;
    }

    /** The program, where Debian's package or anything else has put it on the PATH. */
    public static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static RealPrometheus start(Path program, Path directory, String target) throws IOException {
        return start(program, directory, target, List.of());
    }

    /** With these rule files. */
    public static RealPrometheus start(
            Path program, Path directory, String target, List<Path> rules) throws IOException {
        Files.createDirectories(directory);
        Path config =
                Files.writeString(
                        directory.resolve("prometheus.yml"),
                        """
                        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                        rule_files: %s
                        scrape_configs:
                        - job_name: sample
                          static_configs: [{targets: ["%s"]}]
                        """
                                .formatted(
                                        new ObjectMapper()
                                                .writeValueAsString(
                                                        rules.stream()
                                                                .map(Path::toString)
                                                                .toList()),
                                        target));
        String address = "127.0.0.1:" + FreePort.next();
        var process =
                new ProcessBuilder(
                                program.toString(),
                                "--config.file=" + config,
                                "--storage.tsdb.path=" + directory.resolve("data"),
                                "--web.listen-address=" + address,
                                "--log.level=warn")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("prometheus.log").toFile())
                        .start();
        return new RealPrometheus(process, "http://" + address);
    }

    String url() {
        return url;
    }

    /** Waits until it has scraped so often that rates can be told. */
    public void awaitSamples(int scrapes) {
        String query = "min(count_over_time(up[5m])) >= " + scrapes;
        await("samples of Prometheus")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> !ask(query).isEmpty());
    }

    private JsonNode ask(String query) throws Exception {
        return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .at("/data/result");
    }

    /** What its API answers to this path and query. */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(text(path));
    }

    private String text(String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** How many queries for the present it was asked up to now, as it counts them itself. */
    long queriesAsked() throws IOException, InterruptedException {
        return text("/metrics")
                .lines()
                .filter(line -> line.startsWith("prometheus_http_requests_total{"))
                .filter(line -> line.contains("handler=\"/api/v1/query\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                .sum();
    }

    @Override
    public void close() {
        reaper.dismiss();
        process.destroyForcibly().onExit().join();
        http.close();
    }
}
