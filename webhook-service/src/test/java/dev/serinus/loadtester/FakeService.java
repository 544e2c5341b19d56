package dev.serinus.loadtester;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A service that runs tests for others: a real HTTP server that keeps what it was asked. */
final class FakeService implements AutoCloseable {

    /**
     * What was asked.
     *
     * @param target path and query
     * @param headers by their names in small letters
     */
    record Asked(String method, String target, Map<String, String> headers, String body) {

        String line() {
            return method + " " + target;
        }
    }

    /** What is answered. */
    record Told(int status, String body) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    FakeService(Function<Asked, Told> answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    Map<String, String> headers = new TreeMap<>();
                    exchange.getRequestHeaders()
                            .forEach(
                                    (name, all) ->
                                            headers.put(
                                                    name.toLowerCase(Locale.ROOT), all.getFirst()));
                    var question =
                            new Asked(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    headers,
                                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    asked.add(question);
                    Told told = answers.apply(question);
                    byte[] body = told.body().getBytes(UTF_8);
                    exchange.sendResponseHeaders(
                            told.status(), body.length == 0 ? -1 : body.length);
                    if (body.length > 0) {
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> lines() {
        return asked.stream().map(Asked::line).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
