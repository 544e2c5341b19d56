package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** Actions over HTTP, before an analysis that decides as it is told to. */
class ActionApiTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");
    private static final CanaryKey BLOG = new CanaryKey("east", "blog", "web");
    private static final String CART_ACTIONS = "/api/v1/rollouts/west/shop/cart/actions";
    private static final String PAUSE = "{\"action\": \"pause\", \"reason\": \"odd\"}";
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final OpenApi described = new OpenApi();
    private static final String RULES =
            """
            rules:
            - users: [ada]
              verbs: [pause, resume]
              clusters: [west]
              namespaces: ["sh*"]
            - groups: [writers]
              verbs: ["*"]
              namespaces: [blog]
            """;

    @TempDir Path files;

    private final FleetView fleet = new FleetView(10);
    private final List<Action> sent = new CopyOnWriteArrayList<>();
    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private @Nullable ReadApi api;

    @AfterAll
    static void everyOperationThatIsDescribedWasAskedFor() {
        // What is looked up on request has a test of its own.
        assertThat(described.unseen())
                .filteredOn(
                        it ->
                                !it.contains("/dead-letters")
                                        && !it.contains("/api/v1/gates")
                                        && !it.contains("/budgets")
                                        && !it.contains("/audit")
                                        && !it.endsWith("/plan")
                                        && !it.endsWith("/lint")
                                        && !it.endsWith("{name}/alerts")
                                        && !it.endsWith("{name}/events"))
                .isEmpty();
    }

    @AfterEach
    void close() {
        if (api != null) {
            api.close();
        }
    }

    // ---- who asks

    @Test
    void everybodyIsToldHowToLogInAndWhoTheyAre() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");

        var nobody = json(get("/api/v1/login"), 200);
        var ada = json(get("/api/v1/login", "Authorization", "Bearer secret-of-ada"), 200);

        assertThat(nobody.path("required").asBoolean()).isTrue();
        assertThat(nobody.path("caller").isNull()).isTrue();
        assertThat(nobody.path("provider").isNull()).isTrue();
        assertThat(ada.path("caller").asText()).isEqualTo("ada");
        assertThat(ada.path("bySession").asBoolean()).isFalse();
    }

    @Test
    void clustersAreToldToWhoeverMaySeeACanaryOfThem() throws Exception {
        for (var cluster : List.of("west", "north")) {
            fleet.heard().heard(cluster, AT, Duration.ofMinutes(1));
        }
        fleet.heard().looked(Set.of("west", "north"), Instant.now());
        fleet.heard().wasRead();
        serve(this::done, withRules(RULES), "127.0.0.1");

        var seen = json(get("/api/v1/clusters", "Authorization", "Bearer secret-of-ada"), 200);

        assertThat(seen.path("clusters")).as("nothing is known of canaries in north").hasSize(1);
        assertThat(seen.at("/clusters/0/cluster").asText()).isEqualTo("west");
        assertThat(seen.at("/clusters/0/heard").asText()).isEqualTo(AT.toString());
        assertThat(seen.at("/clusters/0/silent").asBoolean()).isTrue();
    }

    @Test
    void howTheHubIsIsToldWithoutClustersThatTheCallerMayNotSee() throws Exception {
        for (var cluster : List.of("west", "north")) {
            fleet.heard().heard(cluster, AT, Duration.ofMinutes(1));
        }
        fleet.heard().looked(Set.of("west", "north"), Instant.now());
        fleet.heard().wasRead();
        serve(this::done, withRules(RULES), "127.0.0.1");

        var hub = json(get("/api/v1/hub", "Authorization", "Bearer secret-of-ada"), 200);

        assertThat(hub.path("ready").asBoolean()).as("nobody decides here").isFalse();
        assertThat(hub.path("waitsFor").asText()).isNotEmpty();
        assertThat(hub.path("inputsBehind").isNull()).as("nobody measures it here").isTrue();
        assertThat(hub.path("silenceKnown").asBoolean()).isTrue();
        assertThat(hub.path("clusters").asInt()).isEqualTo(1);
        assertThat(hub.path("silentClusters").toString()).isEqualTo("[\"west\"]");
        json(get("/api/v1/hub"), 401);
    }

    // ---- what becomes of it

    @Test
    void anActionIsAnsweredWithWhatWasDecided() throws Exception {
        serve(this::done);

        var answer = json(post(CART_ACTIONS, PAUSE), 200);

        assertThat(answer.path("outcome").asText()).isEqualTo("done");
        assertThat(answer.path("message").asText()).isEqualTo("PAUSE by localhost");
        assertThat(answer.path("reason").asText()).isEqualTo("odd");
        assertThat(answer.at("/rollout/sequence").asInt()).isEqualTo(4);
        assertThat(sent).extracting(Action::getActor).containsExactly("localhost");
        assertThat(metrics.scrape()).contains("serinus_api_actions_total");
    }

    @Test
    void aRefusalIsAProblemThatSaysWhatIsPossible() throws Exception {
        serve((canary, action) -> decide(canary, action, "refused"));

        var answer = json(post(CART_ACTIONS, PAUSE), 409);

        assertThat(answer.path("detail").asText()).isEqualTo("PAUSE by localhost");
        assertThat(answer.path("possible").toString()).isEqualTo("[\"pause\",\"abort\"]");
        assertThat(answer.path("status").asInt()).isEqualTo(409);
    }

    @Test
    void whatTheAnalysisFindsOutdatedIsAFailedPrecondition() throws Exception {
        serve((canary, action) -> decide(canary, action, "outdated"));

        json(post(CART_ACTIONS, PAUSE), 412);
    }

    @Test
    void aSequenceThatWasPassedIsRefusedBeforeAnybodyIsAsked() throws Exception {
        serve(this::done);

        var answer = json(post(CART_ACTIONS, "{\"action\": \"pause\", \"ifSequence\": 2}"), 412);

        assertThat(answer.path("sequence").asInt()).isEqualTo(3);
        assertThat(sent).isEmpty();
    }

    @Test
    void withoutADecisionItSaysWhereToLookAgain() throws Exception {
        serve((_, _) -> {});

        var answer = post(CART_ACTIONS, PAUSE);
        String location = answer.headers().firstValue("Location").orElseThrow();
        json(answer, 202);
        json(get(location), 202);
        done(CART, sent.getFirst());

        assertThat(json(get(location), 200).path("outcome").asText()).isEqualTo("done");
    }

    @Test
    void aRepeatedKeyIsAnsweredTheSameAndAskedForOnce() throws Exception {
        serve(this::done);

        var first = post(CART_ACTIONS, PAUSE, "Idempotency-Key", "k1");
        var second = post(CART_ACTIONS, PAUSE, "Idempotency-Key", "k1");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(sent).hasSize(1);
    }

    @Test
    void aKeyIsForOneWish() throws Exception {
        serve(this::done);
        post(CART_ACTIONS, PAUSE, "Idempotency-Key", "k1");

        json(post(CART_ACTIONS, "{\"action\": \"abort\"}", "Idempotency-Key", "k1"), 422);

        assertThat(sent).hasSize(1);
    }

    @Test
    void withoutAKeyEachIsAWishOfItsOwn() throws Exception {
        serve(this::done);

        post(CART_ACTIONS, PAUSE);
        post(CART_ACTIONS, PAUSE);

        assertThat(sent).extracting(Action::getId).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void aBrokerThatIsAwayIsSaidToBe() throws Exception {
        serve(
                (_, _) -> {
                    throw new StillSending();
                });

        var answer = post(CART_ACTIONS, PAUSE);

        json(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aDryRunSaysWhetherItMakesSenseAndAsksNobody() throws Exception {
        serve(this::done);

        json(post(CART_ACTIONS, "{\"action\": \"abort\", \"dryRun\": true}"), 200);
        var answer = json(post(CART_ACTIONS, "{\"action\": \"retry\", \"dryRun\": true}"), 409);

        assertThat(answer.path("possible").toString()).contains("abort");
        assertThat(sent).isEmpty();
    }

    @Test
    void beforeTheRolloutsAreReadNothingIsTaken() throws Exception {
        ready.set(false);
        serve(this::done);

        json(post(CART_ACTIONS, PAUSE), 503);
        json(get(CART_ACTIONS + "/1"), 503);
        json(post(CART_ACTIONS, "{\"action\": \"pause\", \"dryRun\": true}"), 503);
        json(
                post(
                        "/api/v1/actions",
                        "{\"action\": \"pause\", \"select\": {\"cluster\": \"west\"}}"),
                503);
        json(post("/api/v1/gates/west/shop/cart/gate", "{\"open\": true}"), 503);

        assertThat(sent).isEmpty();
    }

    @Test
    void whatPeopleAskedForIsListedOfThoseThatTheCallerMaySee() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");
        json(post(CART_ACTIONS, PAUSE, "Authorization", "Bearer secret-of-ada"), 200);

        var ada = get("/api/v1/events?people=true", "Authorization", "Bearer secret-of-ada");
        var bot = get("/api/v1/events?people=true", "Authorization", "Bearer secret-of-bot");

        assertThat(json(ada, 200).at("/events/0/actor").asText()).isEqualTo("ada");
        assertThat(json(ada, 200).at("/events/0/action/reason").asText()).isEqualTo("odd");
        assertThat(json(bot, 200).path("count").asInt()).isZero();
    }

    @Test
    void aRolloutSaysWhatTheCallerMayAskOfIt() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");
        String path = CART_ACTIONS.replace("/actions", "");

        var ada = json(get(path, "Authorization", "Bearer secret-of-ada"), 200);

        assertThat(ada.path("allowedActions").toString()).isEqualTo("[\"pause\",\"resume\"]");
    }

    @Test
    void aStreamOfANameAloneIsRefused() throws Exception {
        serve(this::done);

        assertThat(json(get("/api/v1/stream?name=cart"), 400).path("detail").asText())
                .contains("cluster and namespace");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        serve(this::done);

        json(post("/api/v1/rollouts/west/shop/nothing/actions", PAUSE), 404);
        json(get("/api/v1/rollouts/west/shop/nothing/actions/1"), 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | ",
                "[] | ",
                "{'action': 'pause', 'action': 'abort'} | ",
                "{'action': 'pause'} {'action': 'abort'} | ",
                "{} | /action",
                "{'action': 'explode'} | /action",
                "{'action': 'pause', 'reason': 7} | /reason",
                "{'action': 'pause', 'gate': 'end'} | /gate",
                "{'action': 'pause', 'run': -1} | /run",
                "{'action': 'pause', 'ifSequence': 1.5} | /ifSequence",
                "{'action': 'pause', 'dryRun': 'yes'} | /dryRun",
                "{'action': 'pause', 'Reason': 'x'} | /Reason"
            })
    void whatIsWrongWithABodyIsSaidByItsPlace(String body, @Nullable String pointer)
            throws Exception {
        serve(this::done);

        var answer = json(post(CART_ACTIONS, body.replace('\'', '"')), 422);

        assertThat(answer.path("errors").findValuesAsText("pointer"))
                .containsExactly(Objects.requireNonNullElse(pointer, ""));
        assertThat(sent).isEmpty();
    }

    @Test
    void manyAreAskedAtOnceAndEachHasALine() throws Exception {
        serve(this::done);

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"pause\", \"select\": {\"namespace\": \"shop\"}}"),
                        200);

        assertThat(answer.path("results").findValuesAsText("rollout"))
                .containsExactly("west/shop/cart", "west/shop/till");
        assertThat(answer.path("results").findValuesAsText("outcome"))
                .containsExactly("done", "done");
    }

    @Test
    void manyAreChosenByTheLabelsOfTheirCanaries() throws Exception {
        serve(this::done);
        fleet.state(
                TILL,
                RolloutState.newBuilder(state(TILL, 4, AT))
                        .setLabels(Map.of("app", "till", "tier", "web"))
                        .build());

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"pause\", \"select\": {\"namespace\": \"shop\","
                                        + " \"labels\": \"tier=web,app!=cart\"}}"),
                        200);

        assertThat(answer.path("results").findValuesAsText("rollout"))
                .containsExactly("west/shop/till");
        assertThat(answer.path("unknownLabels").valueStream().map(JsonNode::asText))
                .as("its labels were not told")
                .containsExactly("west/shop/cart");
        assertThat(sent).hasSize(1);
    }

    @Test
    void whatIsNotSaidByLabelsIsNotKnownToLackThem() throws Exception {
        serve(this::done);
        fleet.state(TILL, RolloutState.newBuilder(state(TILL, 4, AT)).setLabels(Map.of()).build());

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"abort\", \"select\": {\"labels\": \"tier!=db\"}}"),
                        200);

        assertThat(answer.path("results").findValuesAsText("rollout"))
                .as("one that has no labels, and is known to have none")
                .containsExactly("west/shop/till");
        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'labels': 'app=~cart'} | /select/labels",
                "{'labels': ''} | /select/labels",
                "{} | /select",
                "{'cluster': null} | /select/cluster",
                "{'cluster': null, 'name': 'cart'} | /select/cluster",
                "{'namespace': ''} | /select/namespace",
                "{'namespace': ' ', 'cluster': 'west'} | /select/namespace",
                "{'phase': ['Progressing']} | /select/phase"
            })
    void aSelectionThatSelectsNothingIsNotOneOfAll(String select, String pointer) throws Exception {
        serve(this::done);

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"abort\", \"select\": %s}"
                                        .formatted(select.replace('\'', '"'))),
                        422);

        assertThat(answer.path("errors").findValuesAsText("pointer")).containsExactly(pointer);
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "promote, 1",
        "skip, 1",
        "approve, 1",
        "abort, 1",
        "retry, 1",
        "pause, 0",
        "resume, 0"
    })
    void whatIsAboutARunIsAskedForTheOneThatIsSeen(String action, long run) throws Exception {
        serve(this::done);

        json(post(CART_ACTIONS, "{\"action\": \"%s\"}".formatted(action)), 200);
        json(
                post(
                        "/api/v1/actions",
                        "{\"action\": \"%s\", \"rollouts\": [\"west/shop/till\"]}"
                                .formatted(action)),
                200);

        assertThat(sent).extracting(Action::getRun).containsExactly(run, run);
    }

    @Test
    void theRunThatTheCallerNamesCounts() throws Exception {
        serve(this::done);

        post(CART_ACTIONS, "{\"action\": \"promote\", \"run\": 9}");

        assertThat(sent).extracting(Action::getRun).containsExactly(9L);
    }

    @Test
    void whatIsAboutARunIsRefusedBeforeTheFirst() throws Exception {
        serve(this::done);
        fleet.state(CART, RolloutState.newBuilder(state(CART, 3, AT)).setRun(0).build());

        var answer = json(post(CART_ACTIONS, "{\"action\": \"promote\"}"), 409);
        json(post(CART_ACTIONS, "{\"action\": \"retry\"}"), 200);

        assertThat(answer.path("detail").asText())
                .isEqualTo("promote is about a run, and none has begun yet");
        assertThat(sent).extracting(Action::getRun).containsExactly(0L);
    }

    @Test
    void manyByNameSayWhichAreNotThere() throws Exception {
        serve(this::done);

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"pause\", \"rollouts\":"
                                        + " [\"west/shop/cart\", \"west/shop/no\", \"odd\"]}"),
                        200);

        assertThat(answer.path("results").findValuesAsText("status"))
                .containsExactly("200", "404", "400");
    }

    @Test
    void aNameThatIsNoTextIsAMistakeAndNobodyIsAsked() throws Exception {
        serve(this::done);

        var answer =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"pause\", \"rollouts\": [\"west/shop/cart\", {}]}"),
                        422);

        assertThat(answer.path("errors").findValuesAsText("pointer"))
                .containsExactly("/rollouts/1");
        assertThat(sent).isEmpty();
    }

    @Test
    void sevenPointZeroIsAWholeNumber() throws Exception {
        serve(this::done);

        json(post(CART_ACTIONS, "{\"action\": \"pause\", \"run\": 9.0}"), 200);

        assertThat(sent).extracting(Action::getRun).containsExactly(9L);
    }

    // ---- who may

    @Test
    void withoutALoginOnlyThisMachineActs() throws Exception {
        serve(this::done, AccessConfig.NONE, "0.0.0.0");

        var answer = json(post(CART_ACTIONS, PAUSE), 403);

        assertThat(answer.path("detail").asText()).contains("SERINUS_API_TOKENS_FILE");
        json(get("/api/v1/rollouts"), 200);
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost:1"})
    void aPageOfAnotherSiteActsForNobody(String origin) throws Exception {
        serve(this::done);

        json(post(CART_ACTIONS, PAUSE, "Origin", origin), 403);

        assertThat(sent).isEmpty();
    }

    @Test
    void whatAFormCouldSendIsNotTaken() throws Exception {
        serve(this::done);

        var answer = post(CART_ACTIONS, PAUSE, "Content-Type", "text/plain");

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void withALoginNobodyIsLetInWithoutAToken() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");

        var answer = post(CART_ACTIONS, PAUSE);

        json(answer, 401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).contains("Bearer");
        json(get("/api/v1/rollouts"), 401);
        json(get("/api/rollouts"), 401);
        json(get("/api/v1/rollouts", "Authorization", "Bearer wrong"), 401);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(metrics.scrape()).contains("serinus_api_refusals_total{because=\"login\"} 4");
    }

    @Test
    void theCallerIsTheActor() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");

        json(post(CART_ACTIONS, PAUSE, "Authorization", "Bearer secret-of-ada"), 200);

        assertThat(sent).extracting(Action::getActor).containsExactly("ada");
    }

    @Test
    void whatNoRuleAllowsIsRefusedAndWhatMayNotBeSeenIsNotThere() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");
        String[] ada = {"Authorization", "Bearer secret-of-ada"};

        json(post(CART_ACTIONS, "{\"action\": \"abort\"}", ada), 403);
        json(post("/api/v1/rollouts/east/blog/web/actions", PAUSE, ada), 404);
        json(get("/api/v1/rollouts/east/blog/web", ada), 404);
        json(get("/api/rollouts/east/blog/web", ada), 404);
        var bulk =
                json(
                        post(
                                "/api/v1/actions",
                                "{\"action\": \"pause\", \"select\": {\"phase\":"
                                        + " \"Progressing\"}}",
                                ada),
                        200);

        assertThat(
                        json(get("/api/v1/rollouts", ada), 200)
                                .path("rollouts")
                                .findValuesAsText("name"))
                .containsExactly("cart", "till");
        assertThat(bulk.path("results").findValuesAsText("rollout"))
                .containsExactly("west/shop/cart", "west/shop/till");
        assertThat(bulk.toString()).doesNotContain("blog");
    }

    @Test
    void aGroupGivesItsRights() throws Exception {
        serve(this::done, withRules(RULES), "127.0.0.1");

        json(
                post(
                        "/api/v1/rollouts/east/blog/web/actions",
                        "{\"action\": \"abort\"}",
                        "Authorization",
                        "bearer secret-of-bot"),
                200);
    }

    @Test
    void withALoginAndNoRulesEverybodySeesAndNobodyActs() throws Exception {
        serve(this::done, withRules(null), "127.0.0.1");
        String[] ada = {"Authorization", "Bearer secret-of-ada"};

        json(get("/api/v1/rollouts/east/blog/web", ada), 200);
        json(post(CART_ACTIONS, PAUSE, ada), 403);
    }

    @Test
    void aCallerMayNotActWithoutEnd() throws Exception {
        var config = new AccessConfig(null, null, null, null, null, "sub", "groups", 2);
        serve(this::done, config, "127.0.0.1");
        post(CART_ACTIONS, PAUSE);
        post(CART_ACTIONS, PAUSE);

        var answer = post(CART_ACTIONS, PAUSE);

        json(answer, 429);
        assertThat(answer.headers().firstValue("Retry-After").orElseThrow()).matches("\\d+");
    }

    // ---- the server

    /** An analysis that never takes it. */
    private static final class StillSending extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void serve(BiConsumer<CanaryKey, Action> analysis) {
        serve(analysis, AccessConfig.NONE, "127.0.0.1");
    }

    private void serve(BiConsumer<CanaryKey, Action> analysis, AccessConfig access, String host) {
        for (CanaryKey canary : List.of(CART, TILL, BLOG)) {
            fleet.state(canary, state(canary, 3, AT));
        }
        var desk =
                new ActionDesk(
                        fleet,
                        (canary, action) -> {
                            sent.add(action);
                            try {
                                analysis.accept(canary, action);
                            } catch (StillSending away) {
                                Thread.sleep(Duration.ofMinutes(1)); // ended by an interrupt
                            }
                        },
                        InstantSource.system(),
                        Duration.ofMillis(300),
                        ready::get);
        api = ReadApi.serve(new Healthy(), fleet, desk, access, metrics, host, 0);
    }

    private AccessConfig withRules(@Nullable String rules) throws Exception {
        Path tokens =
                Files.writeString(
                        files.resolve("tokens"),
                        "# who may come in%nada %s%nbot %s bots,writers%n"
                                .formatted(hash("secret-of-ada"), hash("secret-of-bot")));
        Path written = rules == null ? null : Files.writeString(files.resolve("rules"), rules);
        return new AccessConfig(tokens, written, null, null, null, "sub", "groups", 60);
    }

    private static String hash(String token) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    private void done(CanaryKey canary, Action action) {
        decide(canary, action, "done");
    }

    private void decide(CanaryKey canary, Action action, String outcome) {
        fleet.event(
                canary,
                RolloutEvent.newBuilder()
                        .setCanary(canary.toString())
                        .setUid("uid-1")
                        .setRun(1)
                        .setSequence(4)
                        .setType("Paused")
                        .setPhase("Progressing")
                        .setRevision("b")
                        .setStep(7)
                        .setCanaryWeight(20)
                        .setFailedChecks(0)
                        .setMessage(action.getAction() + " by " + action.getActor())
                        .setEvidence(List.of())
                        .setActor(action.getActor())
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId(action.getId())
                                        .setAction(word(action.getAction()))
                                        .setOutcome(outcome)
                                        .setReason(action.getReason())
                                        .setPossible(List.of("pause", "abort"))
                                        .build())
                        .setAt(AT.plusSeconds(1))
                        .build());
        fleet.state(canary, state(canary, 4, AT.plusSeconds(1)));
    }

    private static String word(ActionKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static RolloutState state(CanaryKey canary, long sequence, Instant at) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setPhase("Progressing")
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(20)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(7)
                .setSequence(sequence)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setPossibleActions(List.of("pause", "abort"))
                .setUpdatedAt(at)
                .build();
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        described.checkTaken(answer, body);
        return answer;
    }

    private HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(
                "http://127.0.0.1:" + Objects.requireNonNull(api, "served").port() + path);
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        described.check(answer);
        return new ObjectMapper().readTree(answer.body());
    }
}
