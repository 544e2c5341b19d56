package dev.serinus.cli.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.serinus.schemas.telemetry.PrintableText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** The API of a hub. A token goes to this server alone: no redirect is followed. */
final class Hub implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Longer than the hub waits for a decision. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Where a hub that takes nothing does not say for how long. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private final String server;
    private final @Nullable String token;

    /** How long a hub may still read the rollouts after its start. */
    private Duration start = Duration.ofMinutes(2);

    Hub(String server, @Nullable String token) {
        this.server = server.replaceFirst("/+$", "");
        this.token = token;
    }

    /** Where it is, without a slash at its end. */
    String address() {
        return server;
    }

    /** What the hub answered. */
    record Answer(int status, JsonNode body, @Nullable String location, Duration retryAfter) {

        /** In words, where it is a problem. */
        String words() {
            String detail = body.path("detail").asText(body.path("error").asText(""));
            return detail.isEmpty() ? "the hub answered with status " + status : detail;
        }

        /** The same as an end. */
        HubTrouble trouble() {
            return new HubTrouble(ExitCodes.of(status), words());
        }
    }

    /** Who asks again by himself is told at once that the hub still reads the rollouts. */
    void waitsForNoStart() {
        start = Duration.ZERO;
    }

    /** What is there, once the hub has read the rollouts where it has just started. */
    Answer get(String path) throws HubTrouble {
        long end = System.nanoTime() + start.toNanos();
        while (true) {
            var answer = send(request(path).GET().build());
            boolean notReady = answer.status() == 503 && answer.body().path("notReady").asBoolean();
            if (!notReady || System.nanoTime() - end >= 0) {
                return answer;
            }
            try {
                Thread.sleep(answer.retryAfter());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new HubTrouble(ExitCodes.HUB, "interrupted");
            }
        }
    }

    Answer get(String path, Map<String, String> query) throws HubTrouble {
        String text =
                query.entrySet().stream()
                        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&"));
        return get(text.isEmpty() ? path : path + "?" + text);
    }

    /** Asks for something, under a key by which it may be repeated. */
    Answer post(String path, JsonNode body, String key) throws HubTrouble {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
    }

    private HttpRequest.Builder request(String path) throws HubTrouble {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(server + path)).timeout(ANSWER);
        } catch (IllegalArgumentException noAddress) {
            throw new HubTrouble(
                    ExitCodes.USAGE,
                    "--server must be an address such as https://serinus.example, found '%s'"
                            .formatted(server));
        }
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest request) throws HubTrouble {
        HttpResponse<String> answer;
        try {
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException away) {
            String why = String.valueOf(away.getMessage());
            throw new HubTrouble(
                    ExitCodes.HUB,
                    "%s does not answer%s".formatted(server, why.equals("null") ? "" : ": " + why));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new HubTrouble(ExitCodes.HUB, "interrupted");
        }
        return new Answer(
                answer.statusCode(),
                parsed(answer),
                answer.headers().firstValue("Location").orElse(null),
                retryAfter(answer.headers().firstValue("Retry-After").orElse("")));
    }

    /** A date, which a proxy may send in place of seconds, is not worth a clock. */
    private static Duration retryAfter(String text) {
        return text.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(text)) : RETRY_AFTER;
    }

    private JsonNode parsed(HttpResponse<String> answer) throws HubTrouble {
        try {
            JsonNode body = JSON.readTree(answer.body());
            return body == null ? JSON.createObjectNode() : printable(body);
        } catch (JsonProcessingException somethingElse) {
            throw new HubTrouble(
                    ExitCodes.HUB,
                    "%s is no hub: it answered with status %d and no JSON"
                            .formatted(server, answer.statusCode()));
        }
    }

    /** Nothing that a hub answers gives orders to a terminal. */
    private static JsonNode printable(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(PrintableText.of(text.asText()));
            case ObjectNode object -> {
                object.properties().forEach(field -> field.setValue(printable(field.getValue())));
                yield object;
            }
            case ArrayNode list -> {
                for (int place = 0; place < list.size(); place++) {
                    list.set(place, printable(list.get(place)));
                }
                yield list;
            }
            default -> node;
        };
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
