package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.audit.AuditInMemory;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.keptgate.KeptGates;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.past.PastEvents;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** The hooks of the guides, with the metadata as these have them, answered over HTTP. */
class GateApiTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient http = HttpClient.newHttpClient();

    /** Of the guide for regions, whose clusters may be called otherwise. */
    private static final CanaryKey US =
            new CanaryKey("us-east-1", "production-us-east", "api-gateway-us-east");

    private static final CanaryKey EU =
            new CanaryKey("eu-west-1", "production-eu-west", "api-gateway-eu-west");
    private static final String FROM_EU =
            """
            {"name": "api-gateway-eu-west", "namespace": "production-eu-west", "phase": "Progressing",
             "checksum": "85d557f47b", "type": "pre-rollout",
             "metadata": {"region": "us-east-1", "canary": "api-gateway-us-east"}}
            """;

    /** Of the guide for clusters. */
    private static final CanaryKey FIRST =
            new CanaryKey("primary-cluster", "default", "myapp-primary-cluster");

    private static final CanaryKey SECOND =
            new CanaryKey("secondary-cluster", "default", "myapp-secondary-cluster");
    private static final String FROM_FIRST =
            """
            {"name": "myapp-primary-cluster", "namespace": "default", "phase": "%s",
             "checksum": "85d557f47b", "type": "post-rollout",
             "metadata": {"cluster": "secondary-cluster", "action": "start-canary"}}
            """;
    private static final String FROM_SECOND =
            """
            {"name": "myapp-secondary-cluster", "namespace": "default", "phase": "Progressing",
             "metadata": {"primary-cluster": "primary-cluster", "canary": "myapp-primary-cluster"}}
            """;

    private static final String[] HOOKS = {"Authorization", "Bearer secret-of-hooks"};

    @TempDir Path files;

    private final FleetView fleet = new FleetView(10);
    private final List<Action> sent = new CopyOnWriteArrayList<>();
    private final AuditInMemory audit = new AuditInMemory();
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private String outcome = "done";
    private @Nullable ReadApi api;

    @AfterEach
    void close() {
        if (api != null) {
            api.close();
        }
    }

    // ---- check-status, check-primary-status

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Initialized"})
    void whoWasPromotedAndRestsLetsTheNextRegionGoOn(String phase) throws Exception {
        serve();
        show(US, phase);
        show(EU, "Progressing");

        var answer = post("/gates/check-status", FROM_EU);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("us-east-1/production-us-east/api-gateway-us-east was promoted");
    }

    @ParameterizedTest
    @CsvSource({
        "Progressing, 425, is Progressing",
        "Waiting, 425, is Waiting",
        "WaitingPromotion, 425, is WaitingPromotion",
        "Initializing, 425, is Initializing",
        "Failed, 409, failed",
    })
    void whoWasNotPromotedDoesNotAndIsSaidWhatItDoes(String phase, int status, String words)
            throws Exception {
        serve();
        show(FIRST, phase);

        var answer = post("/gates/check-primary-status", FROM_SECOND);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body())
                .isEqualTo("primary-cluster/default/myapp-primary-cluster " + words);
    }

    @Test
    void whoeverCanWaitIsAskedToAskAgain() throws Exception {
        serve();
        show(US, "Progressing");

        var answer = post("/gates/check-status", FROM_EU, "Prefer", "respond-async, wait=5");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("respond-async");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        show(US, "Failed");
        assertThat(
                        post("/gates/check-status", FROM_EU, "Prefer", "respond-async, wait=5")
                                .statusCode())
                .as("there is nothing to wait for")
                .isEqualTo(409);
    }

    @Test
    void whoWasPromotedWithAnotherReleaseIsWaitedFor() throws Exception {
        serve();
        fleet.state(US, released(state(US, "Succeeded"), "app:1", "app:1", AT));
        fleet.state(EU, released(state(EU, "Progressing"), "app:2", "app:1", AT));

        assertThat(post("/gates/check-status", FROM_EU).body())
                .endsWith("was not promoted yet with the release of " + EU);
        fleet.state(US, released(state(US, "Succeeded"), "app:2", "app:2", AT));
        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(200);
    }

    @Test
    void otherSettingsOfTheSameImagesAreToBePromotedLater() throws Exception {
        serve();
        fleet.state(US, released(state(US, "Succeeded"), "app:1", "app:1", AT.minusSeconds(60)));
        fleet.state(EU, released(state(EU, "Progressing"), "app:1", "app:1", AT));

        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(425);
        fleet.state(US, released(state(US, "Succeeded"), "app:1", "app:1", AT.plusSeconds(60)));
        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(200);
    }

    @Test
    void aRegionThatIsNoClusterLeavesTheCanarysNameToCount() throws Exception {
        serve();
        show(new CanaryKey("production", "production-us-east", US.name()), "Succeeded");
        show(EU, "Progressing");

        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(200);
    }

    @Test
    void ofSeveralOfOneNameThatOfTheCallersNamespaceIsMeant() throws Exception {
        serve();
        show(new CanaryKey("us-east-1", "production-eu-west", US.name()), "Failed");
        show(US, "Succeeded");

        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(409);
    }

    @Test
    void ofSeveralElsewhereNoneIsMeantUntilOneIsNamed() throws Exception {
        serve();
        show(US, "Succeeded");
        show(EU, "Progressing");
        show(new CanaryKey("us-east-1", "staging", US.name()), "Failed");

        var answer = post("/gates/check-status", FROM_EU);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).startsWith("2 Canaries are known by the name");
        assertThat(
                        post(
                                        "/gates/check-status",
                                        FROM_EU.replace(
                                                "{\"region\"",
                                                "{\"namespace\": \"production-us-east\","
                                                        + " \"region\""))
                                .statusCode())
                .isEqualTo(200);
    }

    // ---- what is not known is no yes

    @Test
    void theReleaseOfOneThatIsNotSeenIsNotKnownUntilItIsGiven() throws Exception {
        serve();
        show(US, "Succeeded");

        var answer = post("/gates/check-status", FROM_EU);

        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.body())
                .startsWith("which release the Canary production-eu-west/api-gateway-eu-west shows")
                .endsWith("or give the release by metadata release");
        String given = FROM_EU.replace("{\"region\"", "{\"release\": \"%s\", \"region\"");
        assertThat(post("/gates/check-status", given.formatted("app:1")).statusCode())
                .isEqualTo(425);
        assertThat(post("/gates/check-status", given.formatted("app:2")).statusCode())
                .isEqualTo(200);
        assertThat(post("/gates/check-status", given.formatted("*")).statusCode()).isEqualTo(200);
    }

    @Test
    void anOlderWatcherSaysNoReleaseAndSoNobodyKnows() throws Exception {
        serve();
        show(US, "Succeeded");
        fleet.state(EU, released(state(EU, "Progressing"), "", "", null));

        assertThat(post("/gates/check-status", FROM_EU).body())
                .startsWith("which release " + EU + " shows is not known");
        show(EU, "Progressing");
        fleet.state(US, released(state(US, "Succeeded"), "app:2", "", null));
        var answer = post("/gates/check-status", FROM_EU);
        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.body()).startsWith("with which release " + US + " was promoted");
    }

    @Test
    void whoHadTheSameReleaseNobodyKnowsSinceWhenIsToldSo() throws Exception {
        serve();
        show(US, "Succeeded");
        fleet.state(EU, released(state(EU, "Progressing"), "app:2", "app:2", null));

        assertThat(post("/gates/check-status", FROM_EU).body())
                .startsWith("whether " + US + " was promoted after " + EU + " last is not known");
        fleet.state(US, released(state(US, "Succeeded"), "app:2", "app:2", null));
        fleet.state(EU, released(state(EU, "Progressing"), "app:2", "", null));
        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(425);
        fleet.state(EU, released(state(EU, "Progressing"), "app:2", "app:1", null));
        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(200);
    }

    @Test
    void ofThreeRegionsWithOneNameItHasToBeSaidWhichOneAsks() throws Exception {
        serve();
        show(api("us", "shop"), "Succeeded");
        show(api("eu", "shop"), "Progressing");
        fleet.state(
                api("ap", "shop"),
                released(state(api("ap", "shop"), "Progressing"), "app:3", "app:2", AT));

        var answer = checkBy("\"region\": \"us\", \"canary\": \"api\"");

        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.body())
                .startsWith("which release is waited for is not known, since 2 Canaries are called")
                .endsWith("say by metadata own-cluster in which cluster the one that asks is");
        assertThat(checkBy("\"region\": \"us\", \"own-cluster\": \"eu\"").statusCode())
                .isEqualTo(200);
        assertThat(checkBy("\"region\": \"us\", \"own-cluster\": \"ap\"").statusCode())
                .isEqualTo(425);
    }

    // ---- nobody waits for itself

    @Test
    void aRegionThatIsNoClusterLeadsNobodyToItself() throws Exception {
        serve();
        show(api("prod-eu", "shop"), "Progressing");
        show(api("prod-eu", "staging"), "Succeeded");
        String asks = "\"region\": \"us-east-1\", \"canary\": \"api\"";

        var alone = checkBy(asks);

        assertThat(alone.statusCode()).isEqualTo(425);
        assertThat(alone.body())
                .isEqualTo(
                        "no Canary is known by the name api, in us-east-1 that is surely not the"
                                + " one that asks (prod-eu/shop/api): name its cluster by metadata"
                                + " cluster");
        show(api("prod-us", "shop"), "Succeeded");
        assertThat(checkBy(asks).statusCode()).as("neither is known to be it").isEqualTo(425);
        assertThat(checkBy(asks + ", \"own-cluster\": \"prod-eu\"").body())
                .isEqualTo("prod-us/shop/api was promoted");
        assertThat(checkBy(asks + ", \"cluster\": \"prod-us\"").body())
                .isEqualTo("prod-us/shop/api was promoted");
    }

    @Test
    void aRegionThatIsAClusterIsNotPassedOverWhereTheCanaryIsNotThereYet() throws Exception {
        serve();
        show(EU, "Progressing");
        show(api("us-east-1", "shop"), "Succeeded");
        show(new CanaryKey("ap-south-1", "production-ap", US.name()), "Succeeded");

        assertThat(post("/gates/check-status", FROM_EU).body())
                .isEqualTo("no Canary is known by the name api-gateway-us-east, in us-east-1");
    }

    @Test
    void whoIsNotKnownIsWaitedFor() throws Exception {
        serve();

        var answer = post("/gates/check-status", FROM_EU);

        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.body())
                .isEqualTo("no Canary is known by the name api-gateway-us-east, in us-east-1");
    }

    @Test
    void whileTheFleetIsReadNobodyIsToldAnything() throws Exception {
        serve();
        show(US, "Succeeded");
        ready.set(false);

        assertThat(post("/gates/check-status", FROM_EU).statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "no json"})
    void whatIsNoCallIsRefused(String body) throws Exception {
        serve();

        assertThat(post("/gates/check-status", body).statusCode()).isIn(400, 422);
    }

    // ---- the guides themselves

    /**
     * Each hook between regions of the guides, as it stands there but for its host. They lie beside
     * the repository, in {@code shared/mission} of a directory above it; without them this is
     * skipped.
     */
    @ParameterizedTest
    @CsvSource({
        "28-example-4-multi-region-canary-with-traffic-mirro.yaml, 1",
        "33-4-multi-cluster-canary-deployments.yaml, 2",
    })
    void theHooksOfTheGuidesPassOnceTheOtherWasPromoted(String file, int hooks) throws Exception {
        Path manifest = mission(file);
        assumeThat(manifest).as("shared/mission beside the repository").isNotNull();
        serveWithLogin();
        show(US, "Progressing");
        show(EU, "Progressing");
        show(FIRST, "Progressing");
        show(SECOND, "Waiting");
        List<String[]> calls = calls(Files.readString(Objects.requireNonNull(manifest)));
        assertThat(calls).hasSize(hooks);

        for (String[] call : calls) {
            boolean begins = call[0].endsWith("trigger-deployment");
            assertThat(post(call[0], call[1], HOOKS).statusCode()).isEqualTo(begins ? 200 : 425);
        }
        show(US, "Succeeded");
        show(FIRST, "Succeeded");
        for (String[] call : calls) {
            assertThat(post(call[0], call[1], HOOKS).statusCode()).isEqualTo(200);
        }
    }

    /** Path at the gates, and body, of each hook that a guide's canaries have. */
    private static List<String[]> calls(String yaml) throws Exception {
        List<String[]> calls = new ArrayList<>();
        for (Object document : new Yaml().loadAll(yaml)) {
            JsonNode canary = JSON.valueToTree(document);
            for (JsonNode hook : canary.at("/spec/analysis/webhooks")) {
                var body = JSON.createObjectNode();
                body.set("name", canary.at("/metadata/name"));
                body.put("namespace", canary.at("/metadata/namespace").asText("default"));
                body.put("phase", "Progressing");
                body.set("metadata", hook.path("metadata"));
                calls.add(
                        new String[] {
                            "/gates" + URI.create(hook.path("url").asText()).getPath(),
                            JSON.writeValueAsString(body)
                        });
            }
        }
        return calls;
    }

    private static @Nullable Path mission(String file) {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var found = at.resolve("shared/mission/manifests").resolve(file);
            if (Files.exists(found)) {
                return found;
            }
        }
        return null;
    }

    // ---- trigger-deployment

    @Test
    void theOneThatWaitsToBeginIsApprovedInTheNameOfTheCallingCanary() throws Exception {
        serveWithLogin();
        show(FIRST, "Succeeded");
        show(SECOND, "Waiting");

        var answer = trigger("Succeeded");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("secondary-cluster/default/myapp-secondary-cluster was let begin");
        assertThat(sent)
                .singleElement()
                .returns(ActionKind.APPROVE, Action::getAction)
                .returns(SECOND.toString(), Action::getCanary)
                .returns(WaitingGate.START, Action::getGate)
                .returns("hooks for default/myapp-primary-cluster", Action::getActor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Progressing", "WaitingPromotion"})
    void whoWaitsForNobodyToBeginIsLeftAlone(String phase) throws Exception {
        serveWithLogin();
        show(SECOND, phase);

        var answer = trigger("Succeeded");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("is " + phase + " and waits for nobody to begin");
        assertThat(sent).isEmpty();
    }

    @Test
    void whoDoesNotShowTheReleaseYetIsToBeLetBeginLater() throws Exception {
        serveWithLogin();
        show(FIRST, "Succeeded");
        fleet.state(SECOND, released(state(SECOND, "Succeeded"), "app:1", "app:1", AT));

        var early = trigger("Succeeded");

        assertThat(early.statusCode())
                .as("which a webhook with retries calls again")
                .isEqualTo(503);
        assertThat(early.headers().firstValue("Retry-After")).contains("30");
        assertThat(early.body())
                .isEqualTo(SECOND + " does not show the release of " + FIRST + " yet");
        fleet.state(SECOND, released(state(SECOND, "Succeeded"), "app:2", "app:1", AT));
        assertThat(trigger("Succeeded").body())
                .isEqualTo(SECOND + " has not begun with the release of " + FIRST + " yet");
        fleet.state(SECOND, released(state(SECOND, "Progressing"), "app:2", "app:1", AT));
        assertThat(trigger("Succeeded").statusCode()).as("it began by itself").isEqualTo(200);
        assertThat(sent).isEmpty();
    }

    @Test
    void whoIsPausedBeforeItBeginsIsToBeLetBeginLater() throws Exception {
        serveWithLogin();
        show(FIRST, "Succeeded");
        fleet.state(
                SECOND,
                RolloutState.newBuilder(state(SECOND, "Waiting"))
                        .setWaitingFor("resume, since it was paused by ada")
                        .setPossibleActions(List.of("resume"))
                        .build());

        var answer = trigger("Succeeded");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).endsWith("and waits for resume, since it was paused by ada");
        assertThat(sent).isEmpty();
    }

    @Test
    void aCanaryThatFailedLetsNobodyBegin() throws Exception {
        serveWithLogin();
        show(SECOND, "Waiting");

        var answer = trigger("Failed");

        assertThat(answer.body()).isEqualTo("nothing is begun, since myapp-primary-cluster failed");
        assertThat(sent).isEmpty();
    }

    @Test
    void aRunThatWaitsForTheEndOfAFreezeIsRefusedWithItsName() throws Exception {
        serveWithLogin();
        show(SECOND, "Waiting");
        outcome = "refused";

        var answer = trigger("Succeeded");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).isEqualTo("done");
    }

    /** A webhook is called from this very machine, with what any tenant's manifest says. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void withoutALoginNobodyBeginsAnything(String host) throws Exception {
        serve(AccessConfig.NONE, host);
        show(SECOND, "Waiting");
        show(FIRST, "Succeeded");

        assertThat(trigger("Succeeded").statusCode()).isEqualTo(403);
        assertThat(post("/gates/check-primary-status", FROM_SECOND).statusCode()).isEqualTo(200);
        assertThat(sent).isEmpty();
    }

    @Test
    void withALoginTheRulesSayWhoSeesAndWhoBegins() throws Exception {
        serve(
                withRules(
                        """
                        rules:
                        - users: [hooks]
                          verbs: [approve]
                          clusters: [secondary-cluster]
                        - users: [looks]
                          clusters: [secondary-cluster]
                        """),
                "127.0.0.1");
        show(FIRST, "Succeeded");
        show(SECOND, "Waiting");
        String call = FROM_FIRST.formatted("Succeeded");

        assertThat(post("/gates/trigger-deployment", call).statusCode()).isEqualTo(401);
        assertThat(post("/gates/check-primary-status", FROM_SECOND).statusCode()).isEqualTo(401);
        String[] looks = {"Authorization", "Bearer secret-of-looks"};
        assertThat(post("/gates/trigger-deployment", call, looks).statusCode()).isEqualTo(403);
        assertThat(post("/gates/check-primary-status", FROM_SECOND, looks).body())
                .as("as if it were not there")
                .startsWith("no Canary is known");
        assertThat(sent).isEmpty();
        assertThat(
                        post(
                                        "/gates/trigger-deployment",
                                        call,
                                        "Authorization",
                                        "Bearer secret-of-hooks")
                                .statusCode())
                .isEqualTo(200);
        assertThat(sent)
                .extracting(Action::getActor)
                .containsExactly("hooks for default/myapp-primary-cluster");
        // By its own name, so that it sees it among what it asked.
        assertThat(audit.before(null, null, 10, it -> it.getOutcome().equals("done")).entries())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.getActor()).isEqualTo("hooks");
                            assertThat(it.getReason())
                                    .endsWith("for default/myapp-primary-cluster");
                        });
    }

    @Test
    void aPageOfAnotherSiteAsksNothingWhereNobodyLogsIn() throws Exception {
        serve();
        show(US, "Succeeded");

        assertThat(
                        post("/gates/check-status", FROM_EU, "Origin", "https://evil.example")
                                .statusCode())
                .isEqualTo(403);
    }

    // ---- the server

    private void serve() {
        serve(AccessConfig.NONE, "127.0.0.1");
    }

    /** One rule for the hooks' token: it may begin anything. */
    private void serveWithLogin() throws Exception {
        serve(
                withRules(
                        """
                        rules:
                        - users: [hooks]
                          verbs: [approve]
                        """),
                "127.0.0.1");
    }

    private HttpResponse<String> trigger(String phase) throws Exception {
        return post("/gates/trigger-deployment", FROM_FIRST.formatted(phase), HOOKS);
    }

    private void serve(AccessConfig access, String host) {
        var desk =
                new ActionDesk(
                        fleet,
                        (canary, action) -> {
                            sent.add(action);
                            decide(canary, action);
                        },
                        InstantSource.system(),
                        Duration.ofMinutes(1),
                        ready::get);
        var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        api =
                ReadApi.serve(
                        new Healthy(),
                        fleet,
                        desk,
                        new OnRequest(
                                () -> Letters.NONE,
                                KeptGates.NONE,
                                PastEvents.NONE,
                                AlertResults.NONE,
                                audit,
                                () -> FleetConfig.NONE),
                        access,
                        LoginConfig.NONE,
                        metrics,
                        host,
                        0);
    }

    private AccessConfig withRules(String rules) throws Exception {
        Path tokens =
                Files.writeString(
                        files.resolve("tokens"),
                        "hooks %s%nlooks %s%n"
                                .formatted(hash("secret-of-hooks"), hash("secret-of-looks")));
        Path written = Files.writeString(files.resolve("rules"), rules);
        return new AccessConfig(tokens, written, null, null, null, "sub", "groups", 60);
    }

    private static String hash(String token) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    private void decide(CanaryKey canary, Action action) {
        fleet.event(
                canary,
                RolloutEvent.newBuilder()
                        .setCanary(canary.toString())
                        .setUid("uid-1")
                        .setRun(1)
                        .setSequence(4)
                        .setType("GateOpened")
                        .setPhase("Waiting")
                        .setRevision("b")
                        .setStep(7)
                        .setCanaryWeight(0)
                        .setFailedChecks(0)
                        .setMessage("done")
                        .setEvidence(List.of())
                        .setActor(action.getActor())
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId(action.getId())
                                        .setAction("approve")
                                        .setOutcome(outcome)
                                        .setReason(action.getReason())
                                        .setPossible(List.of())
                                        .build())
                        .setAt(AT)
                        .build());
    }

    private void show(CanaryKey canary, String phase) {
        boolean rests = phase.equals("Succeeded") || phase.equals("Initialized");
        fleet.state(canary, released(state(canary, phase), "app:2", rests ? "app:2" : "app:1", AT));
    }

    private static CanaryKey api(String cluster, String namespace) {
        return new CanaryKey(cluster, namespace, "api");
    }

    /** By shop/api, of whichever cluster. */
    private HttpResponse<String> checkBy(String metadata) throws Exception {
        return post(
                "/gates/check-status",
                """
                {"name": "api", "namespace": "shop", "phase": "Progressing", "metadata": {%s}}
                """
                        .formatted(metadata));
    }

    private static RolloutState state(CanaryKey canary, String phase) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setPhase(phase)
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(0)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(7)
                .setSequence(3)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setPossibleActions(
                        phase.startsWith("Waiting") ? List.of("approve") : List.of("pause"))
                .setUpdatedAt(AT)
                .build();
    }

    private static RolloutState released(
            RolloutState state, String shows, String promoted, @Nullable Instant at) {
        return RolloutState.newBuilder(state)
                .setRelease(shows)
                .setPromotedRelease(promoted)
                .setPromotedAt(at)
                .build();
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:%d%s"
                                                .formatted(
                                                        Objects.requireNonNull(api).port(), path)))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
