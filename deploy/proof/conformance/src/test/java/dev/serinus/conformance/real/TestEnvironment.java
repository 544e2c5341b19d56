package dev.serinus.conformance.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A Prometheus that finds every application well, and a gate that somebody may open. */
final class TestEnvironment implements AutoCloseable {

    private static final String WELL =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                    + "[{\"metric\":{},\"value\":[1,\"100\"]}]}}";

    private final HttpServer server;
    private volatile boolean open;

    TestEnvironment() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, 200, WELL));
        server.createContext(
                "/handover-waiting/gate",
                exchange -> answer(exchange, open ? 200 : 403, open ? "open" : "closed"));
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void openTheGate() {
        open = true;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
