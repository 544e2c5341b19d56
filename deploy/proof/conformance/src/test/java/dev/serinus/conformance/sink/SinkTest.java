package dev.serinus.conformance.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.schemas.outgoing.SocketMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class SinkTest {

    private final Recorder recorder = new Recorder();

    @Test
    void metricsFollowTheirScriptAndTheLastRepeats() {
        Sink sink = sink("metrics:\n- {match: errors, values: [100, 90.5, null, http500]}\n");

        assertThat(value(sink, "query=rate(errors)")).isEqualTo("100");
        assertThat(value(sink, "query=rate(errors)")).isEqualTo("90.5");
        assertThat(value(sink, "query=rate(errors)")).isEqualTo("nothing");
        assertThat(sink.answer(get("/api/v1/query", "query=errors")).status()).isEqualTo(500);
        assertThat(sink.answer(get("/api/v1/query", "query=errors")).status()).isEqualTo(500);
        assertThat(value(sink, "query=other%0A++thing")).isEqualTo("100");
        assertThat(value(sink, "query=vector%281%29")).isEqualTo("1");

        assertThat(http())
                .contains("{\"query\": \"rate(errors)\", \"answer\": 90.5, \"t\": 0.0}")
                .contains("{\"query\": \"other thing\", \"answer\": 100, \"t\": 0.0}");
    }

    @Test
    void aQueryInAFormIsAQuery() {
        var form =
                new Request("POST", "/api/v1/query", "", List.of(), "query=vector%281%29&time=1");

        assertThat(sink("").answer(form).body()).contains("\"1\"");
    }

    @Test
    void webhooksAnswerTheirCodesWithoutNoise() {
        Sink sink = sink("webhooks: {/gate: [403, 200]}\n");
        var call = new Request("POST", "/gate", "", List.of(), "{\"name\":\"a\",\"uid\":\"b\"}");

        assertThat(sink.answer(call))
                .isEqualTo(new Answer(403, "text/plain", "scripted 403", Duration.ZERO));
        assertThat(sink.answer(call).status()).isEqualTo(200);
        assertThat(sink.answer(call).body()).isEqualTo("OK");
        assertThat(sink.answer(get("/other", "")).status()).isEqualTo(200);

        assertThat(http())
                .first()
                .isEqualTo(
                        "{\"post\": \"/gate\", \"body\": {\"name\": \"a\"}, \"answer\": 403,"
                                + " \"phase\": null, \"t\": 0.0}");
    }

    @Test
    void scriptedAnswersComeFirstAndKeepTheRequest() {
        Sink sink =
                sink(
                        """
                        answers:
                        - path: /api
                          match: "a b"
                          replies: [{json: {x: 1}, status: 201, delay: 2.5}, {text: nothing}]
                        """);
        var asked =
                new Request(
                        "GET",
                        "/api/v1/query",
                        "query=a+b",
                        List.of(
                                new Request.Header("host", "127.0.0.1:1"),
                                new Request.Header("User-Agent", "x"),
                                new Request.Header("Authorization", "Bearer 1"),
                                new Request.Header("Authorization", "Bearer 2")),
                        "");

        assertThat(sink.answer(asked))
                .isEqualTo(
                        new Answer(201, "application/json", "{\"x\": 1}", Duration.ofMillis(2500)));
        assertThat(sink.answer(asked))
                .isEqualTo(new Answer(200, "text/plain", "nothing", Duration.ZERO));
        assertThat(value(sink, "query=a%2Bb")).isEqualTo("100");
        assertThat(http())
                .first()
                .asString()
                .contains(
                        "\"headers\": {\"Authorization\": \"Bearer 1 | Bearer 2\"}, \"body\":"
                                + " null");
    }

    @Test
    void programsOfSignalFlowAreAnsweredOneAfterTheOther() {
        Sink sink =
                sink(
                        """
                        answers:
                        - path: /v2/metric
                          replies: [{json: {}}]
                        - path: /v2/signalflow
                          replies: [{signalflow: [[[7, 2.5]]]}, {signalflow: []}]
                        """);
        var said =
                List.of(
                        "{\"type\": \"authenticate\", \"token\": \"t\"}",
                        "{\"type\": \"execute\", \"channel\": \"ch-1\", \"program\": \"p\"}");

        var first = sink.converse("/v2/signalflow/connect", said);
        var second = sink.converse("/v2/signalflow/connect", said);

        assertThat(first).hasSize(5);
        var data = ((SocketMessage.Binary) first.get(3)).bytes().duplicate();
        assertThat(data.remaining()).isEqualTo(20 + 12 + 17);
        assertThat(data.get(1)).isEqualTo((byte) 5);
        assertThat(data.getInt(28)).isEqualTo(1);
        assertThat(data.getLong(33)).isEqualTo(7);
        assertThat(data.getDouble(41)).isEqualTo(2.5);
        assertThat(first.getLast())
                .asInstanceOf(type(SocketMessage.Text.class))
                .extracting(SocketMessage.Text::text)
                .asString()
                .contains("END_OF_CHANNEL");
        assertThat(second).hasSize(4);
        assertThat(sink.converse("/v2/metric", said)).isEmpty();
        assertThat(http()).hasSize(8).first().asString().contains("\"answer\": \"101\"");
    }

    private static String value(Sink sink, String query) {
        JsonNode results =
                Json.read(sink.answer(get("/api/v1/query", query)).body()).at("/data/result");
        return results.isEmpty() ? "nothing" : results.at("/0/value/1").textValue();
    }

    private static Request get(String path, String query) {
        return new Request("GET", path, query, List.of(), "");
    }

    private List<String> http() {
        return recorder.recording("x", "y", null, 10).http().stream().map(Json::text).toList();
    }

    private Sink sink(String yaml) {
        var scenario = Scenario.read("x", "about: y\n" + yaml, new SinkAddress("h", "s"), _ -> "");
        return new Sink(scenario, recorder, () -> 0);
    }
}
