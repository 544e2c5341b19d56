package dev.serinus.demo.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Scrapes the pods twice a second and answers Prometheus' {@code /api/v1/query} from what it found.
 */
public final class MetricsEndpoint implements AutoCloseable {

    private static final Duration SCRAPE_INTERVAL = Duration.ofMillis(500);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Samples samples;
    private final HttpServer http;
    private final ScheduledExecutorService scraper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("scraper").factory());

    private MetricsEndpoint(Samples samples, HttpServer http) {
        this.samples = samples;
        this.http = http;
    }

    /** Serves these samples on a free loopback port. */
    public static MetricsEndpoint start(Samples samples) {
        try {
            var http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var endpoint = new MetricsEndpoint(samples, http);
            http.createContext("/api/v1/query", endpoint::answer);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.start();
            var _ =
                    endpoint.scraper.scheduleAtFixedRate(
                            () -> samples.scrape(Instant.now()),
                            0,
                            SCRAPE_INTERVAL.toMillis(),
                            TimeUnit.MILLISECONDS);
            return endpoint;
        } catch (IOException noPort) {
            throw new UncheckedIOException("no loopback port for the metrics endpoint", noPort);
        }
    }

    /** What {@code --metrics-server} is given. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = query(exchange);
            try {
                var points = Evaluation.answer(query, samples, Instant.now());
                send(exchange, 200, Map.of("status", "success", "data", data(points)));
            } catch (QueryRefused refused) {
                send(
                        exchange,
                        400,
                        Map.of(
                                "status",
                                "error",
                                "errorType",
                                "bad_data",
                                "error",
                                String.valueOf(refused.getMessage())));
            }
        }
    }

    private static Map<String, Object> data(List<Evaluation.Point> points) {
        double seconds = Instant.now().toEpochMilli() / 1000.0;
        return Map.of(
                "resultType",
                "vector",
                "result",
                points.stream()
                        .map(
                                p ->
                                        Map.of(
                                                "metric",
                                                p.labels().values(),
                                                "value",
                                                List.of(seconds, text(p.value()))))
                        .toList());
    }

    private static String text(double value) {
        return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
    }

    /** The parameter {@code query}, in the URL or in a form, as Prometheus takes it. */
    private static String query(HttpExchange exchange) throws IOException {
        String form =
                exchange.getRequestMethod().equals("POST")
                        ? new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        : exchange.getRequestURI().getRawQuery();
        for (String parameter : form == null ? new String[0] : form.split("&", -1)) {
            if (parameter.startsWith("query=")) {
                return URLDecoder.decode(
                        parameter.substring("query=".length()), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        scraper.shutdownNow();
        http.stop(0);
    }
}
