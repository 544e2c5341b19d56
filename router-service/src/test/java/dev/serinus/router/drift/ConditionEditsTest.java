package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Edits of what tells those apart who meet the canary, while they meet it. */
class ConditionEditsTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml").withDrift();

    @BeforeEach
    void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void analysis(String yaml) {
        cluster.edit(
                Kind.CANARY, "podinfo", it -> it.spec().set("analysis", read("{" + yaml + "}")));
    }

    private static JsonNode read(String yaml) {
        try {
            return YAML.readTree("{interval: 10s, threshold: 2, " + yaml.substring(1));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(yaml, malformed);
        }
    }

    private RouterResult toWhoMatches(long step) {
        return cluster.ask(
                cluster.command(RouterAction.SHIFT, step).setCanaryWeight(100).setMatched(true));
    }

    private JsonNode rules() {
        return cluster.get(Istio.VIRTUAL_SERVICE, "podinfo").at("/spec/http");
    }

    private List<Integer> weights() {
        return rules().valueStream().map(rule -> rule.at("/route/1/weight").asInt()).toList();
    }

    private void analysing() {
        analysis("iterations: 4, match: [{headers: {x-canary: {exact: insider}}}]");
        cluster.settle();
        assertThat(toWhoMatches(4).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weights()).containsExactly(100, 0);
    }

    @Test
    void othersMeetTheCanaryAtOnce() {
        // Given
        analysing();
        // When
        analysis("iterations: 4, match: [{headers: {x-beta: {exact: 'yes'}}}]");
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(rules().at("/0/match/0/headers").toString())
                                        .contains("x-beta")
                                        .doesNotContain("x-canary"));
        assertThat(weights()).containsExactly(100, 0);
    }

    @Test
    void aCookieThatIsAskedForIsGivenAtOnce() {
        // Given
        analysing();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().path("analysis"))
                                .putObject("sessionAffinity")
                                .put("cookieName", "stays"));
        // Then
        await().untilAsserted(() -> assertThat(rules().toString()).contains("stays"));
    }

    @Test
    void withoutAnyEverybodyIsThePrimarys() {
        // Given
        analysing();
        // When
        analysis("stepWeight: 10, maxWeight: 50");
        // Then
        await().untilAsserted(() -> assertThat(weights()).containsExactly(0));
        assertThat(rules().at("/0/route/0/weight").asInt()).isEqualTo(100);
        // When
        var again = toWhoMatches(5);
        // Then
        assertThat(again.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(again.getBecause()).contains("everybody would");
        assertThat(weights()).containsExactly(0);
        // When
        var share = cluster.shift(6, 10);
        // Then
        assertThat(share.getCanaryWeight()).isEqualTo(10);
        assertThat(weights()).containsExactly(10);
    }

    /** All else of the manifest is carried out, as is what leads there. */
    @Test
    void withAnotherPortThatIsServedToo() {
        // Given
        analysing();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    it.spec().set("analysis", read("{iterations: 4}"));
                    ((ObjectNode) it.spec().path("service")).put("timeout", "7s");
                });
        // Then
        await().untilAsserted(() -> assertThat(rules().toString()).contains("7s"));
        assertThat(weights()).containsExactly(0);
    }

    /** What nobody remembers is read from the route. */
    @Test
    void whoeverStartsAnewLeadsNobodyEither() {
        // Given
        analysing();
        // When
        cluster.reach("Progressing");
        cluster.restart(() -> analysis("stepWeight: 10, maxWeight: 50")).withDrift();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("timeout", "7s"));
        // Then
        await().untilAsserted(() -> assertThat(rules().toString()).contains("7s"));
        assertThat(weights()).containsExactly(0);
    }

    /** Then nobody is led there: whoever commands it is to say where they go. */
    @Test
    void whereThePrimaryDoesNotServeWhoMatchesStaysWithTheCanary() {
        // Given
        analysing();
        cluster.serve("podinfo-primary", 0);
        cluster.settle();
        // When
        analysis("stepWeight: 10, maxWeight: 50");
        // Then
        await().untilAsserted(
                        () -> assertThat(notes()).anyMatch(it -> it.contains("everybody would")));
        assertThat(weights()).containsExactly(100, 0);
    }

    private List<String> notes() {
        return cluster.objects().list(Kind.EVENT, PretendCluster.NAMESPACE, Map.of()).stream()
                .map(it -> it.at("/message").asText())
                .toList();
    }
}
