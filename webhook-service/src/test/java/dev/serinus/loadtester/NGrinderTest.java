package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.loadtester.FakeService.Asked;
import dev.serinus.loadtester.FakeService.Told;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Load tests of nGrinder, whose API is played by a real HTTP server. */
class NGrinderTest {

    private static final String PASSWORD = "s3cr3t-passw0rd";
    private static final String ENCODED = "czNjcjN0LXBhc3N3MHJk";

    /** {@code admin} and the password. */
    private static final String BASIC = "Basic YWRtaW46czNjcjN0LXBhc3N3MHJk";

    private final Queue<String> statuses = new ConcurrentLinkedQueue<>();

    @Test
    void aTestIsClonedAndAskedAboutWhileTheHookIsAnsweredAlready() throws Exception {
        statuses.add("{\"status\": [{\"status_id\": \"START_TESTING\"}]}");
        statuses.add("{\"success\": false}");
        statuses.add("not json");
        statuses.add("{\"status\": [{\"status_id\": \"FINISHED\"}]}");
        try (var grinder = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of());
                var log = new LoggedLines()) {
            var answer = tester.send("POST", "/", body(grinder, "pollInterval", "100ms"));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(answer.body()).isEmpty();
            JsonNode ended = ended(tester);
            assertThat(ended.path("outcome").asText()).isEqualTo("passed");
            assertThat(grinder.lines())
                    .containsExactly(
                            "POST /base/perftest/api/960/clone_and_start",
                            "GET /base/perftest/api/961/status",
                            "GET /base/perftest/api/961/status",
                            "GET /base/perftest/api/961/status",
                            "GET /base/perftest/api/961/status");
            assertThat(grinder.asked)
                    .allSatisfy(
                            it -> {
                                assertThat(it.headers()).containsEntry("authorization", BASIC);
                                assertThat(it.body()).isEmpty();
                            });
            assertThat(log.all() + ended)
                    .contains("test started")
                    .doesNotContain(PASSWORD, ENCODED, BASIC);
        }
    }

    @Test
    void howItEndedIsToldWithTheNextAnswerToTheSame() throws Exception {
        statuses.add("{\"status\": [{\"status_id\": \"STOP_BY_ERROR\"}]}");
        try (var grinder = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of())) {
            tester.send("POST", "/", body(grinder, "pollInterval", "100ms"));
            JsonNode ended = ended(tester);

            var next = tester.send("POST", "/", body(grinder, "pollInterval", "100ms"));

            assertThat(ended.path("because").asText())
                    .isEqualTo("nGrinder test 961 ended as STOP_BY_ERROR");
            assertThat(next.headers().firstValue("serinus-test-report").orElse(""))
                    .startsWith("exit=1, took-ms=")
                    .endsWith("earlier");
        }
    }

    @Test
    void atTheTimeOutItIsStoppedThere() throws Exception {
        try (var grinder = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of("serinus.loadtester.timeout", "1s"))) {
            // What is no duration is a second, as in Flagger.
            tester.send("POST", "/", body(grinder, "pollInterval", "often"));

            JsonNode ended = ended(tester);

            assertThat(ended.path("outcome").asText()).isEqualTo("timed-out");
            assertThat(grinder.lines()).last().isEqualTo("PUT /base/perftest/api/961?action=stop");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{\"success\": false, \"message\": \"no 960 for admin:s3cr3t-passw0rd\"}', nGrinder"
                + " did not start the test: no 960 for [hidden]",
        "200, '{\"id\": \"961/../../x\"}', nGrinder did not say which test it has started",
        "200, '{}', nGrinder did not say which test it has started",
        "401, '', failed to clone and start the nGrinder test: status 401",
    })
    void whatDoesNotStartSaysWhyWithoutThePassword(int status, String body, String because)
            throws Exception {
        try (var grinder = new FakeService(_ -> new Told(status, body));
                var tester = TesterProcess.with(Map.of());
                var log = new LoggedLines()) {
            tester.send("POST", "/", body(grinder));

            assertThat(ended(tester).path("because").asText()).isEqualTo(because);
            assertThat(log.all()).contains("NOT_STARTED").doesNotContain(PASSWORD, ENCODED, BASIC);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "server, '', 'server, clone, username and passwd are required metadata'",
        "passwd, '', 'server, clone, username and passwd are required metadata'",
        "clone, x, metadata clone must be integer",
        "passwd, '%', metadata password is invalid: it has to be in base64",
        "server, 'file:///x', 'metadata.server: has to be an address of http or https, without //"
                + " in its path and without ? and #'",
    })
    void metadataThatCannotBeUsedIsRefused(String key, String value, String because)
            throws Exception {
        try (var grinder = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of())) {
            var answer = tester.send("POST", "/", body(grinder, key, value));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(because);
            assertThat(grinder.asked).isEmpty();
        }
    }

    private Told answer(Asked asked) {
        if (asked.target().endsWith("/clone_and_start")) {
            return new Told(200, "{\"id\": 961, \"testName\": \"checkout\"}");
        }
        String status = asked.method().equals("GET") ? statuses.poll() : "{\"success\": true}";
        return new Told(
                200, status == null ? "{\"status\": [{\"status_id\": \"TESTING\"}]}" : status);
    }

    private static JsonNode ended(TesterProcess tester) throws Exception {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () ->
                                new ObjectMapper()
                                        .readTree(tester.send("GET", "/tasks", "").body())
                                        .path(0),
                        it -> it.path("state").asText().equals("ended"));
    }

    private static String body(FakeService grinder, String... more) throws Exception {
        Map<String, String> metadata =
                new TreeMap<>(
                        Map.of(
                                "type", "ngrinder",
                                "server", grinder.address() + "/base",
                                "clone", "960",
                                "username", "admin",
                                "passwd", ENCODED));
        for (int each = 0; each < more.length; each += 2) {
            metadata.put(more[each], more[each + 1]);
        }
        return new ObjectMapper()
                .writeValueAsString(
                        Map.of("name", "podinfo", "namespace", "test", "metadata", metadata));
    }
}
