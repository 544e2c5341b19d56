package dev.serinus.dataplane.story;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * What Canaries ask, by the hooks of their manifests, before more traffic goes to the new version:
 * a step lasts until it was seen to be served for long enough, however long that takes.
 */
public final class Gates implements AutoCloseable {

    private final HttpServer http;
    private final Map<String, BooleanSupplier> conditions = new ConcurrentHashMap<>();

    private Gates(HttpServer http) {
        this.http = http;
    }

    /** On a free loopback port; all gates are open. */
    public static Gates start() {
        try {
            var http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var gates = new Gates(http);
            http.createContext("/", gates::answer);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.start();
            return gates;
        } catch (IOException noPort) {
            throw new UncheckedIOException("no loopback port for the gates", noPort);
        }
    }

    /** The gate of an application is at its name below this. */
    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** From now on an application's gate is open only while this is so. */
    void openWhile(String name, BooleanSupplier condition) {
        conditions.put("/" + name, condition);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean open =
                    conditions
                            .getOrDefault(exchange.getRequestURI().getPath(), () -> true)
                            .getAsBoolean();
            byte[] said =
                    (open ? "go on" : "this step was not served for long enough yet")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(open ? 200 : 403, said.length);
            exchange.getResponseBody().write(said);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
