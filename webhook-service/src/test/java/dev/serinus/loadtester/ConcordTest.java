package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.loadtester.FakeService.Asked;
import dev.serinus.loadtester.FakeService.Told;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Processes of Concord, whose API is played by a real HTTP server. */
class ConcordTest {

    private static final String ID = "b5e8a5a3-7c1b-4d66-9e12-0f6e2f3c4d5e";

    @TempDir Path directory;

    private final Deque<String> statuses = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // before each
    private Path key;

    @BeforeEach
    void writeKey() throws Exception {
        // As an editor leaves it: with a line's end, which Flagger's cannot send.
        key = Files.writeString(directory.resolve("key"), "s3cr3t-k3y\n");
    }

    @Test
    void aProcessIsStartedWithItsFormAndAskedAboutUntilItHasFinished() throws Exception {
        statuses.addAll(List.of("ENQUEUED", "RUNNING", "FINISHED"));
        try (var concord = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of());
                var log = new LoggedLines()) {
            var answer = ask(tester, concord, "arguments.test", "works", "arguments.env", "a\nb");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(concord.lines())
                    .containsExactly(
                            "POST /base/api/v1/process",
                            "GET /base/api/v1/process/" + ID,
                            "GET /base/api/v1/process/" + ID,
                            "GET /base/api/v1/process/" + ID);
            assertThat(concord.asked)
                    .allSatisfy(
                            it ->
                                    assertThat(it.headers())
                                            .containsEntry("authorization", "s3cr3t-k3y"));
            assertThat(parts(concord.asked.getFirst()))
                    .containsExactly(
                            "org: acme",
                            "project: shop",
                            "repo: tests",
                            "entryPoint: smoke",
                            "arguments.endpoint: http://podinfo-canary.test/",
                            "arguments.env: a\nb",
                            "arguments.test: works");
            assertThat(log.all()).contains("test started").doesNotContain("s3cr3t", "works");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, failed",
        "CANCELLED, cancelled",
        "TIMED_OUT, timed out",
    })
    void aProcessThatDoesNotFinishFailsTheHook(String status, String how) throws Exception {
        statuses.add(status);
        try (var concord = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of())) {
            var answer = ask(tester, concord);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("concord instanceID: %s %s".formatted(ID, how));
            assertThat(answer.headers().firstValue("serinus-test-report").orElse(""))
                    .startsWith("exit=1, took-ms=");
        }
    }

    @Test
    void asInFlaggerASilenceAboveThePollTimeoutEndsItAndHereThereToo() throws Exception {
        try (var concord =
                        new FakeService(
                                it -> it.method().equals("GET") ? new Told(503, "") : answer(it));
                var tester = TesterProcess.with(Map.of())) {
            var answer = ask(tester, concord, "pollTimeout", "700ms");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .isEqualTo(
                            "concord process timed out, after 700 milliseconds without an answer:"
                                    + " status 503");
            assertThat(concord.lines()).last().isEqualTo("DELETE /base/api/v1/process/" + ID);
        }
    }

    @Test
    void aProcessThatTakesLongerThanThePollTimeoutGoesOnWhileItAnswers() throws Exception {
        for (int each = 0; each < 6; each++) {
            statuses.add("RUNNING");
        }
        statuses.add("FINISHED");
        try (var concord = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of())) {
            // Seven polls of 100 ms each take longer.
            var answer = ask(tester, concord, "pollTimeout", "600ms");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void atItsTimeOutAndWhenItIsStoppedItEndsThere() throws Exception {
        try (var concord = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of("serinus.loadtester.timeout", "1s"))) {
            var answer = ask(tester, concord);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .startsWith("concord process was stopped: its time was over after ")
                    .endsWith(" (SERINUS_LOADTESTER_TIMEOUT)");
            assertThat(concord.lines()).last().isEqualTo("DELETE /base/api/v1/process/" + ID);
        }
        try (var concord = new FakeService(this::answer);
                var tester = TesterProcess.with(Map.of())) {
            Thread asking = Thread.startVirtualThread(() -> quietly(tester, concord));
            await().atMost(Duration.ofMinutes(1)).until(() -> concord.asked.size() > 1);

            tester.send("POST", "/tasks/stop", "{\"name\": \"podinfo\", \"namespace\": \"test\"}");

            asking.join();
            assertThat(concord.lines()).last().isEqualTo("DELETE /base/api/v1/process/" + ID);
        }
    }

    private void quietly(TesterProcess tester, FakeService concord) {
        try {
            ask(tester, concord);
        } catch (Exception trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, '{}', status 401",
        "200, 'no', the answer cannot be read as JSON",
        "200, '{\"ok\": false}', the answer names no instanceId",
        "200, '{\"instanceId\": \"../x\"}', the answer names no instanceId",
    })
    void whatDoesNotStartIsToldAtOnce(int status, String body, String because) throws Exception {
        try (var concord = new FakeService(_ -> new Told(status, body));
                var tester = TesterProcess.with(Map.of())) {
            var answer = ask(tester, concord);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("failed to start the concord process: " + because);
            assertThat(concord.asked).hasSize(1);
        }
    }

    @Test
    void allThatIsMissingOrWrongIsToldAtOnce() throws Exception {
        try (var tester = TesterProcess.with(Map.of())) {
            var foo = tester.send("POST", "/", body(Map.of("type", "concord", "test", "foo")));
            Map<String, String> wrong = new TreeMap<>(settings("nowhere"));
            wrong.put("pollInterval", "0");
            wrong.put("pollTimeout", "soon");
            wrong.put("apiKeyPath", directory + "/none");
            wrong.put("arguments.endpoint", "x");
            wrong.put("arguments.a\"b", "x");

            assertThat(foo.statusCode()).isEqualTo(400);
            assertThat(foo.body())
                    .isEqualTo(
                            "`server` is required with type concord; `org` is required with type"
                                + " concord; `project` is required with type concord; `repo` is"
                                + " required with type concord; `entrypoint` is required with type"
                                + " concord; `apiKeyPath` is required with type concord; `endpoint`"
                                + " is required with type concord");
            assertThat(tester.send("POST", "/", body(wrong)).body().split("; "))
                    .containsExactly(
                            "metadata.server: has to be an address of http or https, without // in"
                                    + " its path and without ? and #",
                            "`apiKeyPath` file doesn't exist " + directory + "/none",
                            "metadata.pollInterval: has to be seconds, or a duration of 100ms to"
                                    + " 24h",
                            "metadata.pollTimeout: has to be seconds, or a duration of 100ms to"
                                    + " 24h",
                            "metadata.arguments: names may have letters, digits and ._- only",
                            "metadata.arguments.endpoint: is metadata.endpoint");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/run/secrets/kubernetes.io/serviceaccount/token",
                "/opt/serinus/token/token",
                "/proc/self/../self/cmdline",
                "TOKEN",
                "LINK",
            })
    void noFileOfTheLoadTestersOwnIsSentToAnybody(String file) throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "s3cr3t-t0k3n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/proc/version"));
        String named = file.replace("TOKEN", token.toString()).replace("LINK", link.toString());
        try (var concord = new FakeService(this::answer);
                var tester =
                        TesterProcess.with(
                                Map.of("serinus.loadtester.token-file", token.toString()))) {
            var answer =
                    ask(tester, concord, "Authorization: Bearer s3cr3t-t0k3n", "apiKeyPath", named);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo(
                            "`apiKeyPath` %s is the load tester's own, and is not sent"
                                    .formatted(named));
            assertThat(concord.asked).isEmpty();
        }
    }

    @Test
    void whereADirectoryWithKeysIsNamedNoFileOutsideIsSentNorTold() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        Path inside = Files.writeString(keys.resolve("one"), "s3cr3t-k3y");
        Path out = Files.createSymbolicLink(keys.resolve("out"), key);
        statuses.add("FINISHED");
        try (var concord = new FakeService(this::answer);
                var tester =
                        TesterProcess.with(Map.of("serinus.loadtester.keys", keys.toString()))) {
            for (Path each : List.of(key, directory.resolve("none"), out)) {
                assertThat(ask(tester, concord, "apiKeyPath", each.toString()).body())
                        .isEqualTo(
                                "`apiKeyPath` %s is not in the directory with keys that its operator names (SERINUS_LOADTESTER_KEYS)"
                                        .formatted(each));
            }
            assertThat(concord.asked).isEmpty();
            assertThat(ask(tester, concord, "apiKeyPath", inside.toString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1//evil.example",
                "http://127.0.0.1:1/base//",
                "http://127.0.0.1:1/?to=x",
                "http://127.0.0.1:1/#x",
            })
    void anAddressThatOnesOwnPathWouldMakeAnotherIsRefused(String server) throws Exception {
        try (var tester = TesterProcess.with(Map.of())) {
            var answer = tester.send("POST", "/", body(settings(server)));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).startsWith("metadata.server: has to be an address");
        }
    }

    private Told answer(Asked asked) {
        return switch (asked.method()) {
            case "POST" -> new Told(200, "{\"instanceId\": \"%s\", \"ok\": true}".formatted(ID));
            case "GET" ->
                    new Told(
                            200,
                            "{\"instanceId\": \"%s\", \"status\": \"%s\"}"
                                    .formatted(
                                            ID, statuses.isEmpty() ? "RUNNING" : statuses.poll()));
            default -> new Told(204, "");
        };
    }

    private HttpResponse<String> ask(TesterProcess tester, FakeService concord, String... more)
            throws Exception {
        Map<String, String> settings = new TreeMap<>(settings(concord.address() + "/base/"));
        int header = more.length % 2;
        for (int each = header; each < more.length; each += 2) {
            settings.put(more[each], more[each + 1]);
        }
        return header == 0
                ? tester.send("POST", "/", body(settings))
                : tester.send("POST", "/", body(settings), more[0].split(": ", 2));
    }

    private Map<String, String> settings(String server) {
        return Map.of(
                "type", "concord",
                "server", server,
                "org", "acme",
                "project", "shop",
                "repo", "tests",
                "entrypoint", "smoke",
                "apiKeyPath", key.toString(),
                "endpoint", "http://podinfo-canary.test/",
                "pollInterval", "100ms");
    }

    private static String body(Map<String, String> metadata) throws Exception {
        return new ObjectMapper()
                .writeValueAsString(
                        Map.of("name", "podinfo", "namespace", "test", "metadata", metadata));
    }

    /** Name and value of each part of a form. */
    private static List<String> parts(Asked asked) {
        String type = asked.headers().getOrDefault("content-type", "");
        assertThat(type).startsWith("multipart/form-data; boundary=");
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        assertThat(asked.body()).endsWith(boundary + "--\r\n");
        return Arrays.stream(asked.body().split(Pattern.quote(boundary)))
                .filter(part -> part.startsWith("\r\nContent-Disposition: form-data; name=\""))
                .map(
                        part -> {
                            int blank = part.indexOf("\r\n\r\n");
                            String name =
                                    part.substring(0, blank).replaceAll("(?s).*\"(.*)\"", "$1");
                            return name + ": " + part.substring(blank + 4, part.length() - 2);
                        })
                .toList();
    }
}
