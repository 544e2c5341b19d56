package dev.serinus.demo.traffic;

import com.sun.net.httpserver.HttpExchange;

import dev.serinus.demo.cluster.Pod;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Sends requests on to pods, and their answers back. */
final class Upstream implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    /** Answers with what the pod answers, or 502 where it does not. */
    void forward(HttpExchange exchange, Pod pod) throws IOException {
        try {
            var request =
                    HttpRequest.newBuilder(
                                    pod.address().resolve(exchange.getRequestURI().getPath()))
                            .timeout(PATIENCE)
                            .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            for (String header : List.of("X-Version", "X-Pod")) {
                answer.headers()
                        .firstValue(header)
                        .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
            }
            exchange.sendResponseHeaders(
                    answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IOException noAnswer) {
            refuse(exchange, 502, "the pod did not answer");
        }
    }

    static void refuse(HttpExchange exchange, int status, String because) throws IOException {
        byte[] body = (because + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
