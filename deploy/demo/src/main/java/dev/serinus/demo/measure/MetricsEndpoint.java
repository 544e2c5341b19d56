package dev.serinus.demo.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Scrapes the pods twice a second and answers Prometheus' {@code /api/v1/query} and {@code
 * /api/v1/query_range} from what it found.
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
            http.createContext(
                    "/api/v1/query", exchange -> endpoint.answer(exchange, endpoint::instant));
            http.createContext(
                    "/api/v1/query_range", exchange -> endpoint.answer(exchange, endpoint::range));
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

    private void answer(
            HttpExchange exchange, Function<Map<String, String>, Map<String, Object>> asked)
            throws IOException {
        try (exchange) {
            var parameters = parameters(exchange);
            try {
                send(exchange, 200, Map.of("status", "success", "data", asked.apply(parameters)));
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

    private Map<String, Object> instant(Map<String, String> parameters) {
        return data(
                Evaluation.answer(parameters.getOrDefault("query", ""), samples, Instant.now()));
    }

    /** The answer of each step; series come and go between them. */
    private Map<String, Object> range(Map<String, String> parameters) {
        Instant end = time(parameters, "end");
        Duration step = Duration.between(Instant.EPOCH, time(parameters, "step"));
        if (!step.isPositive()) {
            throw new QueryRefused("step must be above 0");
        }
        Map<Labels, List<Object>> series = new LinkedHashMap<>();
        for (Instant at = time(parameters, "start"); !at.isAfter(end); at = at.plus(step)) {
            double seconds = at.toEpochMilli() / 1000.0;
            Evaluation.answer(parameters.getOrDefault("query", ""), samples, at)
                    .forEach(
                            point ->
                                    series.computeIfAbsent(point.labels(), _ -> new ArrayList<>())
                                            .add(List.of(seconds, text(point.value()))));
        }
        return Map.of(
                "resultType",
                "matrix",
                "result",
                series.entrySet().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "metric",
                                                one.getKey().values(),
                                                "values",
                                                one.getValue()))
                        .toList());
    }

    private static Instant time(Map<String, String> parameters, String name) {
        try {
            return Instant.ofEpochMilli(
                    new BigDecimal(parameters.getOrDefault(name, ""))
                            .movePointRight(3)
                            .longValue());
        } catch (NumberFormatException _) {
            throw new QueryRefused(name + " must be a number of seconds");
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

    /** The parameters, in the URL or in a form, as Prometheus takes them. */
    private static Map<String, String> parameters(HttpExchange exchange) throws IOException {
        String form =
                exchange.getRequestMethod().equals("POST")
                        ? new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        : exchange.getRequestURI().getRawQuery();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : form == null ? new String[0] : form.split("&", -1)) {
            int at = parameter.indexOf('=');
            if (at > 0) {
                parameters.put(
                        parameter.substring(0, at),
                        URLDecoder.decode(parameter.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
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
