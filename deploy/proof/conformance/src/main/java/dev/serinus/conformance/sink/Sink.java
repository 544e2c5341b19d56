package dev.serinus.conformance.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.IgnoredFields;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.scenario.AnswerRule;
import dev.serinus.conformance.scenario.MetricRule;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.schemas.outgoing.SocketMessage;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * All servers that one scenario's canaries talk to: what they answer depends on the scenario, the
 * request and how often it came. Each request is recorded. May be asked from several threads.
 */
public final class Sink {

    /**
     * Headers that say nothing of what is compared: those that every client sends in its own way,
     * and the key by which a receiver knows a repeated message, which Flagger does not send.
     */
    private static final Set<String> NOT_COMPARED =
            Set.of(
                    "user-agent",
                    "accept-encoding",
                    "content-length",
                    "connection",
                    "idempotency-key");

    private static final String SIGNALFLOW = "signalflow";
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Scenario scenario;
    private final Recorder recorder;
    private final DoubleSupplier clock;
    private final Map<String, Integer> used = new HashMap<>();

    /**
     * @param clock of the recording, in seconds
     */
    public Sink(Scenario scenario, Recorder recorder, DoubleSupplier clock) {
        this.scenario = scenario;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Answers a request and writes it down. */
    public synchronized Answer answer(Request request) {
        String said = URLDecoder.decode(lenient(request.query()), UTF_8) + request.body();
        // Scripted answers come first: they keep the whole request.
        for (AnswerRule rule : scenario.answers()) {
            if (request.path().startsWith(rule.path()) && said.contains(rule.match())) {
                return scripted(rule, request);
            }
        }
        String query = query(request);
        return request.path().endsWith("/api/v1/query") && query != null && !query.isEmpty()
                ? measured(query)
                : called(request);
    }

    /**
     * What is said over a WebSocket to whoever says this, for programs of SignalFlow; nothing where
     * the scenario has no such server.
     */
    public synchronized List<SocketMessage> converse(String path, List<String> said) {
        var rule =
                scenario.answers().stream()
                        .filter(each -> path.startsWith(each.path()))
                        .filter(each -> each.replies().getFirst().has(SIGNALFLOW))
                        .findFirst();
        if (rule.isEmpty()) {
            return List.of();
        }
        ObjectNode opened = Json.object().put("method", "GET").put("path", path);
        opened.putObject("headers")
                .put("Connection", "Upgrade")
                .put("Sec-WebSocket-Version", "13")
                .put("Upgrade", "websocket");
        record(opened.put("answer", "101").put("phase", recorder.phase()));
        List<SocketMessage> answers = new ArrayList<>();
        for (String text : said) {
            JsonNode message = Json.read(text);
            ObjectNode entry = Json.object().put("path", path).put("phase", recorder.phase());
            record(entry.set("websocket", message));
            switch (message.path("type").asText()) {
                case "authenticate" -> answers.add(SignalFlow.authenticated());
                case "execute" -> {
                    JsonNode frames =
                            next("socket " + rule.get().path(), rule.get().replies())
                                    .path(SIGNALFLOW);
                    ObjectNode answer =
                            Json.object().put("path", path).put("phase", recorder.phase());
                    record(answer.set("websocket answer", frames));
                    answers.addAll(
                            SignalFlow.answer(
                                    message.path("channel").asText(),
                                    frames,
                                    Math.round(clock.getAsDouble() * 1000)));
                }
                default -> {}
            }
        }
        return answers;
    }

    private Answer scripted(AnswerRule rule, Request request) {
        JsonNode reply = next("answer " + rule.path() + " " + rule.match(), rule.replies());
        ObjectNode entry = Json.object();
        entry.put("method", request.method())
                .put("path", request.path())
                .put("query", request.query());
        entry.set("headers", headers(request));
        entry.put("body", request.body().isEmpty() ? null : request.body());
        entry.set("answer", reply);
        record(entry.put("phase", recorder.phase()));
        boolean json = reply.has("json");
        return new Answer(
                reply.path("status").asInt(200),
                reply.path("type").asText(json ? "application/json" : "text/plain"),
                json ? Json.text(reply.get("json")) : reply.path("text").asText(""),
                Duration.ofMillis(Math.round(reply.path("delay").asDouble() * 1000)));
    }

    private static ObjectNode headers(Request request) {
        ObjectNode kept = Json.object();
        for (var header : request.headers()) {
            String name = header.name();
            boolean ours = name.equalsIgnoreCase("Host") && header.value().startsWith("127.0.0.1");
            if (!ours && !NOT_COMPARED.contains(name.toLowerCase(Locale.ROOT))) {
                kept.put(
                        name,
                        kept.has(name)
                                ? kept.path(name).asText() + " | " + header.value()
                                : header.value());
            }
        }
        return kept;
    }

    private Answer measured(String query) {
        MetricRule rule =
                scenario.metrics().stream()
                        .filter(each -> query.contains(each.match()))
                        .findFirst()
                        .orElseGet(() -> healthy(query));
        JsonNode value = next("metric " + rule.match(), rule.values());
        ObjectNode entry = Json.object().put("query", SPACE.matcher(query).replaceAll(" "));
        record(entry.set("answer", value));
        if (value.isTextual() && value.asText().startsWith("http")) {
            return answer(Integer.parseInt(value.asText().substring(4)), "text/plain", "broken");
        }
        var result = Json.object().arrayNode();
        if (!value.isNull()) {
            ObjectNode series = Json.object();
            series.putObject("metric");
            series.putArray("value").add(clock.getAsDouble()).add(value.asText());
            result.add(series);
        }
        ObjectNode reply = Json.object().put("status", "success");
        reply.putObject("data").put("resultType", "vector").set("result", result);
        return answer(200, "application/json", Json.text(reply));
    }

    private static MetricRule healthy(String query) {
        return new MetricRule("", List.of(Json.tree(query.equals("vector(1)") ? 1 : 100)));
    }

    private Answer called(Request request) {
        List<Integer> codes = scenario.webhooks().getOrDefault(request.path(), List.of(200));
        int code = next("webhook " + request.path(), codes);
        ObjectNode entry = Json.object().put("post", request.path());
        entry.set("body", body(request.body()));
        record(entry.put("answer", code).put("phase", recorder.phase()));
        return answer(code, "text/plain", code == 200 ? "OK" : "scripted " + code);
    }

    private static @Nullable JsonNode body(String body) {
        if (body.isEmpty()) {
            return null;
        }
        try {
            return IgnoredFields.without(Json.read(body));
        } catch (IllegalArgumentException _) {
            return Json.tree(body);
        }
    }

    private static Answer answer(int status, String type, String body) {
        return new Answer(status, type, body, Duration.ZERO);
    }

    private void record(ObjectNode entry) {
        recorder.http(entry, clock.getAsDouble());
    }

    private <T> T next(String script, List<T> replies) {
        int turn = used.merge(script, 1, Integer::sum) - 1;
        return replies.get(Math.min(turn, replies.size() - 1));
    }

    /** The Prometheus query in the address or in a form. */
    private static @Nullable String query(Request request) {
        String inAddress = parameter(request.query());
        return inAddress == null ? parameter(request.body()) : inAddress;
    }

    private static @Nullable String parameter(String form) {
        for (String pair : form.split("&")) {
            if (pair.startsWith("query=")) {
                return URLDecoder.decode(lenient(pair.substring("query=".length())), UTF_8);
            }
        }
        return null;
    }

    /** A percent sign that begins no escape stands for itself. */
    static String lenient(String encoded) {
        return encoded.replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
    }
}
