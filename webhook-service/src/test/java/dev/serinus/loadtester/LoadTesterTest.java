package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.hook.TestReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is this load tester's own, over HTTP. */
class LoadTesterTest {

    private static final String GATE = "{\"name\": \"podinfo\", \"namespace\": \"test\"}";

    @TempDir Path directory;

    @Test
    void withATokenNothingButHealthAndMetricsIsAnsweredWithoutIt() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "s3cr3t\n");
        try (var tester = tester("serinus.loadtester.token-file", file.toString())) {
            for (String path :
                    new String[] {"/", "/gate/approve", "/gates", "/tasks", "/gate/open"}) {
                assertThat(tester.send("POST", path, GATE).statusCode()).as(path).isEqualTo(401);
                assertThat(authorized(tester, "GET", path, "Bearer wrong").statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(tester.send("POST", "/", GATE).body())
                    .startsWith("a bearer token is wanted");
            var wrong = authorized(tester, "POST", "/", "Bearer wrong");
            assertThat(wrong.body())
                    .isEqualTo("the bearer token is not the one of this load tester");
            assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer error=\"invalid_token\"");
            assertThat(tester.send("GET", "/healthz", "").body()).isEqualTo("OK");
            assertThat(tester.send("GET", "/readyz", "").body()).isEqualTo("OK");
            // As curl, probes, browsers and Prometheus ask.
            for (String accept :
                    List.of("*/*", "text/html,*/*;q=0.8", "text/plain;version=0.0.4,*/*;q=0.1")) {
                for (String path : List.of("/readyz", "/metrics")) {
                    var told = tester.send("GET", path, "", "Accept", accept);
                    assertThat(told.statusCode()).as(path + " " + accept).isEqualTo(200);
                    assertThat(told.headers().firstValue("Content-Type").orElse(""))
                            .startsWith("text/plain");
                }
            }
            assertThat(authorized(tester, "POST", "/gate/open", "bearer s3cr3t").statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void aCommandArrivesAsItIsThoughItLooksLikeAForm() throws Exception {
        try (var tester = tester()) {
            var answer =
                    tester.send(
                            "POST",
                            "/",
                            bash(
                                    "echo 'http://x/?a=1&b=%20+c' ünï",
                                    ", \"returnCmdOutput\": \"1\""));

            assertThat(answer.body()).isEqualTo("http://x/?a=1&b=%20+c ünï\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "serinus.loadtester.namespace-regexp, test, mytest2, 400",
        "serinus.loadtester.namespace-regexp, ^test$, mytest2, 403",
        "serinus.loadtester.namespaces, 'test,shop', shop, 400",
        "serinus.loadtester.namespaces, 'test,shop', mytest2, 403",
        "serinus.loadtester.namespaces, 'test,shop', '', 403",
    })
    void servesTheNamespacesThatTheOperatorNames(
            String property, String value, String namespace, int status) throws Exception {
        try (var tester = tester(property, value)) {
            String body = "{\"name\": \"a\", \"namespace\": \"" + namespace + "\"}";

            assertThat(tester.send("POST", "/", body).statusCode()).isEqualTo(status);
            if (status == 403 && !namespace.isEmpty()) {
                assertThat(tester.send("POST", "/", body).body())
                        .startsWith("Forbidden: namespace mytest2 is not served");
                assertThat(tester.send("POST", "/gate/check", body).body()).isEqualTo("Forbidden");
                assertThat(tester.send("POST", "/rollback/check", body).body())
                        .isEqualTo("Forbidden");
                assertThat(tester.send("POST", "/gate/open", body).body())
                        .startsWith("Forbidden: namespace mytest2 is not served");
            }
        }
    }

    @Test
    void aProgramThatIsMissingIsAWarningWithItsName() throws Exception {
        try (var lines = new LoggedLines();
                var tester = tester()) {
            tester.send("POST", "/", bash("no-such-load -z 2s http://x/?token=hunter2", ""));
            tester.send("POST", "/", bash("exit 3", ""));
            tester.send("POST", "/", bash("'a password of hunter2'", ""));

            await().until(() -> lines.warnings("task ended").size() == 2);
            assertThat(lines.warnings("task ended"))
                    .anyMatch(line -> line.contains("no-such-load: not found"));
            assertThat(lines.all()).doesNotContain("hunter2");
        }
    }

    @Test
    void runsTheTypesThatTheOperatorNames() throws Exception {
        try (var tester = tester("serinus.loadtester.types", "helm,kubectl")) {
            var answer = tester.send("POST", "/", bash("true", ""));

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("type bash is not allowed by this load tester");
            assertThat(tester.send("POST", "/gate/open", GATE).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void whoWouldRatherAskAgainIsToldWhere() throws Exception {
        Path go = directory.resolve("go");
        try (var tester = tester()) {
            String body =
                    bash(
                            "until [ -e %s ]; do sleep 0.05; done; echo done".formatted(go),
                            ", \"returnCmdOutput\": \"true\"");

            var first = tester.send("POST", "/", body, "Prefer", "respond-async");

            assertThat(first.statusCode()).isEqualTo(202);
            String location = first.headers().firstValue("Location").orElseThrow();
            var running = tester.send("GET", location, "");
            assertThat(running.statusCode()).isEqualTo(202);
            assertThat(running.headers().firstValue("Retry-After")).contains("2");
            Files.createFile(go);
            await().until(() -> tester.send("GET", location, "").statusCode() == 200);
            assertThat(tester.send("GET", location, "").body()).isEqualTo("done\n");
            // What ends soon is answered at once.
            assertThat(
                            tester.send(
                                            "POST",
                                            "/",
                                            bash("true", ""),
                                            "Prefer",
                                            "respond-async, wait=5")
                                    .statusCode())
                    .isEqualTo(200);
        }
        try (var tester = tester()) {
            assertThat(tester.send("GET", "/tasks/gone/result", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void listsGatesWithWhoAndWhyAndTasksWithoutTheirCommands() throws Exception {
        try (var tester = tester()) {
            tester.send(
                    "POST",
                    "/gate/open",
                    """
                    {"name": "podinfo", "namespace": "test",
                     "metadata": {"actor": "ada", "reason": "looked at it"}}
                    """);
            tester.send(
                    "POST",
                    "/",
                    bash(
                            "echo 7 requests in 1.00s; echo Requests/sec: 7; echo token=s3cr3t;"
                                    + " echo two; exit 3",
                            ""));

            JsonNode gates = json(tester.send("GET", "/gates", ""));
            JsonNode tasks = json(tester.send("GET", "/tasks", ""));

            assertThat(gates.get(0).get("open").asBoolean()).isTrue();
            assertThat(gates.get(0).get("actor").asText()).isEqualTo("ada");
            assertThat(gates.get(0).get("reason").asText()).isEqualTo("looked at it");
            assertThat(tasks.toString()).doesNotContain("s3cr3t");
            assertThat(tasks.get(0).get("outcome").asText()).isEqualTo("failed");
            assertThat(tasks.get(0).get("exit").asInt()).isEqualTo(3);
            String one = "/tasks/" + tasks.get(0).get("id").asText();
            assertThat(json(tester.send("GET", one, "")).get("report"))
                    .hasToString("{\"tool\":\"wrk\",\"requests\":7,\"errors\":0}");
            assertThat(json(tester.send("GET", one, "")).get("lastLines").get(3).asText())
                    .isEqualTo("two");
            // Counted once the command is answered.
            await().untilAsserted(
                            () ->
                                    assertThat(tester.send("GET", "/metrics", "").body())
                                            .contains(
                                                    "serinus_loadtester_run_seconds_count{outcome=\"failed\",type=\"bash\"}"
                                                        + " 1"));
        }
    }

    @Test
    void tellsTheNumbersOfATestBesideItsAnswer() throws Exception {
        try (var tester = tester()) {
            String load = "echo 7 requests in 1.00s; echo Requests/sec: 7; exit ";

            var passed = tester.send("POST", "/", bash(load + 0, ""));
            var failed = tester.send("POST", "/", bash(load + 3, ""));

            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(passed.body()).isEmpty();
            assertThat(report(passed))
                    .isEqualTo("exit=0, took-ms=N, tool=wrk, requests=7, errors=0");
            assertThat(failed.body()).startsWith("command echo 7 requests").endsWith("status 3");
            assertThat(report(failed))
                    .isEqualTo("exit=3, took-ms=N, tool=wrk, requests=7, errors=0");
        }
        try (var without = tester("serinus.loadtester.path", directory.toString())) {
            var never = without.send("POST", "/", bash("true", ""));

            assertThat(never.statusCode()).isEqualTo(500);
            assertThat(report(never)).as("of what was not started").isEmpty();
        }
    }

    @Test
    void howATestInTheBackgroundEndedIsToldOnceWithTheNextAnswerToTheSame() throws Exception {
        try (var tester = tester()) {
            String load =
                    bash("echo 7 requests in 1.00s; echo Requests/sec: 7; exit 2", "")
                            .replace("bash", "cmd");
            String other = load.replace("test\",", "test\", \"checksum\": \"b\",");
            String first = load.replace("test\",", "test\", \"checksum\": \"a\",");

            assertThat(report(asked(tester, first, "msg_1"))).isEmpty();
            awaitEnd(tester);
            var next = asked(tester, first, "msg_2");
            var again = asked(tester, first, "msg_2");
            awaitEnd(tester);
            var ofAnotherRelease = asked(tester, other, "msg_3");

            assertThat(next.statusCode()).isEqualTo(202);
            assertThat(next.body()).isEmpty();
            assertThat(report(next))
                    .isEqualTo("exit=2, took-ms=N, tool=wrk, requests=7, errors=0, earlier");
            assertThat(report(again)).isEqualTo(report(next));
            assertThat(report(ofAnotherRelease)).isEmpty();
        }
    }

    @Test
    void whatACallHasStartedIsNotToldToItAsEarlierAlsoWhereItIsMadeAgain() throws Exception {
        try (var tester = tester()) {
            String load = bash("exit 2", "").replace("bash", "cmd");

            asked(tester, load, "msg_1");
            awaitEnd(tester);
            var again = asked(tester, load, "msg_1");
            var next = asked(tester, load, "msg_2");

            assertThat(report(again)).isEmpty();
            assertThat(report(next)).isEqualTo("exit=2, took-ms=N, earlier");
        }
    }

    private static void awaitEnd(TesterProcess tester) {
        await().until(
                        () ->
                                json(tester.send("GET", "/tasks", ""))
                                        .get(0)
                                        .get("state")
                                        .asText()
                                        .equals("ended"));
    }

    private static HttpResponse<String> asked(TesterProcess tester, String body, String call)
            throws Exception {
        return tester.http()
                .send(
                        tester.request("POST", "/", body, "webhook-id", call),
                        BodyHandlers.ofString(UTF_8));
    }

    /** How long it took is the machine's. */
    private static String report(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue(TestReport.HEADER)
                .map(header -> header.replaceAll("took-ms=[0-9]+", "took-ms=N"))
                .orElse("");
    }

    @Test
    void endsWhatRunsOfACanaryWhenItIsAsked() throws Exception {
        try (var tester = tester()) {
            tester.send("POST", "/", bash("sleep 1006", "").replace("bash", "cmd"));

            assertThat(tester.send("POST", "/tasks/stop", GATE).body()).isEqualTo("1 stopped");
            await().until(
                            () ->
                                    json(tester.send("GET", "/tasks", ""))
                                            .get(0)
                                            .path("outcome")
                                            .asText()
                                            .equals("stopped"));
        }
    }

    @Test
    void whoWaitsGetsItsAnswerWhenTheLoadTesterIsToldToEnd() throws Exception {
        Path begun = directory.resolve("begun");
        Path go = directory.resolve("go");
        var tester = tester();
        var answer =
                tester.http()
                        .sendAsync(
                                tester.request(
                                        "POST",
                                        "/",
                                        bash(
                                                "touch %s; until [ -e %s ]; do sleep 0.05; done"
                                                        .formatted(begun, go),
                                                "")),
                                BodyHandlers.ofString(UTF_8));
        await().until(() -> Files.exists(begun));

        Thread ending = Thread.startVirtualThread(tester::end);
        await().until(() -> tester.send("POST", "/", bash("true", "")).statusCode() == 503);
        Files.createFile(go);

        assertThat(answer.get().statusCode()).isEqualTo(200);
        ending.join();
        tester.close();
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        try (var tester = tester()) {
            assertThat(tester.send("POST", "/", bash("x".repeat(70_000), "")).statusCode())
                    .isEqualTo(400);
            assertThat(tester.send("POST", "/", bash("x".repeat(300_000), "")).statusCode())
                    .isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "serinus.loadtester.timeout, 0s, SERINUS_LOADTESTER_TIMEOUT (-timeout) must be above zero",
        "serinus.loadtester.most-at-once, 0, SERINUS_LOADTESTER_MOST_AT_ONCE must be 1 or more",
        "serinus.loadtester.most-loads, 0, SERINUS_LOADTESTER_MOST_LOADS must be 1 or more",
        "serinus.loadtester.most-waiting, 59, SERINUS_LOADTESTER_MOST_WAITING must not be below",
        "serinus.loadtester.most-output, 1, SERINUS_LOADTESTER_MOST_OUTPUT must be 1024 to",
        "serinus.loadtester.namespace-regexp, '(', SERINUS_LOADTESTER_NAMESPACE_REGEXP",
        "serinus.loadtester.types, brew, 'SERINUS_LOADTESTER_TYPES: ''brew'' is none of cmd, bash'",
        "serinus.loadtester.token-file, /no/such/file, SERINUS_LOADTESTER_TOKEN_FILE cannot be"
                + " read",
        "serinus.loadtester.timeout, soon, 'SERINUS_LOADTESTER_TIMEOUT has to be a duration such as"
                + " 30s, 10m or 1h, was ''soon'''",
        "serinus.loadtester.jobs-host-access, tru, SERINUS_LOADTESTER_JOBS_HOST_ACCESS has to be"
                + " true or false",
        "serinus.loadtester.namespaces, Shop, 'SERINUS_LOADTESTER_NAMESPACES: ''Shop'' is no name'",
        "serinus.loadtester.work-directory, /no/such, SERINUS_LOADTESTER_WORK_DIRECTORY names no",
    })
    void aValueOutOfBoundsIsRefusedByName(String property, String value, String why) {
        assertThatThrownBy(() -> tester(property, value))
                .satisfies(
                        trouble ->
                                assertThat(
                                                dev.serinus.schemas.shell.ErrorCauses.of(trouble)
                                                        .map(
                                                                each ->
                                                                        String.valueOf(
                                                                                each.getMessage())))
                                        .anyMatch(message -> message.contains(why)));
    }

    @Test
    void aTypeThatIsNoneIsToldTogetherWithAllElse() {
        assertThatThrownBy(
                        () ->
                                TesterProcess.with(
                                        Map.of(
                                                "serinus.loadtester.types",
                                                "brew",
                                                "serinus.loadtester.timeout",
                                                "1h30m",
                                                "serinus.loadtester.most-at-once",
                                                0)))
                .rootCause()
                .hasMessageContaining("SERINUS_LOADTESTER_TYPES: 'brew' is none of cmd, bash")
                .hasMessageContaining("SERINUS_LOADTESTER_MOST_AT_ONCE must be 1 or more")
                .hasMessageNotContaining("SERINUS_LOADTESTER_TIMEOUT");
    }

    private static HttpResponse<String> authorized(
            TesterProcess tester, String method, String path, String header) throws Exception {
        return tester.send(method, path, GATE, "Authorization", header);
    }

    private static String bash(String command, String more) throws Exception {
        return "{\"name\": \"podinfo\", \"namespace\": \"test\", \"metadata\": {\"type\": \"bash\","
                + " \"cmd\": %s%s}}"
                        .formatted(new ObjectMapper().writeValueAsString(command), more);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("json");
        return new ObjectMapper().readTree(answer.body());
    }

    private static TesterProcess tester(String... property) {
        return TesterProcess.with(
                property.length == 0 ? Map.of() : Map.of(property[0], property[1]));
    }
}
