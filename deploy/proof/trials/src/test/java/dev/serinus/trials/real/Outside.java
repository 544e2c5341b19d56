package dev.serinus.trials.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A Prometheus, hooks and a chat. {@code /secured} answers only whoever knows the secret of the
 * MetricTemplate.
 */
public final class Outside implements AutoCloseable {

    private static final String CREDENTIALS =
            "Basic " + Base64.getEncoder().encodeToString("prometheus:s3cret".getBytes(UTF_8));

    private static final Pattern WORKLOAD = Pattern.compile("workload=\"([^\"]+)\"");

    private final HttpServer server;
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private volatile String value = "100";

    public Outside() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What every metric is from now on. */
    public void measures(String number) {
        value = number;
    }

    /** What it is of one workload, where the query asks for {@code workload="NAME"}. */
    void measures(String workload, String number) {
        values.put(workload, number);
    }

    /** Which paths were asked for and answered with a success. */
    List<String> paths() {
        return List.copyOf(paths);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean known =
                    !path.startsWith("/secured/")
                            || CREDENTIALS.equals(
                                    exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getRequestBody().readAllBytes();
            byte[] body = body(path, parameters(exchange)).getBytes(UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            if (known) {
                paths.add(path);
            }
        }
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null
                ? Map.of()
                : Stream.of(query.split("&"))
                        .map(it -> it.split("=", 2))
                        .collect(
                                Collectors.toMap(
                                        it -> it[0], it -> URLDecoder.decode(it[1], UTF_8)));
    }

    private String body(String path, Map<String, String> asked) {
        if (path.endsWith("/api/v1/query")) {
            return result("vector", "\"value\":[0,\"%s\"]".formatted(number(asked)));
        }
        return path.endsWith("/api/v1/query_range") ? range(asked) : "ok";
    }

    private String range(Map<String, String> asked) {
        double end = Double.parseDouble(asked.get("end"));
        double step = Double.parseDouble(asked.get("step"));
        var samples =
                DoubleStream.iterate(
                                Double.parseDouble(asked.get("start")),
                                at -> at <= end,
                                at -> at + step)
                        .mapToObj(at -> "[%s,\"%s\"]".formatted(at, number(asked)))
                        .collect(Collectors.joining(","));
        return result("matrix", "\"values\":[%s]".formatted(samples));
    }

    private String number(Map<String, String> asked) {
        String query = asked.getOrDefault("query", "");
        if (query.contains("vector(1)")) {
            return "1";
        }
        var workload = WORKLOAD.matcher(query);
        return workload.find() ? values.getOrDefault(workload.group(1), value) : value;
    }

    private static String result(String type, String series) {
        return """
        {"status":"success","data":{"resultType":"%s","result":[{"metric":{},%s}]}}
        """
                .formatted(type, series);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
