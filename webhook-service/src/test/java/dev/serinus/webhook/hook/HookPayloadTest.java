package dev.serinus.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

class HookPayloadTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Bodies that Flagger really sent, one of each type of hook and several events. */
    static Stream<String> sentByFlagger() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/bodies-sent-by-flagger-1.44.jsonl"))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("sentByFlagger")
    void sendsWhatFlaggerSendsByteForByte(String sent) throws Exception {
        JsonNode body = JSON.readTree(sent);
        Map<String, String> metadata =
                body.has("metadata")
                        ? JSON.convertValue(body.get("metadata"), new TypeReference<>() {})
                        : Map.of();
        Map<String, String> own = new TreeMap<>(metadata);
        var call =
                Calls.of(HookType.ROLLOUT, "any")
                        .setPhase(body.get("phase").asText())
                        .setChecksum(body.get("checksum").asText());
        if (own.containsKey("eventMessage")) {
            call.setType(HookType.EVENT)
                    .setEvent(
                            new EventText(
                                    own.remove("eventMessage"),
                                    own.remove("eventType"),
                                    Long.parseLong(own.remove("timestamp"))));
        }
        var canary =
                new CanaryKey("lab", body.get("namespace").asText(), body.get("name").asText());

        assertThat(HookPayload.of(canary, call.build(), own)).isEqualTo(sent);
    }

    @Test
    void howFarTheRolloutIsIsSaidInAFieldOfItsOwn() throws Exception {
        var call = Calls.of(HookType.ROLLOUT, "load").setRollout(rollout(2_500)).build();

        var body = JSON.readTree(HookPayload.of(Calls.CANARY, call, Map.of()));

        assertThat(body.path("serinus.dev/rollout"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"run": 1, "step": 7, "phase": "Progressing", "revision": "0a1b2c3d4e",
                                 "canaryWeight": 25, "primaryWeight": 75, "iteration": 3, "images": ["app:2"]}\
                                """));
    }

    @Test
    void whatIsOnlyTriedIsSaidToBe() throws Exception {
        var facts = RolloutFacts.newBuilder(rollout(2_500)).setDryRun(true).build();
        var call = Calls.of(HookType.EVENT, "feed").setRollout(facts).build();

        var body = JSON.readTree(HookPayload.of(Calls.CANARY, call, Map.of()));

        assertThat(body.at("/serinus.dev~1rollout/dryRun").asBoolean()).isTrue();
        assertThat(body.at("/serinus.dev~1rollout/phase").asText()).isEqualTo("Progressing");
    }

    @Test
    void whatAManifestNamesIsPutIntoMetadataAndAddress() {
        var call = Calls.of(HookType.ROLLOUT, "load").setRollout(rollout(1_250)).build();
        var hook =
                new Hook(
                        "load",
                        HookType.ROLLOUT,
                        "http://tests/{{ phase }}/{{revision}}?weight={{ canaryWeight }}",
                        null,
                        0,
                        false,
                        Map.of(
                                "cmd",
                                "run.sh {{ canaryWeight }} {{primaryWeight}} {{ run }} {{ iteration"
                                        + " }}",
                                "format",
                                "{{ .Names }} {{ $x }} {{ target }} {{ canaryWeight | quote }}"));

        var told = HookFacts.of(call).in(hook);

        assertThat(told.url()).isEqualTo("http://tests/Progressing/0a1b2c3d4e?weight=12.5");
        assertThat(told.metadata())
                .containsEntry("cmd", "run.sh 12.5 87.5 1 3")
                .as("templates of others stay as they are")
                .containsEntry(
                        "format", "{{ .Names }} {{ $x }} {{ target }} {{ canaryWeight | quote }}");
    }

    @Test
    void aCallOfAReleaseThatDidNotSayIsMadeAsWritten() {
        var call = Calls.of(HookType.ROLLOUT, "load").build();
        var hook =
                new Hook(
                        "load",
                        HookType.ROLLOUT,
                        "http://tests",
                        null,
                        0,
                        false,
                        Map.of("w", "{{ run }}"));

        assertThat(HookFacts.of(call).in(hook)).isEqualTo(hook);
    }

    private static RolloutFacts rollout(int basisPoints) {
        return new RolloutFacts(
                "0a1b2c3d4e", basisPoints, 10_000 - basisPoints, 3, false, List.of("app:2"));
    }

    @Test
    void metadataOfTheManifestCannotOverrideWhatAnEventSays() {
        var call =
                Calls.of(HookType.EVENT, "feed")
                        .setEvent(new EventText("New revision detected!", "Normal", 1_000L))
                        .build();

        assertThat(
                        HookPayload.of(
                                Calls.CANARY,
                                call,
                                Map.of("eventMessage", "forged", "team", "checkout")))
                .contains("\"eventMessage\":\"New revision detected!\"", "\"team\":\"checkout\"")
                .doesNotContain("forged");
    }
}
