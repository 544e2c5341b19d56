package dev.serinus.trials.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/**
 * What a Service is for its callers: one address, whichever pod is behind it. Where none answers
 * the connection breaks.
 */
final class MovingService implements AutoCloseable {

    private static final List<String> ASKED =
            List.of("Prefer", "Webhook-Id", "Serinus-Timeout", "Content-Type");
    private static final List<String> TOLD =
            List.of("Location", "Retry-After", "Preference-Applied", "Serinus-Test-Report");

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile URI behind;
    private final Queue<String> passed = new ConcurrentLinkedQueue<>();

    MovingService(URI behind) throws IOException {
        this.behind = behind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    void moveTo(URI other) {
        behind = other;
    }

    /** How many calls that begin so were answered by whoever is behind it. */
    long passed(String beginning) {
        return passed.stream().filter(each -> each.startsWith(beginning)).count();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request =
                    HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
                            .method(
                                    exchange.getRequestMethod(),
                                    BodyPublishers.ofByteArray(
                                            exchange.getRequestBody().readAllBytes()));
            for (String name : ASKED) {
                String value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            }
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            for (String name : TOLD) {
                answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            }
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            passed.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
