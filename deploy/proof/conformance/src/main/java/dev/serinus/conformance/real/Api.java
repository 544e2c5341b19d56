package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API server by its addresses, in trees: what comes is what was sent, which no model of its
 * kinds has touched.
 */
final class Api {

    private static final long PATIENCE = 60;
    private static final int NOT_FOUND = 404;
    private static final int OK_BELOW = 300;

    /** The API server said no. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int code;

        Refused(int code, String because) {
            super(because);
            this.code = code;
        }

        boolean notFound() {
            return code == NOT_FOUND;
        }

        int code() {
            return code;
        }
    }

    private final HttpClient http;
    private final String server;

    Api(KubernetesClient client) {
        this.http = client.getHttpClient();
        this.server = client.getMasterUrl().toString().replaceAll("/+$", "");
    }

    JsonNode get(String path) {
        return send("GET", path, null, "application/json");
    }

    /** Null when there is none. */
    @Nullable JsonNode find(String path) {
        try {
            return get(path);
        } catch (Refused refused) {
            if (refused.notFound()) {
                return null;
            }
            throw refused;
        }
    }

    JsonNode create(String path, JsonNode object) {
        return send("POST", path, object, "application/json");
    }

    JsonNode replace(String path, JsonNode object) {
        return send("PUT", path, object, "application/json");
    }

    JsonNode merge(String path, JsonNode patch) {
        return send("PATCH", path, patch, "application/merge-patch+json");
    }

    /** Lists of objects with names are merged by name. */
    JsonNode strategicMerge(String path, JsonNode patch) {
        return send("PATCH", path, patch, "application/strategic-merge-patch+json");
    }

    JsonNode delete(String path) {
        var options = Json.object().put("kind", "DeleteOptions").put("apiVersion", "v1");
        return send(
                "DELETE", path, options.put("propagationPolicy", "Background"), "application/json");
    }

    /** The lines of a watch; whoever asks for them closes them. */
    BufferedReader lines(String path) throws IOException {
        var request = http.newHttpRequestBuilder().uri(server + path).build();
        HttpResponse<InputStream> response = await(http.sendAsync(request, InputStream.class));
        if (response.code() >= OK_BELOW) {
            response.body().close();
            throw new Refused(response.code(), "watch of " + path);
        }
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private JsonNode send(String verb, String path, @Nullable JsonNode body, String type) {
        var request =
                http.newHttpRequestBuilder()
                        .uri(server + path)
                        .method(verb, type, body == null ? null : body.toString())
                        .build();
        HttpResponse<String> response;
        try {
            response = await(http.sendAsync(request, String.class));
        } catch (IOException trouble) {
            throw new Refused(0, verb + " " + path + ": " + trouble.getMessage());
        }
        String text = response.body() == null ? "" : response.body();
        if (response.code() >= OK_BELOW) {
            throw new Refused(response.code(), message(text, verb + " " + path));
        }
        return Json.read(text);
    }

    private static String message(String text, String otherwise) {
        try {
            return Json.read(text).path("message").asText(otherwise);
        } catch (IllegalArgumentException _) {
            return otherwise + ": " + text;
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } catch (TimeoutException _) {
            future.cancel(true);
            throw new IOException("no answer within " + PATIENCE + " s");
        } catch (ExecutionException trouble) {
            throw new IOException(String.valueOf(trouble.getCause()), trouble.getCause());
        }
    }
}
