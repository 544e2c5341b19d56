package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

class ReadApiTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final AtomicBoolean ready = new AtomicBoolean();
    private static final AtomicBoolean alive = new AtomicBoolean(true);
    private static final HttpClient http = HttpClient.newHttpClient();
    private static ReadApi api;

    @BeforeAll
    static void serve() {
        FleetView fleet = new FleetView(2);
        for (String[] each :
                new String[][] {
                    {"west", "shop", "cart", "Progressing"},
                    {"west", "shop", "till", "Succeeded"},
                    {"east", "shop", "cart", "Failed"},
                    {"east", "blog", "web", "Succeeded"}
                }) {
            var canary = new CanaryKey(each[0], each[1], each[2]);
            var state = RolloutState.newBuilder(state(canary, each[3]));
            switch (each[2]) {
                case "till" ->
                        state.setLabels(Map.of("tier", "web"))
                                .setImages(List.of("registry.test/till:2"))
                                .setPrimaryImages(List.of("registry.test/till:1"));
                case "web" -> state.setLabels(Map.of());
                default -> {
                    // is of a release that did not tell
                }
            }
            fleet.state(canary, state.build());
        }
        var cart = new CanaryKey("west", "shop", "cart");
        for (long sequence = 1; sequence <= 3; sequence++) {
            fleet.event(cart, event(cart, sequence));
        }
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.counter("flagger.canary.successes", "name", "cart").increment();
        api = serve(fleet, metrics);
    }

    private static ReadApi serve(FleetView fleet, PrometheusMeterRegistry metrics) {
        return ReadApi.serve(
                health(),
                fleet,
                new ActionDesk(fleet, (_, _) -> {}, InstantSource.system(), Duration.ZERO),
                AccessConfig.NONE,
                metrics,
                "127.0.0.1",
                0);
    }

    @AfterAll
    static void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/rollouts, 4",
        "/api/rollouts?cluster=west, 2",
        "/api/rollouts?namespace=shop, 3",
        "/api/rollouts?phase=Succeeded, 2",
        "/api/rollouts?phase=succeeded&cluster=east, 1",
        "/api/rollouts?cluster=nowhere, 0"
    })
    void theFleetIsListedAndFiltered(String path, int count) throws Exception {
        JsonNode answer = json(get(path), 200);

        assertThat(answer.path("count").asInt()).isEqualTo(count);
        assertThat(answer.path("rollouts")).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "labels=tier%3Dweb | 1",
                "labels=tier!%3Ddb | 2",
                "labels=tier!%3Ddb&namespace=shop | 1",
                "labels=tier&cluster=west | 1"
            })
    void theFleetIsFilteredByLabelsAndWhoseAreNotKnownIsNamed(String query, int count)
            throws Exception {
        JsonNode answer = json(get("/api/v1/rollouts?" + query), 200);

        assertThat(answer.path("count").asInt()).isEqualTo(count);
        assertThat(answer.path("unknownLabels")).isNotEmpty();
        assertThat(answer.at("/rollouts/0/labels").isObject()).isTrue();
        assertThat(json(get("/api/v1/rollouts"), 200).has("unknownLabels")).isFalse();
        for (String wrong : List.of("labels=", "labels=app%3D~x")) {
            var refused = get("/api/v1/rollouts?" + wrong);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("labels must be a label selector");
        }
    }

    @Test
    void imagesAreToldWhereTheyAreKnown() throws Exception {
        JsonNode known = json(get("/api/v1/rollouts/west/shop/till"), 200).path("rollout");
        JsonNode unknown = json(get("/api/v1/rollouts/west/shop/cart"), 200).path("rollout");

        assertThat(known.path("images").toString()).isEqualTo("[\"registry.test/till:2\"]");
        assertThat(known.path("primaryImages").toString()).isEqualTo("[\"registry.test/till:1\"]");
        assertThat(unknown.has("images") || unknown.has("primaryImages")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"failed-with-traffic, 1", "running, 1", "quiet, 2", "waits-for-people, 0"})
    void theFleetIsFilteredByWhatItAsksOfPeople(String attention, int count) throws Exception {
        JsonNode answer = json(get("/api/v1/rollouts?attention=" + attention), 200);

        assertThat(answer.path("count").asInt()).isEqualTo(count);
    }

    @Test
    void filtersThatAreNotKnownAreRefusedAllAtOnceAndNotTakenForNone() throws Exception {
        var refused =
                get("/api/v1/rollouts?attention=banana&colour=red&phase=banana&labels=~&limit=0");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains(
                        "'banana' is no phase",
                        "waits-for-people",
                        "nothing can be asked by colour",
                        "labels must be",
                        "limit must be");
    }

    @Test
    void aRolloutHasItsLatestHistoryAndTheEvidenceBehindIt() throws Exception {
        JsonNode answer = json(get("/api/rollouts/west/shop/cart"), 200);

        assertThat(answer.at("/rollout/phase").asText()).isEqualTo("Progressing");
        assertThat(answer.at("/rollout/canaryWeight").asInt()).isEqualTo(30);
        assertThat(answer.at("/rollout/updatedAt").asText()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(answer.at("/rollout/deadline").isNull()).isTrue();
        assertThat(answer.path("history").findValuesAsText("sequence")).containsExactly("2", "3");
        JsonNode evidence = answer.at("/history/0/evidence/0");
        assertThat(evidence.path("check").asText()).isEqualTo("request-success-rate");
        assertThat(evidence.path("value").asDouble()).isEqualTo(97.5);
        assertThat(evidence.path("min").asDouble()).isEqualTo(99);
        assertThat(evidence.path("max").isNull()).isTrue();
        assertThat(evidence.path("verdict").asText()).isEqualTo("FAIL");
    }

    @Test
    void pagesBeginBehindTheLastOfThePageBefore() throws Exception {
        JsonNode first = json(get("/api/v1/rollouts?limit=3"), 200);
        JsonNode second =
                json(
                        get("/api/v1/rollouts?limit=3&continue=" + first.path("continue").asText()),
                        200);

        assertThat(names(first)).containsExactly("east/web", "east/cart", "west/cart");
        assertThat(names(second)).containsExactly("west/till");
        assertThat(second.has("continue")).isFalse();
    }

    private static List<String> names(JsonNode answer) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : answer.path("rollouts")) {
            found.add(each.path("cluster").asText() + "/" + each.path("name").asText());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit must be 1 to 500",
        "limit=501, limit must be 1 to 500",
        "since=yesterday, since must be a time",
        "continue=%25, continue must be what the page before answered",
        "phase=Sideways&limit=0, is no phase"
    })
    void whatIsWrongWithAPageIsSaid(String query, String words) throws Exception {
        for (String path : List.of("/api/v1/rollouts?", "/api/v1/events?")) {
            var answer = get(path + query);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains(words);
        }
    }

    @ParameterizedTest
    @CsvSource({"2026-11-22T10:00:00Z, 4", "2026-11-22T10:00:01Z, 0"})
    void onlyWhatChangedSinceIsListed(String since, int count) throws Exception {
        assertThat(json(get("/api/v1/rollouts?since=" + since), 200).path("count").asInt())
                .isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/rollouts", "/api/v1/rollouts/west/shop/cart", "/api/v1/events"})
    void whatIsKnownAlreadyIsNotSentAgain(String path) throws Exception {
        var first = get(path);
        String tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-None-Match", "\"other\", W/" + tag).body()).isEmpty();
        assertThat(get(path, "If-None-Match", "\"other\"").body()).isEqualTo(first.body());
    }

    @Test
    void eventsOfAllAreListedTheLatestFirst() throws Exception {
        JsonNode first = json(get("/api/v1/events?limit=1"), 200);
        JsonNode second =
                json(
                        get(
                                "/api/v1/events?limit=1&continue="
                                        + URLEncoder.encode(
                                                first.path("continue").asText(),
                                                StandardCharsets.UTF_8)),
                        200);

        assertThat(first.at("/events/0/sequence").asInt()).isEqualTo(3);
        assertThat(first.at("/events/0/cluster").asText()).isEqualTo("west");
        assertThat(second.at("/events/0/sequence").asInt()).isEqualTo(2);
        assertThat(second.has("continue")).isFalse();
        assertThat(json(get("/api/v1/events?people=true"), 200).path("count").asInt()).isZero();
    }

    @Test
    void pagesOfEventsOfManyHaveEachOnceInTheirOrder() throws Exception {
        FleetView many = new FleetView(5);
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 40; number++) {
            var canary = new CanaryKey("west", "shop", "app-" + number);
            for (int sequence = 1; sequence <= 5; sequence++) {
                // Times of one canary lie among those of all others, and some are the same.
                var at = AT.plusSeconds((number * 7L + sequence * 53L) % 97);
                many.event(
                        canary, RolloutEvent.newBuilder(event(canary, sequence)).setAt(at).build());
                expected.add("%s app-%02d %d".formatted(at, number, sequence));
            }
        }
        List<String> found = new ArrayList<>();
        try (ReadApi served = serve(many, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
            String more = "";
            do {
                JsonNode page = json(get(served, "/api/v1/events?limit=7" + more), 200);
                for (JsonNode each : page.path("events")) {
                    found.add(
                            "%s app-%02d %d"
                                    .formatted(
                                            each.path("at").asText(),
                                            Integer.parseInt(
                                                    each.path("name").asText().substring(4)),
                                            each.path("sequence").asInt()));
                }
                more = page.has("continue") ? "&continue=" + page.path("continue").asText() : "";
            } while (!more.isEmpty());
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.stream().map(line -> line.substring(0, 20)))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void aPlaceThatNoPageAnsweredIsRefused() throws Exception {
        var answer = get("/api/v1/events?continue=bm9uZQ");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("continue must be what the page before answered");
    }

    @Test
    void aRolloutNobodyKnowsIsNotFoundAndSaysWhich() throws Exception {
        assertThat(json(get("/api/rollouts/west/shop/nothing"), 404).path("error").asText())
                .contains("west/shop/nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/rollouts/%2F/b/c", "/api/rollouts/a/%2F/c", "/api/rollouts/a/b/%20"})
    void whatIsNoNameOfACanaryIsRefusedAndExplained(String path) throws Exception {
        assertThat(json(get(path), 400).path("error").asText()).contains("cluster/namespace/name");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:8080, 200",
        "LOCALHOST:1, 200",
        "127.0.0.1, 200",
        "[::1]:8080, 200",
        "evil.example, 421",
        "evil.example:8080, 421",
        "127.0.0.1.evil.example, 421",
        "'', 421"
    })
    void onLoopbackOnlyThisMachinesNamesAreServed(String host, int status) throws Exception {
        for (String path : List.of("/api/rollouts", "/metrics", "/healthz", "/nothing")) {
            int expected = status == 200 && path.equals("/nothing") ? 404 : status;
            assertThat(statusLine(path, host)).as(path).contains(" " + expected + " ");
        }
    }

    @Test
    void anotherMachinesNameIsAProblemAtAVersionedPath() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/rollouts HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("application/problem+json", "\"status\":421");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/rollouts/%/b/c", "/api/rollouts/%zz/b/c", "/api/rollouts?phase=%"})
    void whatCannotBeReadIsNotTakenForAnotherMachinesName(String path) throws Exception {
        assertThat(statusLine(path, "localhost")).contains(" 400 ");
    }

    @Test
    void onLoopbackNobodyElsesAddressIsListenedAt() throws Exception {
        for (InetAddress address : othersOfThisMachine()) {
            assertThatThrownBy(() -> new Socket(address, api.port()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    private static List<InetAddress> othersOfThisMachine() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }

    /** The JDK's client lets nobody choose the header Host. */
    private static String statusLine(String path, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(path, host)
                                    .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void aPhaseThatDoesNotExistIsRefusedWithThoseThatDo() throws Exception {
        assertThat(json(get("/api/rollouts?phase=Sideways"), 400).path("error").asText())
                .contains("Sideways", "Progressing");
    }

    @Test
    void readinessAndLivenessAreTheServices() throws Exception {
        ready.set(false);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("the fleet was not read yet");
        ready.set(true);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/healthz").body()).isEqualTo("OK");
        alive.set(false);
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        alive.set(true);
    }

    @Test
    void metricsArePrometheusText() throws Exception {
        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("flagger_canary_successes_total{name=\"cart\"} 1.0");
    }

    private static HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return get(api, path, headers);
    }

    private static HttpResponse<String> get(ReadApi served, String path, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        return new ObjectMapper().readTree(answer.body());
    }

    private static ServiceHealth health() {
        return new ServiceHealth() {
            @Override
            public boolean ready() {
                return ready.get();
            }

            @Override
            public boolean alive() {
                return alive.get();
            }

            @Override
            public String missing() {
                return "the fleet was not read yet";
            }
        };
    }

    private static RolloutState state(CanaryKey canary, String phase) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(1)
                .setPhase(phase)
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(30)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(4)
                .setSequence(3)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setUpdatedAt(AT)
                .build();
    }

    private static RolloutEvent event(CanaryKey canary, long sequence) {
        return RolloutEvent.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(1)
                .setSequence(sequence)
                .setType("CheckFailed")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(4)
                .setCanaryWeight(30)
                .setFailedChecks(1)
                .setMessage("97.5 < 99")
                .setEvidence(
                        List.of(
                                Evidence.newBuilder()
                                        .setCheck("request-success-rate")
                                        .setValue(97.5)
                                        .setMin(99.0)
                                        .setVerdict(Verdict.FAIL)
                                        .setBecause("97.5 < 99")
                                        .build()))
                .setAt(AT)
                .build();
    }
}
