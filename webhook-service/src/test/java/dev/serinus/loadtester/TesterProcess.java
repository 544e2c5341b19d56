package dev.serinus.loadtester;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;

/** A load tester as its own process would run it, and a caller of it. */
public final class TesterProcess implements AutoCloseable {

    private final EmbeddedServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    private TesterProcess(EmbeddedServer server) {
        this.server = server;
    }

    /** With these properties; {@code test.api-server} is the address of its cluster. */
    public static TesterProcess with(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("serinus.service", "loadtester");
        all.put("micronaut.server.host", "127.0.0.1");
        all.put("micronaut.server.port", -1);
        all.put("micronaut.server.thread-selection", "blocking");
        all.put("micronaut.server.max-request-size", 262_144);
        return new TesterProcess(ApplicationContext.run(EmbeddedServer.class, all));
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        return http.send(request(method, path, body, headers), BodyHandlers.ofString(UTF_8));
    }

    HttpRequest request(String method, String path, String body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
                        .method(method, BodyPublishers.ofString(body))
                        // As curl -d has it.
                        .header("Content-Type", "application/x-www-form-urlencoded");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** Where it listens, with a slash at the end. */
    public String address() {
        return "http://127.0.0.1:" + server.getPort() + "/";
    }

    HttpClient http() {
        return http;
    }

    /** As when the process is told to end. */
    void end() {
        server.getApplicationContext().close();
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
