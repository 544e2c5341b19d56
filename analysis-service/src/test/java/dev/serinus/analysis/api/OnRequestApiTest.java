package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.audit.AuditInMemory;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.keptgate.KeptGate;
import dev.serinus.analysis.keptgate.KeptGateKind;
import dev.serinus.analysis.keptgate.KeptGatesInMemory;
import dev.serinus.analysis.letter.LetterContent;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.LettersInMemory;
import dev.serinus.analysis.past.PastEvents;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

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
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Dead letters, kept gates and past events over HTTP: who sees what of them, and does what. */
class OnRequestApiTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey BLOG = new CanaryKey("west", "blog", "web");
    private static final String LETTERS = "/api/v1/dead-letters";
    private static final String GATES = "/api/v1/gates";
    private static final String PAST = "/api/v1/rollouts/west/shop/cart/events";
    private static final String ALERTS = "/api/v1/rollouts/west/shop/cart/alerts";
    private static final String AUDIT = "/api/v1/audit";
    private static final String ROOT = "Bearer secret-of-root";
    private static final String ADA = "Bearer secret-of-ada";
    private static final String BEN = "Bearer secret-of-ben";
    private static final LetterContent UNREADABLE =
            new LetterContent.Unreadable("Change", "no schema is known");
    private static final LetterContent READABLE =
            new LetterContent.Decoded("{\"canary\": \"west/shop/cart\"}", CART.toString());
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final OpenApi described = new OpenApi();

    /** Ada sees shop and acts there; nobody of the token's file sees a whole cluster but root. */
    private static final String RULES =
            """
            rules:
            - users: [ada]
              verbs: [read, replay, open]
              clusters: [west]
              namespaces: [shop]
            - users: [root]
              verbs: ["*"]
            """;

    @TempDir Path files;

    private final FleetView fleet = new FleetView(10);
    private ServiceHealth health = new Healthy();
    private HubState hub = HubState.UNKNOWN;
    private final LettersInMemory letters = new LettersInMemory();
    private final KeptGatesInMemory gates = new KeptGatesInMemory("west");
    private final List<RolloutEvent> past = new ArrayList<>();
    private final List<AlertResult> told = new ArrayList<>();
    private final AuditInMemory audit = new AuditInMemory();
    private FleetConfig rules = FleetConfig.NONE;
    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private @Nullable ReadApi api;

    @AfterAll
    static void everyOperationThatIsDescribedWasAskedFor() {
        assertThat(described.unseen())
                .noneMatch(
                        it -> it.contains(LETTERS) || it.contains(GATES) || it.contains("/budgets"))
                .noneMatch(it -> it.endsWith("{name}/events"))
                .noneMatch(it -> it.endsWith("{name}/alerts") || it.contains(AUDIT));
    }

    @AfterEach
    void close() {
        if (api != null) {
            api.close();
        }
    }

    // ---- dead letters: what is seen

    @Test
    void whetherDecisionsAreTakenIsNotAskedOfOtherParts() throws Exception {
        // Given
        health = new Lacking("notifier: the providers were not read yet");
        hub = new HubState(true, "", OptionalLong.of(3), OptionalLong.of(0));
        var heard = fleet.heard();
        heard.looked(Set.of(CART.cluster()), Set.of(CART.cluster()), Instant.now());
        heard.wasRead();
        serve(AccessConfig.NONE);

        // When
        var told = json(get("/api/v1/hub"), 200);

        // Then
        assertThat(told.path("ready").asBoolean()).isTrue();
        assertThat(told.path("waitsFor").asText()).contains("the providers");
        assertThat(told.path("inputsBehind").asLong()).isEqualTo(3);
        assertThat(told.path("viewBehind").asLong(-1)).isZero();
        assertThat(told.path("clusters").asInt()).as("its signs cannot be read").isZero();
        assertThat(told.at("/unknownClusters/0").asText()).isEqualTo(CART.cluster());

        // When
        hub = new HubState(false, "Kafka is away", OptionalLong.empty(), OptionalLong.empty());
        told = json(get("/api/v1/hub"), 200);

        // Then
        assertThat(told.path("ready").asBoolean()).isFalse();
        assertThat(told.path("waitsFor").asText()).isEqualTo("Kafka is away");
        assertThat(told.path("inputsBehind").isNull()).isTrue();
    }

    @Test
    void lettersAreListedTheLatestFirstInPages() throws Exception {
        serve(AccessConfig.NONE);
        var first = put(CART.toString(), TopicKind.CHANGES, UNREADABLE, 1);
        var second = put(BLOG.toString(), TopicKind.METRIC_RESULTS, UNREADABLE, 2);
        var third = put(null, TopicKind.CHANGES, UNREADABLE, 2);

        var page = json(get(LETTERS + "?limit=2"), 200);
        var rest = json(get(LETTERS + "?limit=2&continue=" + page.path("continue").asText()), 200);

        assertThat(ids(page)).containsExactly(third.toString(), second.toString());
        assertThat(ids(rest)).containsExactly(first.toString());
        assertThat(rest.has("continue")).isFalse();
        assertThat(rest.path("whole").asBoolean()).isTrue();
        JsonNode cart = rest.at("/letters/0");
        assertThat(cart.path("name").asText()).isEqualTo("cart");
        assertThat(cart.path("kind").asText()).isEqualTo("changes");
        assertThat(cart.path("topic").asText()).isEqualTo("serinus.west.changes");
        assertThat(cart.path("reason").asText()).isEqualTo("unknown schema");
    }

    /** Few of many are wanted: what was looked at is said, and where to go on. */
    @Test
    void aPageThatTakesTooLongSaysHowFarItLookedBack() throws Exception {
        serve(AccessConfig.NONE);
        var wanted = put(CART.toString(), TopicKind.CHANGES, UNREADABLE, 0);
        for (int second = 1; second <= 10; second++) {
            put(BLOG.toString(), TopicKind.CHANGES, UNREADABLE, second);
        }
        letters.lookAt(4);

        List<String> lookedBackTo = new ArrayList<>();
        List<String> found = new ArrayList<>();
        String more = "";
        do {
            var page = json(get(LETTERS + "?name=cart&limit=1" + more), 200);
            assertThat(page.path("whole").asBoolean()).isEqualTo(!page.has("lookedBackTo"));
            lookedBackTo.add(page.path("lookedBackTo").asText());
            found.addAll(ids(page));
            more = page.has("continue") ? "&continue=" + page.path("continue").asText() : "";
        } while (!more.isEmpty());

        assertThat(found).containsExactly(wanted.toString());
        assertThat(lookedBackTo)
                .containsExactly("2026-11-22T10:00:07Z", "2026-11-22T10:00:03Z", "");
    }

    @ParameterizedTest
    @CsvSource({
        "cluster=west, 3",
        "cluster=east, 0",
        "topic=changes, 2",
        "namespace=shop, 1",
        "namespace=blog&name=web, 1",
        "since=2026-11-22T10:00:02Z, 2"
    })
    void lettersAreFiltered(String query, int count) throws Exception {
        serve(AccessConfig.NONE);
        put(CART.toString(), TopicKind.CHANGES, UNREADABLE, 1);
        put(BLOG.toString(), TopicKind.METRIC_RESULTS, UNREADABLE, 2);
        put(null, TopicKind.CHANGES, UNREADABLE, 2);

        assertThat(json(get(LETTERS + "?" + query), 200).path("count").asInt()).isEqualTo(count);
    }

    @Test
    void oneThatCannotBeReadItselfIsListedAsThat() throws Exception {
        serve(AccessConfig.NONE);
        put(CART.toString(), TopicKind.DEAD_LETTERS, UNREADABLE, 1);

        assertThat(json(get(LETTERS), 200).at("/letters/0/readable").asBoolean()).isFalse();
    }

    @Test
    void oneIsShownWithWhatLayInItAndWhetherItMayBeReplayed() throws Exception {
        serve(AccessConfig.NONE);
        var lost = put(CART.toString(), TopicKind.CHANGES, READABLE, 1);
        var odd = put(CART.toString(), TopicKind.ROUTER_COMMANDS, UNREADABLE, 1);
        letters.overtake(lost);

        var one = json(get(LETTERS + "/" + lost), 200);
        var other = json(get(LETTERS + "/" + odd), 200);

        assertThat(one.path("record").asText()).contains("west/shop/cart");
        assertThat(one.path("refusal").asText()).contains("this one would undo them");
        assertThat(one.path("beginning").isNull()).isTrue();
        assertThat(one.path("allowedActions").toString()).isEqualTo("[\"replay\"]");
        assertThat(other.path("record").isNull()).isTrue();
        assertThat(other.path("beginning").asText()).isEqualTo("c3010203");
        assertThat(other.path("unreadable").asText()).isEqualTo("Change: no schema is known");
        assertThat(other.path("refusal").asText()).contains("asked again by the analysis");
    }

    @Test
    void whoMaySeeOneNamespaceSeesNothingOfOthersAndNothingThatNamesNobody() throws Exception {
        serve(withRules());
        var own = put(CART.toString(), TopicKind.CHANGES, UNREADABLE, 1);
        var foreign = put(BLOG.toString(), TopicKind.CHANGES, UNREADABLE, 2);
        var nobodys = put(null, TopicKind.CHANGES, UNREADABLE, 3);
        var elsewhere = put("east/shop/cart", TopicKind.CHANGES, UNREADABLE, 4);
        var twofold =
                put(
                        CART.toString(),
                        TopicKind.CHANGES,
                        new LetterContent.Decoded("{}", BLOG.toString()),
                        5);

        assertThat(ids(json(get(LETTERS, ADA), 200))).containsExactly(own.toString());
        for (LetterId each : List.of(foreign, nobodys, elsewhere, twofold)) {
            json(get(LETTERS + "/" + each, ADA), 404);
            json(post(LETTERS + "/" + each + "/replay", "{}", ADA), 404);
        }
        assertThat(json(get(LETTERS + "/" + own, ADA), 200).path("beginning").isNull())
                .as("bytes of which nobody knows whom they are about")
                .isTrue();
        assertThat(ids(json(get(LETTERS, ROOT), 200))).hasSize(5);
        json(get(LETTERS), 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?topic=nothing",
                "?limit=0",
                "?limit=",
                "?continue=x",
                "?since=then",
                "?topic=rollouts"
            })
    void whatIsAskedForWronglyIsSaid(String query) throws Exception {
        serve(AccessConfig.NONE);

        json(get(LETTERS + query), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/west/0/99", "/west/x/1", "/we.st/0/1", "/west/0/-1"})
    void whatIsNotThereIsNotFound(String path) throws Exception {
        serve(AccessConfig.NONE);

        json(get(LETTERS + path), 404);
        json(post(LETTERS + path + "/replay", "{}"), 404);
    }

    @Test
    void aBrokerThatIsAwayIsSaid() throws Exception {
        serve(AccessConfig.NONE);
        letters.fail("it does not answer any more");

        var answer = get(LETTERS);

        assertThat(json(answer, 503).path("detail").asText())
                .isEqualTo("Kafka cannot be asked now: it does not answer any more");
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    /** At night, on a busy topic: why and what are what somebody looks for. */
    @Test
    void oneIsShownWhereNobodyKnowsWhatCameLater() throws Exception {
        serve(AccessConfig.NONE);
        var lost = put(CART.toString(), TopicKind.CHANGES, READABLE, 1);
        letters.failToCompare("there is more than can be read in 15 s");

        var one = json(get(LETTERS + "/" + lost), 200);
        json(post(LETTERS + "/" + lost + "/replay", "{}"), 503);

        assertThat(one.path("record").asText()).contains("west/shop/cart");
        assertThat(one.path("refusal").asText())
                .isEqualTo(
                        "whether later records told of the same canary is not known: there is more"
                                + " than can be read in 15 s");
        assertThat(letters.replayed()).isEmpty();
    }

    @Test
    void nothingIsComparedForWhoMayNotReplay() throws Exception {
        serve(withRules("rules: [{users: [ada], namespaces: [shop]}]"));
        var lost = put(CART.toString(), TopicKind.CHANGES, READABLE, 1);
        letters.failToCompare("it was asked");

        assertThat(json(get(LETTERS + "/" + lost, ADA), 200).path("refusal").asText())
                .endsWith("is not known: only who may replay it is told");
    }

    @Test
    void clustersOfWhichACallerMaySeeNothingAreNotRead() throws Exception {
        serve(withRules());
        put(CART.toString(), TopicKind.CHANGES, READABLE, 1);
        letters.put("east", TopicKind.CHANGES, "east/shop/cart", "x", UNREADABLE, AT);

        json(get(LETTERS, ADA), 200);
        assertThat(letters.looked()).containsExactly("west");
        json(get(LETTERS, ROOT), 200);
        assertThat(letters.looked()).containsExactlyInAnyOrder("west", "east");
    }

    /** At Kafka it takes an account to read them. */
    @Test
    void whereAnybodyReadsWithoutALoginWhatLayInItIsToldToNobody() throws Exception {
        serve(AccessConfig.NONE, "0.0.0.0");
        var readable = put(CART.toString(), TopicKind.CHANGES, READABLE, 1);
        var unreadable = put(CART.toString(), TopicKind.CHANGES, UNREADABLE, 1);

        for (LetterId each : List.of(readable, unreadable)) {
            var one = json(get(LETTERS + "/" + each), 200);

            assertThat(one.path("reason").asText()).isEqualTo("unknown schema");
            assertThat(one.path("record").isNull()).isTrue();
            assertThat(one.path("beginning").isNull()).isTrue();
            assertThat(one.path("unreadable").asText()).contains("told to nobody");
        }
    }

    // ---- dead letters: what is done

    @Test
    void aLetterIsReplayedOnceItIsAskedForAndNotWhenItIsOnlyTried() throws Exception {
        serve(withRules());
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);
        String path = LETTERS + "/" + lost + "/replay";

        var tried = json(post(path, "{\"dryRun\": true}", ADA), 200);
        assertThat(letters.replayed()).isEmpty();
        var done = json(post(path, "{\"reason\": \"the registry is back\"}", ADA), 200);

        assertThat(tried.path("outcome").asText()).isEqualTo("dry-run");
        assertThat(done.path("outcome").asText()).isEqualTo("done");
        assertThat(done.path("message").asText())
                .isEqualTo("it was put on serinus.west.metric-results");
        assertThat(letters.replayed()).containsExactly(lost);
        assertThat(metrics.scrape())
                .contains("serinus_api_actions_total{action=\"replay\",became=\"done\"} 1.0");
    }

    @Test
    void whatCouldUndoSomethingIsRefusedByTheRuleOfTheCommand() throws Exception {
        serve(AccessConfig.NONE);
        var command = put(CART.toString(), TopicKind.ROUTER_COMMANDS, UNREADABLE, 1);

        var answer = json(post(LETTERS + "/" + command + "/replay", "{}"), 409);

        assertThat(answer.path("detail").asText()).contains("an old one could undo");
        assertThat(letters.replayed()).isEmpty();
    }

    /** Whoever may write letters of one cluster chooses what stands in them. */
    @ParameterizedTest
    @CsvSource({
        "serinus.east.router-results, west/shop/cart, 'is no topic of Serinus in west'",
        "serinus.east.changes, east/shop/cart, 'is no topic of Serinus in west'",
        "serinus.west.router-results, east/shop/cart, 'is not of west'",
        "serinus.rollouts, west/shop/cart, 'is no topic of Serinus in west'"
    })
    void aLetterOfOneClusterWritesNothingToAnother(String topic, String key, String because)
            throws Exception {
        serve(
                withRules(
                        "rules: [{users: [ada], clusters: [west], verbs: [replay]}, {users:"
                                + " [root], verbs: ['*']}]"));
        var letter =
                letters.put(
                        "west",
                        topic,
                        key,
                        "unknown schema",
                        new LetterContent.Decoded("{}", key),
                        AT);

        for (String who : List.of(ADA, ROOT)) {
            var shown = json(get(LETTERS + "/" + letter, who), 200);
            var answer = json(post(LETTERS + "/" + letter + "/replay", "{}", who), 409);

            assertThat(shown.path("refusal").asText()).contains(because);
            assertThat(answer.path("detail").asText()).contains(because);
        }
        assertThat(letters.replayed()).isEmpty();
    }

    /** Nobody knows whom it tells of: its key is what its writer said. */
    @Test
    void whatCannotBeReadIsReplayedByWhoMayDoSoWithTheWholeClusterAlone() throws Exception {
        serve(withRules());
        var unreadable = put(CART.toString(), TopicKind.METRIC_RESULTS, UNREADABLE, 1);
        var nobodys =
                put(
                        CART.toString(),
                        TopicKind.METRIC_RESULTS,
                        new LetterContent.Decoded("{}", null),
                        1);
        String path = LETTERS + "/" + unreadable;

        var shown = json(get(path, ADA), 200);
        json(post(path + "/replay", "{}", ADA), 403);
        json(get(LETTERS + "/" + nobodys, ADA), 404);

        assertThat(shown.path("allowedActions")).isEmpty();
        assertThat(letters.replayed()).isEmpty();
        json(post(path + "/replay", "{}", ROOT), 200);
    }

    @Test
    void whyOneWasSetAsideMayQuoteItAndIsForWhoMaySeeTheWholeCluster() throws Exception {
        serve(withRules());
        var id =
                letters.put(
                        "west",
                        TopicKind.METRIC_RESULTS,
                        CART.toString(),
                        "its record tells of west/blog/web",
                        new LetterContent.Unreadable("MetricResult", "no field blog"),
                        AT);

        for (String path : List.of(LETTERS, LETTERS + "/" + id)) {
            assertThat(get(path, ADA).body()).contains("west/0/0").doesNotContain("blog");
            assertThat(get(path, ROOT).body()).contains("tells of west/blog/web");
        }
    }

    @Test
    void whoMaySeeAndNotReplayIsRefusedAndTold() throws Exception {
        serve(withRules("rules: [{users: [ada], namespaces: [shop]}]"));
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);

        var shown = json(get(LETTERS + "/" + lost, ADA), 200);
        var answer = json(post(LETTERS + "/" + lost + "/replay", "{}", ADA), 403);

        assertThat(shown.path("allowedActions")).isEmpty();
        assertThat(answer.path("detail").asText()).contains("no rule lets ada replay");
        assertThat(letters.replayed()).isEmpty();
        assertThat(metrics.scrape()).contains("serinus_api_refusals_total{because=\"rules\"} 1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"reason\": 1}",
                "{\"reason\": \"a\\nb\"}",
                "{\"dryRun\": 1}",
                "{\"x\": 1}",
                "{\"dryRun\": true, \"dryRun\": false}"
            })
    void aBodyThatNobodyCanReadReplaysNothing(String body) throws Exception {
        serve(AccessConfig.NONE);
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, UNREADABLE, 1);

        var answer = post(LETTERS + "/" + lost + "/replay", body);

        assertThat(answer.statusCode()).isIn(400, 422);
        described.check(answer);
        assertThat(letters.replayed()).isEmpty();
    }

    // ---- gates

    @Test
    void canariesThatWaitStandBesideTheGatesThatAreKept() throws Exception {
        serve(AccessConfig.NONE);
        fleet.state(BLOG, waiting(BLOG));
        gates.turn(CART, new KeptGate(KeptGateKind.GATE, false, "ada", "not on Fridays", AT));

        var answer = json(get(GATES), 200);

        assertThat(answer.path("count").asInt()).isEqualTo(2);
        assertThat(answer.path("clusters").toString()).isEqualTo("[\"west\"]");
        JsonNode blog = answer.at("/canaries/0");
        assertThat(blog.path("waits").asBoolean()).isTrue();
        assertThat(blog.path("waitingFor").asText()).isEqualTo("approval by the board");
        assertThat(blog.path("gates")).isEmpty();
        JsonNode cart = answer.at("/canaries/1");
        assertThat(cart.path("waits").asBoolean()).isFalse();
        assertThat(cart.at("/gates/0/gate").asText()).isEqualTo("gate");
        assertThat(cart.at("/gates/0/open").asBoolean()).isFalse();
        assertThat(cart.at("/gates/0/actor").asText()).isEqualTo("ada");
        assertThat(cart.at("/gates/0/reason").asText()).isEqualTo("not on Fridays");
        assertThat(cart.path("allowedActions").toString()).isEqualTo("[\"open\",\"close\"]");
        assertThat(json(get(GATES + "?namespace=shop"), 200).path("count").asInt()).isEqualTo(1);
        assertThat(json(get(GATES + "?limit=1"), 200).has("continue")).isTrue();
        json(get(GATES + "?limit=0"), 400);
    }

    @Test
    void aGateIsTurnedByWhoMayAndKeepsWhoItWasAndWhy() throws Exception {
        serve(withRules());

        var opened =
                json(
                        post(
                                GATES + "/west/shop/cart/gate",
                                "{\"open\": true, \"reason\": \"looked at it\"}",
                                ADA),
                        200);
        var closed = json(post(GATES + "/west/shop/cart/gate", "{\"open\": false}", ADA), 403);
        json(post(GATES + "/west/blog/web/gate", "{\"open\": true}", ADA), 404);
        json(post(GATES + "/west/shop/gone/gate", "{\"open\": true}", ADA), 404);

        assertThat(opened.path("open").asBoolean()).isTrue();
        assertThat(closed.path("detail").asText()).contains("no rule lets ada close gates of");
        assertThat(gates.read(_ -> true).gates().get(CART))
                .singleElement()
                .satisfies(
                        gate -> {
                            assertThat(gate.open()).isTrue();
                            assertThat(gate.actor()).isEqualTo("ada");
                            assertThat(gate.reason()).isEqualTo("looked at it");
                        });
        assertThat(metrics.scrape())
                .contains("serinus_api_actions_total{action=\"open\",became=\"done\"} 1.0");
    }

    @Test
    void whoMaySeeOneNamespaceSeesNoGatesOfOthers() throws Exception {
        serve(withRules());
        gates.turn(BLOG, new KeptGate(KeptGateKind.GATE, true, "ben", "", AT));
        gates.turn(CART, new KeptGate(KeptGateKind.GATE, true, "ben", "", AT));

        var answer = json(get(GATES, ADA), 200);

        assertThat(answer.path("count").asInt()).isEqualTo(1);
        assertThat(answer.at("/canaries/0/allowedActions").toString()).isEqualTo("[\"open\"]");
    }

    @Test
    void whoTurnsOneAtTheSameMomentAsOthersIsTold() throws Exception {
        serve(AccessConfig.NONE);
        gates.overtake();

        var answer = json(post(GATES + "/west/shop/cart/rollback", "{\"open\": true}"), 409);

        assertThat(answer.path("detail").asText()).contains("at the same moment");
    }

    @Test
    void withoutALoadTesterThereIsNothingToTurn() throws Exception {
        serve(AccessConfig.NONE);
        var east = new CanaryKey("east", "shop", "cart");
        fleet.state(east, waiting(east));

        json(post(GATES + "/east/shop/cart/gate", "{\"open\": true}"), 503);
        assertThat(json(get(GATES), 200).at("/canaries/0/allowedActions")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"open\": 1}", "{\"open\": true, \"x\": 1}", "no"})
    void aTurnThatNobodyCanReadTurnsNothing(String body) throws Exception {
        serve(AccessConfig.NONE);

        json(post(GATES + "/west/shop/cart/gate", body), 422);
        json(post(GATES + "/west/shop/cart/door", "{\"open\": true}"), 400);
        assertThat(gates.read(_ -> true).gates()).isEmpty();
    }

    // ---- the past

    @Test
    void aRunThatIsWholeInMemoryIsNotReadBack() throws Exception {
        serve(AccessConfig.NONE);
        for (long sequence = 1; sequence <= 3; sequence++) {
            fleet.event(CART, event("uid-1", 4, sequence));
        }

        var answer = json(get(PAST + "?run=4"), 200);

        assertThat(sequences(answer)).containsExactly(3L, 2L, 1L);
        assertThat(answer.has("continue")).isFalse();
    }

    @Test
    void anEarlierRunIsReadBackAPartAtATimeToItsFirstEvent() throws Exception {
        serve(AccessConfig.NONE);
        for (long sequence = 1; sequence <= 4; sequence++) {
            past.add(event("before", 2, sequence)); // of a Canary of the same name
        }
        for (long run = 1; run <= 3; run++) {
            for (long sequence = 1; sequence <= 4; sequence++) {
                past.add(event("uid-1", run, sequence));
            }
        }

        List<Long> found = new ArrayList<>();
        String more = "";
        int pages = 0;
        do {
            var page = json(get(PAST + "?run=2&limit=3" + more), 200);
            found.addAll(sequences(page));
            more = page.has("continue") ? "&continue=" + page.path("continue").asText() : "";
            pages++;
        } while (!more.isEmpty());

        assertThat(found).containsExactly(4L, 3L, 2L, 1L);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void allThatIsKeptOfOneIsReadBackByWhoMaySeeIt() throws Exception {
        serve(withRules());
        past.addAll(LongStream.rangeClosed(1, 5).mapToObj(n -> event("uid-1", 1, n)).toList());

        assertThat(sequences(json(get(PAST, ADA), 200))).containsExactly(5L, 4L, 3L, 2L, 1L);
        json(get("/api/v1/rollouts/west/blog/web/events", ADA), 404);
        json(get(PAST + "?run=0", ADA), 400);
        json(get(PAST + "?continue=x", ADA), 400);
        json(get(PAST + "?limit=501", ADA), 400);
    }

    // ---- who is answered at the same time

    @Test
    void thoseWhoActDoNotWaitForThoseWhoLook() throws Exception {
        serve(withRules());
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);
        letters.holdReaders();
        var looking =
                Stream.of(ADA, ROOT)
                        .map(
                                who ->
                                        http.sendAsync(
                                                HttpRequest.newBuilder(uri(LETTERS))
                                                        .header("Authorization", who)
                                                        .build(),
                                                HttpResponse.BodyHandlers.ofString()))
                        .toList();
        letters.awaitHeld(2);

        json(post(GATES + "/west/shop/cart/gate", "{\"open\": true}", ADA), 200);
        json(post(LETTERS + "/" + lost + "/replay", "{}", ADA), 200);

        letters.releaseReaders();
        for (var each : looking) {
            json(each.join(), 200);
        }
    }

    /** Two turns are taken by those who closed their tabs; who comes next waits for neither. */
    @Test
    void whoIsGoneGivesItsTurnBackAtOnce() throws Exception {
        serve(withRules());
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);
        letters.holdReaders();
        var gone = List.of(ask(LETTERS, ADA), ask(LETTERS, ROOT));
        letters.awaitHeld(2);

        for (Socket each : gone) {
            each.close();
        }
        var next =
                http.sendAsync(
                        HttpRequest.newBuilder(uri(LETTERS)).header("Authorization", ADA).build(),
                        HttpResponse.BodyHandlers.ofString());
        await().atMost(Duration.ofMinutes(1)).until(() -> letters.held() == 3 || next.isDone());
        letters.releaseReaders();

        assertThat(ids(json(next.get(), 200))).containsExactly(lost.toString());
    }

    /** Sends it, and reads nothing. */
    private Socket ask(String path, String token) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), uri(path).getPort());
        socket.getOutputStream()
                .write(
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n\r\n"
                                .formatted(path, token)
                                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {LETTERS, LETTERS + "/west/0/0", GATES, PAST, ALERTS, AUDIT})
    void whereNobodyLogsInAPageOfAnotherSiteAsksNothing(String path) throws Exception {
        serve(AccessConfig.NONE);
        put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);
        letters.fail("it was asked");

        var answer = send(HttpRequest.newBuilder(uri(path)).header("Sec-Fetch-Site", "cross-site"));

        assertThat(json(answer, 403).path("detail").asText()).contains("another site");
    }

    // ---- what is refused before anybody is asked

    @ParameterizedTest
    @CsvSource({
        "/api/v1/rollouts?limit=many, 400",
        "/api/v1/events?people=perhaps, 400",
        "/api/v1/audit?outcome=banana, 400",
        "/api/v1/audit?who=ada, 400",
        "/api/v1/rollouts/west/shop/cart/events?run=last, 400"
    })
    void whatCannotBeReadIsAProblemLikeAnyOther(String path, int status) throws Exception {
        serve(AccessConfig.NONE);

        var answer = json(get(path), status);

        assertThat(answer.path("status").asInt()).isEqualTo(status);
        assertThat(answer.path("instance").asText()).isEqualTo(path.replaceFirst("\\?.*", ""));
    }

    @Test
    void aPathThatThereIsNotIsAProblemAndElsewhereASentence() throws Exception {
        serve(AccessConfig.NONE);

        var below = get("/api/v1/nothing");
        var elsewhere = get("/nothing");

        assertThat(below.statusCode()).isEqualTo(404);
        assertThat(below.headers().firstValue("Content-Type"))
                .hasValueSatisfying(it -> assertThat(it).startsWith("application/problem+json"));
        assertThat(new ObjectMapper().readTree(below.body()).path("status").asInt()).isEqualTo(404);
        assertThat(elsewhere.statusCode()).isEqualTo(404);
        assertThat(new ObjectMapper().readTree(elsewhere.body()).has("error")).isTrue();
    }

    // ---- what the installation asks of all

    @Test
    void budgetsTellWhoHasAPlaceAndWhoWaitsAsFarAsOneMaySee() throws Exception {
        serve(withRules());
        rules =
                FleetFile.read(
                        Files.writeString(
                                files.resolve("fleet"),
                                """
                                budgets:
                                - {name: all, max: 1}
                                - {name: blogs, max: 5, scope: {namespaces: [blog]}}
                                freezes:
                                - {name: ever, from: 2020-01-01T00:00, to: 2020-12-01T00:00, what: [starts]}
                                - {name: weekend, cron: "0 18 * * FRI", for: 62h, what: [starts, promotions], reason: nobody is there}
                                """));
        var till = new CanaryKey("west", "shop", "till");
        var next = new CanaryKey("west", "shop", "next");
        var rests = new CanaryKey("west", "shop", "rests");
        fleet.state(
                till,
                state(till)
                        .setPhase("Waiting")
                        .setWaitingFor("a budget: 1 of 1 in all: 1 of other namespaces; place 1 in")
                        .build());
        fleet.state(
                next,
                state(next)
                        .setPhase("Waiting")
                        .setWaitingFor(
                                "us/shop/api to be promoted with this release: it has not begun")
                        .build());
        fleet.state(rests, state(rests).setPhase("Succeeded").build());

        var root = json(get("/api/v1/budgets", ROOT), 200);
        var ada = json(get("/api/v1/budgets", ADA), 200);

        assertThat(root.path("budgets").findValuesAsText("scope")).containsExactly("all", "blogs");
        assertThat(ada.path("budgets").findValuesAsText("scope")).containsExactly("all");
        JsonNode all = ada.at("/budgets/0");
        assertThat(all.path("max").asInt()).isEqualTo(1);
        assertThat(all.path("running").asInt()).as("cart and web").isEqualTo(2);
        assertThat(all.path("holders").findValuesAsText("name")).containsExactly("cart");
        assertThat(all.path("line").findValuesAsText("name")).containsExactly("till");
        assertThat(ada.path("waves").findValuesAsText("name")).containsExactly("next");
        assertThat(ada.path("freezes")).hasSize(1);
        assertThat(ada.at("/freezes/0/name").asText()).isEqualTo("weekend");
        assertThat(ada.at("/freezes/0/what").toString()).isEqualTo("[\"starts\",\"promotions\"]");
        json(get("/api/v1/budgets"), 401);
    }

    @Test
    void whoHasAPlaceAndWhoWaitsIsToldByTheStateAndNotByItsWords() throws Exception {
        serve(AccessConfig.NONE);
        rules =
                FleetFile.read(
                        Files.writeString(
                                files.resolve("fleet"),
                                """
                                budgets:
                                - {name: all, max: 1}
                                """));
        told("held", "Progressing", "", true);
        told("placed", "Waiting", "budget", false);
        told("behind", "Waiting", "promotion", false);
        told("together", "WaitingPromotion", "group", true);
        told("free", "Progressing", "", false);
        for (Phase phase : Phase.values()) {
            var canary = new CanaryKey("west", "shop", old(phase));
            fleet.state(canary, state(canary).setPhase(phase.text()).build());
        }

        var answer = json(get("/api/v1/budgets"), 200);

        JsonNode all = answer.at("/budgets/0");
        assertThat(all.path("line").findValuesAsText("name")).containsExactly("placed");
        assertThat(answer.path("waves").findValuesAsText("name")).containsExactly("behind");
        assertThat(all.path("holders").findValuesAsText("name"))
                .contains("held", "together")
                .doesNotContain("free", "behind")
                .as("of records that do not tell, those at work alone")
                .contains(old(Phase.PROGRESSING), old(Phase.FINALISING))
                .doesNotContain(
                        old(Phase.INITIALIZING), old(Phase.TERMINATING), old(Phase.WAITING));
    }

    private static String old(Phase phase) {
        return "old-" + phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void told(String name, String phase, String waitsFor, boolean hasPlace) {
        var canary = new CanaryKey("west", "shop", name);
        fleet.state(
                canary,
                state(canary)
                        .setPhase(phase)
                        .setWaitingFor("words that somebody changed")
                        .setWaitsForOthers(waitsFor)
                        .setHasPlace(hasPlace)
                        .build());
    }

    @Test
    void withoutAFleetFileNothingIsAsked() throws Exception {
        serve(AccessConfig.NONE);

        var answer = json(get("/api/v1/budgets"), 200);

        assertThat(answer.path("budgets")).isEmpty();
        assertThat(answer.path("freezes")).isEmpty();
    }

    // ---- alerts

    @Test
    void whatBecameOfTheAlertsOfARunIsToldTheLatestFirst() throws Exception {
        serve(withRules());
        told.add(told("uid-1", 3, 1, "delivered"));
        told.add(told("uid-1", 4, 1, "delivered"));
        told.add(told("uid-0", 4, 2, "delivered"));
        told.add(told("uid-1", 4, 3, "dead-lettered"));

        var all = json(get(ALERTS, ADA), 200);
        var run = json(get(ALERTS + "?run=4", ADA), 200);
        var first = json(get(ALERTS + "?limit=1", ADA), 200);
        var second =
                json(
                        get(ALERTS + "?limit=1&continue=" + first.path("continue").asText(), ADA),
                        200);

        assertThat(all.path("count").asInt()).isEqualTo(4);
        assertThat(run.path("alerts").findValuesAsText("outcome"))
                .containsExactly("dead-lettered", "delivered");
        assertThat(run.has("continue")).as("before it lies another run").isFalse();
        assertThat(run.at("/alerts/0/because").asText()).isEqualTo("status 404");
        assertThat(run.at("/alerts/0/severity").asText()).isEqualTo("error");
        assertThat(second.at("/alerts/0/sequence").asInt()).isEqualTo(2);
        json(get(ALERTS.replace("shop/cart", "blog/web"), ADA), 404);
        json(get(ALERTS + "?run=-1&limit=0", ADA), 400);
        json(get(ALERTS + "?continue=x", ADA), 400);
        json(get(ALERTS), 401);
    }

    /** A notifier that was killed says again what it knows was told. */
    @Test
    void anAlertThatIsToldOfTwiceIsOne() throws Exception {
        serve(AccessConfig.NONE);
        told.add(told("uid-1", 4, 3, "dead-lettered"));
        told.add(told("uid-1", 4, 3, "delivered"));
        told.add(told("uid-1", 4, 3, "delivered"));

        var alerts = json(get(ALERTS + "?run=4"), 200).path("alerts");

        assertThat(alerts.valueStream().map(it -> it.path("outcome").asText()))
                .as("that it was lost first is another word")
                .containsExactly("delivered", "dead-lettered");
    }

    private static AlertResult told(String uid, long run, long sequence, String outcome) {
        boolean lost = outcome.equals("dead-lettered");
        return AlertResult.newBuilder()
                .setCanary(CART.toString())
                .setUid(uid)
                .setRun(run)
                .setSequence(sequence)
                .setKey("msg_%s_%d_%d".formatted(uid, run, sequence))
                .setAlert("on-call")
                .setProvider("on-call.shop")
                .setType("slack")
                .setSeverity(lost ? Severity.ERROR : Severity.INFO)
                .setMessage("halt advancement")
                .setOutcome(outcome)
                .setAttempts(lost ? 3 : 1)
                .setBecause(lost ? "status 404" : "")
                .setAt(AT.plusSeconds(run * 100 + sequence))
                .build();
    }

    // ---- audit

    @Test
    void whatPeopleDidAndWereRefusedIsInOnePlace() throws Exception {
        serve(withRules());
        var lost = put(CART.toString(), TopicKind.METRIC_RESULTS, READABLE, 1);
        var foreign = put(BLOG.toString(), TopicKind.METRIC_RESULTS, READABLE, 2);
        json(post(LETTERS + "/" + lost + "/replay", "{\"reason\": \"again\"}", ADA), 200);
        json(post(LETTERS + "/" + foreign + "/replay", "{}", ADA), 404);
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": true}", ADA), 200);
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": false}", ADA), 403);
        json(get(LETTERS), 401);
        json(get(LETTERS), 401);

        var root = json(get(AUDIT, ROOT), 200);
        var ada = json(get(AUDIT, ADA), 200);

        assertThat(entries(root))
                .containsExactly(
                        " request login",
                        "ada close not-allowed west/shop/cart",
                        "ada open done west/shop/cart gate",
                        "ada replay not-allowed west/null/null " + foreign,
                        "ada replay done west/shop/cart " + lost);
        assertThat(root.at("/entries/4/reason").asText()).isEqualTo("again");
        assertThat(entries(ada)).hasSize(4).noneMatch(it -> it.contains("login"));
    }

    /** Else whoever tries one number after the other counts the letters of others. */
    @Test
    void theAuditDoesNotTellWhichLettersOfOthersAreThere() throws Exception {
        serve(withRules());
        var foreign = put(BLOG.toString(), TopicKind.METRIC_RESULTS, READABLE, 2);
        var none = LetterId.parse("west/0/900").orElseThrow();
        json(post(LETTERS + "/" + foreign + "/replay", "{}", ADA), 404);
        json(post(LETTERS + "/" + none + "/replay", "{}", ADA), 404);

        assertThat(entries(json(get(AUDIT, ADA), 200)))
                .containsExactly(
                        "ada replay not-allowed west/null/null " + none,
                        "ada replay not-allowed west/null/null " + foreign);
    }

    /** Whoever may see a canary sees who tried what there; of others nothing. */
    @Test
    void nothingOfAnotherTenantIsInTheAudit() throws Exception {
        serve(withRules(RULES + "- {users: [ben], verbs: [read], namespaces: [blog]}\n"));
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": true}", ADA), 200);
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": true}", BEN), 404);
        json(post(GATES + "/west/blog/web/gate", "{\"open\": true}", ROOT), 200);

        assertThat(entries(json(get(AUDIT, BEN), 200)))
                .containsExactly(
                        "root open done west/blog/web gate", "ben open not-allowed west/shop/cart");
        assertThat(entries(json(get(AUDIT, ADA), 200)))
                .containsExactly(
                        "ben open not-allowed west/shop/cart", "ada open done west/shop/cart gate");
    }

    @ParameterizedTest
    @CsvSource({
        "actor=ada, 2",
        "outcome=done, 2",
        "actor=ada&outcome=done, 1",
        "namespace=blog, 1",
        "cluster=west&namespace=shop&name=cart, 2",
        "cluster=east, 0",
        "since=2999-01-01T00:00:00Z, 0"
    })
    void theAuditIsFiltered(String query, int count) throws Exception {
        serve(withRules());
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": true}", ADA), 200);
        json(post(GATES + "/west/shop/cart/gate", "{\"open\": false}", ADA), 403);
        json(post(GATES + "/west/blog/web/gate", "{\"open\": true}", ROOT), 200);

        var page = json(get(AUDIT + "?" + query, ROOT), 200);

        assertThat(page.path("count").asInt()).isEqualTo(count);
        json(get(AUDIT + "?limit=0", ROOT), 400);
        json(get(AUDIT + "?continue=x", ROOT), 400);
    }

    @Test
    void theAuditIsReadInPages() throws Exception {
        serve(withRules());
        for (int n = 0; n < 3; n++) {
            json(
                    post(GATES + "/west/shop/cart/gate", "{\"open\": " + (n % 2 == 0) + "}", ROOT),
                    200);
        }

        var first = json(get(AUDIT + "?limit=2", ADA), 200);
        var second =
                json(get(AUDIT + "?limit=2&continue=" + first.path("continue").asText(), ADA), 200);

        assertThat(first.path("entries").findValuesAsText("action"))
                .containsExactly("open", "close");
        assertThat(second.path("entries").findValuesAsText("action")).containsExactly("open");
        assertThat(second.has("continue")).isFalse();
    }

    private static List<String> entries(JsonNode answer) {
        List<String> all = new ArrayList<>();
        for (JsonNode each : answer.path("entries")) {
            String where =
                    each.path("cluster").isNull()
                            ? ""
                            : "%s/%s/%s"
                                    .formatted(
                                            each.path("cluster").asText(),
                                            each.path("namespace").asText(),
                                            each.path("name").asText());
            all.add(
                    "%s %s %s %s %s"
                            .formatted(
                                    each.path("actor").asText(),
                                    each.path("action").asText(),
                                    each.path("outcome").asText(),
                                    where,
                                    each.path("target").asText())
                            .replace("  ", " ")
                            .stripTrailing());
        }
        return all;
    }

    private static List<Long> sequences(JsonNode answer) {
        return answer.path("events").findValues("sequence").stream().map(JsonNode::asLong).toList();
    }

    private static List<String> ids(JsonNode answer) {
        return answer.path("letters").findValuesAsText("id");
    }

    // ---- the server

    private LetterId put(@Nullable String key, TopicKind kind, LetterContent content, int second) {
        return letters.put("west", kind, key, "unknown schema", content, AT.plusSeconds(second));
    }

    private void serve(AccessConfig access) {
        serve(access, "127.0.0.1");
    }

    private void serve(AccessConfig access, String host) {
        for (CanaryKey canary : List.of(CART, BLOG)) {
            fleet.state(canary, state(canary).build());
        }
        var desk =
                new ActionDesk(fleet, (_, _) -> {}, InstantSource.system(), Duration.ofMillis(300));
        api =
                ReadApi.serve(
                        health,
                        fleet,
                        desk,
                        new OnRequest(
                                        () -> letters,
                                        gates,
                                        this::before,
                                        this::told,
                                        audit,
                                        () -> rules)
                                .with(() -> hub),
                        access,
                        LoginConfig.NONE,
                        metrics,
                        host,
                        0);
    }

    /** A process of which a part is not ready. */
    private record Lacking(String missing) implements ServiceHealth {
        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public boolean ready() {
            return false;
        }
    }

    /** By their places in a list. */
    private PastEvents.Part before(CanaryKey canary, @Nullable Long from, int most) {
        int to = from == null ? past.size() : Math.toIntExact(from);
        int begin = Math.max(0, to - most);
        return new PastEvents.Part(past.subList(begin, to), begin == 0 ? null : (long) begin);
    }

    /** The same of alerts. */
    private AlertResults.Part told(
            CanaryKey canary, @Nullable Instant since, @Nullable Long from, int most) {
        var wanted =
                told.stream()
                        .filter(each -> each.getCanary().equals(canary.toString()))
                        .filter(each -> since == null || !each.getAt().isBefore(since))
                        .toList();
        int to = from == null ? wanted.size() : Math.toIntExact(from);
        int begin = Math.max(0, to - most);
        return new AlertResults.Part(wanted.subList(begin, to), begin == 0 ? null : (long) begin);
    }

    private AccessConfig withRules() throws Exception {
        return withRules(RULES);
    }

    private AccessConfig withRules(String rules) throws Exception {
        Path tokens =
                Files.writeString(
                        files.resolve("tokens"),
                        "ada %s%nroot %s%nben %s%n"
                                .formatted(
                                        hash("secret-of-ada"),
                                        hash("secret-of-root"),
                                        hash("secret-of-ben")));
        Path written = Files.writeString(files.resolve("rules"), rules);
        return new AccessConfig(tokens, written, null, null, null, "sub", "groups", 60);
    }

    private static String hash(String token) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    private static RolloutState waiting(CanaryKey canary) {
        return state(canary)
                .setWaitingFor("approval by the board")
                .setPossibleActions(List.of("approve", "abort"))
                .build();
    }

    private static RolloutState.Builder state(CanaryKey canary) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(4)
                .setPhase("Progressing")
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(20)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(7)
                .setSequence(3)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setPossibleActions(List.of("pause", "abort"))
                .setUpdatedAt(AT);
    }

    private static RolloutEvent event(String uid, long run, long sequence) {
        return RolloutEvent.newBuilder()
                .setCanary(CART.toString())
                .setUid(uid)
                .setRun(run)
                .setSequence(sequence)
                .setType("StepPassed")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(sequence)
                .setCanaryWeight(10)
                .setFailedChecks(0)
                .setMessage("")
                .setEvidence(List.of())
                .setAt(AT.plusSeconds(run * 100 + sequence))
                .build();
    }

    private HttpResponse<String> post(String path, String body, String... token)
            throws IOException, InterruptedException {
        var answer =
                send(
                        HttpRequest.newBuilder(uri(path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)),
                        token);
        described.checkTaken(answer, body);
        return answer;
    }

    private HttpResponse<String> get(String path, String... token)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)), token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String... token)
            throws IOException, InterruptedException {
        if (token.length > 0) {
            request.header("Authorization", token[0]);
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
