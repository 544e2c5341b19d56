package dev.serinus.schemas.wire;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_INTERNAL_ERROR;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * The Confluent REST API as HTTP. Tries the registry's addresses in order. After all of them failed
 * it does not try for a while, which grows: everyone who waits for a schema asks again and again.
 */
final class RegistryHttp {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final RegistrySettings settings;
    private final HttpClient client;
    private volatile Duration rest = FIRST_REST;
    private volatile long restsUntil = System.nanoTime();

    RegistryHttp(RegistrySettings settings) {
        this.settings = settings;
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** The answer's text; empty when there is no such thing. */
    Optional<String> get(String path) {
        return ask(path, null);
    }

    /** The answer's text; empty when there is no such thing. */
    Optional<String> post(String path, String body) {
        return ask(path, body);
    }

    private Optional<String> ask(String path, @Nullable String body) {
        if (System.nanoTime() - restsUntil < 0) {
            throw new RegistryAway("the schema registry did not answer a moment ago");
        }
        for (URI url : settings.urls()) {
            try {
                var answer = client.send(request(url, path, body), BodyHandlers.ofString());
                if (answer.statusCode() < HTTP_INTERNAL_ERROR) {
                    rest = FIRST_REST;
                    return judged(url, answer);
                }
            } catch (IOException unreachable) {
                // The next address may answer; that none does is told below.
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new RegistryAway("the schema registry was not waited for");
            }
        }
        restsUntil = System.nanoTime() + rest.toNanos();
        Duration longer = rest.multipliedBy(2);
        rest = longer.compareTo(LONGEST_REST) < 0 ? longer : LONGEST_REST;
        throw new RegistryAway("the schema registry does not answer: " + settings.urls());
    }

    private HttpRequest request(URI url, String path, @Nullable String body) {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER);
        request.header("Accept", MEDIA_TYPE + ", application/json");
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        if (body != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body));
        }
        return request.build();
    }

    private static Optional<String> judged(URI url, HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case HTTP_OK -> Optional.of(answer.body());
            case HTTP_NOT_FOUND -> Optional.empty();
            case HTTP_CONFLICT ->
                    throw new RegistryAway(
                            "the schema registry at %s finds our schema incompatible with an earlier one: %s"
                                    .formatted(url, answer.uri().getPath()));
            // Credentials and permissions can be set right while we wait.
            default ->
                    throw new RegistryAway(
                            "the schema registry at %s answers %d for %s"
                                    .formatted(url, answer.statusCode(), answer.uri().getPath()));
        };
    }
}
