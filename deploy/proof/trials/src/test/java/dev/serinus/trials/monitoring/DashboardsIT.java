package dev.serinus.trials.monitoring;

import static dev.serinus.trials.monitoring.AlertRulesTest.MONITORING;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.FreePort;
import dev.serinus.testbed.ProcessReaper;
import dev.serinus.trials.metrics.RealPrometheus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every panel of the dashboards while a real Prometheus scrapes the demo: a good release is
 * promoted and a bad one taken back, and no panel is empty afterwards.
 */
@Tag("long")
class DashboardsIT {

    private static final Duration STORY = Duration.ofMinutes(5);

    private static Process demo;
    private static ProcessReaper reaper;
    private static RealPrometheus prometheus;
    private static Instant began;
    private static Instant ended;

    /** One query of a panel. */
    record Query(String board, String panel, String expr) {
        @Override
        public String toString() {
            return board + ", " + panel + ": " + expr;
        }

        /** As Grafana sends it, for the demo's canary. */
        String asked() {
            return expr.replace("$__rate_interval", "30s")
                    .replace("$__interval", "5s")
                    .replace("$namespace", "demo")
                    .replace("$target", "podinfo");
        }
    }

    @BeforeAll
    static void play(@TempDir Path data) throws Exception {
        var program = RealPrometheus.program();
        assumeThat(program)
                .as("a Prometheus on the PATH (Debian: apt-get install prometheus)")
                .isPresent();
        int port = FreePort.next();
        Path said = data.resolve("demo.txt");
        began = Instant.now();
        demo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.serinus.demo.Main",
                                "--plain",
                                "--keep",
                                "--data=" + data.resolve("demo"),
                                "--http-port=" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        reaper = ProcessReaper.of(List.of(demo.pid()));
        prometheus =
                RealPrometheus.start(
                        program.get(),
                        data.resolve("prometheus"),
                        "127.0.0.1:" + port,
                        List.of(MONITORING.resolve("rules/serinus.yaml").toAbsolutePath()));
        await("the demo's story")
                .atMost(STORY)
                .until(() -> !demo.isAlive() || Files.readString(said).contains("(--keep)"));
        assertThat(demo.isAlive()).as(Files.readString(said)).isTrue();
        prometheus.awaitSamples(10);
        ended = Instant.now();
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (demo != null) {
            reaper.dismiss();
            demo.destroyForcibly().onExit().join();
        }
    }

    static Stream<Query> queries() throws IOException {
        try (var boards = Files.list(MONITORING.resolve("dashboards"))) {
            return boards.sorted().toList().stream().flatMap(DashboardsIT::queries);
        }
    }

    private static Stream<Query> queries(Path file) {
        JsonNode board;
        try {
            board = new ObjectMapper().readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return elements(board.path("panels"))
                .flatMap(
                        panel ->
                                elements(panel.path("targets"))
                                        .map(
                                                target ->
                                                        new Query(
                                                                board.path("title").asText(),
                                                                panel.path("title").asText(),
                                                                target.path("expr").asText())));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void noPanelIsEmpty(Query query) throws Exception {
        var answer =
                prometheus.get(
                        "/api/v1/query_range?step=2&start=%d&end=%d&query=%s"
                                .formatted(
                                        began.getEpochSecond(),
                                        ended.getEpochSecond(),
                                        URLEncoder.encode(query.asked(), UTF_8)));
        assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("success");
        assertThat(
                        elements(answer.at("/data/result"))
                                .flatMap(series -> elements(series.path("values")))
                                .map(sample -> sample.path(1).asText()))
                .as(answer.toString())
                .anyMatch(value -> Double.isFinite(Double.parseDouble(value)));
    }

    @Test
    void everyRuleIsEvaluated() throws Exception {
        var rules = prometheus.get("/api/v1/rules").at("/data/groups").findValues("rules");
        assertThat(rules).isNotEmpty();
        assertThat(rules.stream().flatMap(DashboardsIT::elements))
                .allSatisfy(
                        rule ->
                                assertThat(rule.path("health").asText())
                                        .as(rule.toString())
                                        .isEqualTo("ok"));
    }

    @Test
    void theBadReleaseIsAnAlert() throws Exception {
        await("the alert to be pending")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                prometheus
                                        .get("/api/v1/alerts")
                                        .findValuesAsText("alertname")
                                        .contains("SerinusReleaseTakenBack"));
    }
}
