package dev.serinus.trials.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A Prometheus, hooks and a chat. {@code /secured} answers only whoever knows the secret of the
 * MetricTemplate.
 */
public final class Outside implements AutoCloseable {

    private static final String CREDENTIALS =
            "Basic " + Base64.getEncoder().encodeToString("prometheus:s3cret".getBytes(UTF_8));

    private final HttpServer server;
    private final List<String> paths = new CopyOnWriteArrayList<>();
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
    void measures(String number) {
        value = number;
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
            byte[] body =
                    (path.endsWith("/api/v1/query") ? result(exchange) : "ok").getBytes(UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            if (known) {
                paths.add(path);
            }
        }
    }

    private String result(HttpExchange exchange) {
        boolean health = exchange.getRequestURI().getQuery().contains("vector(1)");
        return """
        {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"%s"]}]}}
        """
                .formatted(health ? "1" : value);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
