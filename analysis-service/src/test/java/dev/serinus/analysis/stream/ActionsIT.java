package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** People who act over HTTP on the service as a process, which is killed in between. */
class ActionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final CanaryKey CANARY = new CanaryKey("west", "test", "podinfo");
    private static final String PATH = "/api/v1/rollouts/west/test/podinfo";

    @TempDir Path data;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aRunningCanaryIsPausedByOneRequestAndNothingIsDoneTwiceOverAKill() throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            edges.provision(List.of(TopicKind.values()), "west");
            var analysis = AnalysisProcess.start(environment(broker), data.resolve("analysis"));
            try {
                await().atMost(PATIENCE).until(analysis::ready);
                var cluster = new PretendCluster(CANARY, 2_000);
                edges.join(cluster);
                awaitPhase(edges, "Initialized");
                edges.tell(cluster.released("b"));
                awaitPhase(edges, "Progressing");

                JsonNode paused = json(act(analysis, "pause", "k1"), 200);
                json(act(analysis, "resume", "k2"), 200);
                json(act(analysis, "pause", "k3"), 200);
                analysis.kill();
                analysis = analysis.again();
                await().atMost(PATIENCE).until(analysis::ready);
                JsonNode again = json(act(analysis, "pause", "k1"), 200);
                JsonNode resumedAgain = json(act(analysis, "resume", "k2"), 200);
                JsonNode state = json(get(analysis, PATH), 200);
                JsonNode retry = json(act(analysis, "retry", "k4"), 409);
                var asked = analysis;
                await("nothing waits, and all is shown")
                        .atMost(PATIENCE)
                        .untilAsserted(
                                () -> {
                                    JsonNode hub = json(get(asked, "/api/v1/hub"), 200);
                                    assertThat(hub.path("ready").asBoolean()).isTrue();
                                    assertThat(hub.path("inputsBehind").toString()).isEqualTo("0");
                                    assertThat(hub.path("viewBehind").toString()).isEqualTo("0");
                                });

                assertThat(paused.path("outcome").asText()).isEqualTo("done");
                assertThat(paused.path("actor").asText()).isEqualTo("ada");
                assertThat(paused.at("/rollout/held").asBoolean()).isTrue();
                assertThat(again.path("sequence")).isEqualTo(paused.path("sequence"));
                assertThat(resumedAgain.path("outcome").asText()).isEqualTo("done");
                assertThat(state.at("/rollout/held").asBoolean()).isTrue();
                assertThat(state.at("/rollout/waitingOn").asText()).isEqualTo("person");
                assertThat(state.at("/spent/on").asText()).isEqualTo("person");
                assertThat(retry.path("possible").toString()).contains("resume", "abort");
                assertThat(edges.<RolloutEvent>read(TopicKind.ROLLOUT_EVENTS, ""))
                        .extracting(RolloutEvent::getType)
                        .filteredOn(type -> type.equals("Paused") || type.equals("Resumed"))
                        .containsExactly("Paused", "Resumed", "Paused");
            } finally {
                analysis.close();
            }
        }
    }

    private Map<String, String> environment(EmbeddedBroker broker) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("secret".getBytes(UTF_8));
        Path tokens =
                Files.writeString(
                        data.resolve("tokens"), "ada sha256:" + HexFormat.of().formatHex(hash));
        Path rules =
                Files.writeString(
                        data.resolve("rules.yaml"),
                        "rules: [{users: [ada], verbs: ['*'], clusters: [west]}]");
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "SERINUS_API_TOKENS_FILE",
                tokens.toString(),
                "SERINUS_API_RULES_FILE",
                rules.toString());
    }

    private static void awaitPhase(Edges edges, String phase) {
        await("it is " + phase).atMost(PATIENCE).until(() -> edges.phase(CANARY).equals(phase));
    }

    private HttpResponse<String> act(AnalysisProcess analysis, String action, String key)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(analysis.uri(PATH + "/actions"))
                        .header("Authorization", "Bearer secret")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"action\": \"%s\"}".formatted(action)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(AnalysisProcess analysis, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(analysis.uri(path))
                        .header("Authorization", "Bearer secret")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }
}
