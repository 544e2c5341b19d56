package dev.serinus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.mesh.Istio;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Answers what is asked of an API server before anything of Serinus runs. */
final class ApiServerStub implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final int status;
    private final Predicate<JsonNode> allowed;

    /**
     * @param status of every answer; 200 for a server that works
     * @param allowed what a resource's attributes may be for the account to be allowed
     */
    ApiServerStub(int port, int status, Predicate<JsonNode> allowed) throws IOException {
        this.status = status;
        this.allowed = allowed;
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static ClusterConfig at(int port) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + port)
                        .withHttp2Disable(true)
                        .build();
        return new ClusterConfig(config, "the kubeconfig /lab");
    }

    ClusterConfig config() {
        return at(port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = body(path, exchange).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String body(String path, HttpExchange exchange) throws IOException {
        if (path.equals("/version")) {
            return "{\"major\":\"1\",\"minor\":\"34\",\"buildDate\":\"2026-01-01T00:00:00Z\"}";
        }
        if (path.endsWith("/selfsubjectaccessreviews")) {
            JsonNode asked =
                    JSON.readTree(exchange.getRequestBody()).at("/spec/resourceAttributes");
            return "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\",\"status\":{\"allowed\":%s}}"
                    .formatted(allowed.test(asked));
        }
        if (path.equals("/apis/" + Istio.VIRTUAL_SERVICE.apiVersion())) {
            return "{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"virtualservices\"},{\"name\":\"destinationrules\"}]}";
        }
        if (path.equals("/apis")) {
            return "{\"kind\":\"APIGroupList\",\"groups\":[]}";
        }
        return "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/v1\",\"metadata\":{\"name\":\"canaries.flagger.app\"}}";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
