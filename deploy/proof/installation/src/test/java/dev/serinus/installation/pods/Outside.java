package dev.serinus.installation.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A chat that keeps what it is told, and a gate that somebody opens and closes. */
final class Outside implements AutoCloseable {

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private volatile boolean open = true;

    Outside() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext(
                "/",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    boolean chat = exchange.getRequestURI().getPath().equals("/chat");
                    if (chat) {
                        told.add(body);
                    }
                    exchange.sendResponseHeaders(chat || open ? 200 : 403, -1);
                    exchange.close();
                });
        http.start();
    }

    String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    void openTheGate(boolean now) {
        open = now;
    }

    /** All messages, in the order in which they came. */
    List<String> told() {
        return List.copyOf(told);
    }

    long told(String part) {
        return told.stream().filter(message -> message.contains(part)).count();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
