package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Actions of people before a hub that answers as it is told to: in parts, too often, not at all.
 */
class HubActionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path files;

    /** What was asked for. */
    private record Asked(String path, String key, JsonNode body) {

        List<String> rollouts() {
            List<String> names = new ArrayList<>();
            body.path("rollouts").forEach(name -> names.add(name.asText()));
            return names;
        }
    }

    /** What is answered to one of them. */
    @FunctionalInterface
    private interface Answering {
        void to(HttpExchange exchange, Asked asked) throws IOException;
    }

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Deque<Answering> script = new ArrayDeque<>();
    private final List<String> present = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @SuppressWarnings("NullAway.Init") // set before each
    private HttpServer hub;

    @BeforeEach
    void serve() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", this::answer);
        hub.start();
    }

    @AfterEach
    void close() {
        hub.stop(0);
    }

    @Test
    void manyAreAskedByAFewRequests() {
        hold(1_201);

        assertThat(run("abort", "--all", "--yes")).isZero();

        assertThat(asked).extracting(Asked::path).containsOnly("/api/v1/actions");
        assertThat(asked).extracting(it -> it.rollouts().size()).containsExactly(500, 500, 201);
        assertThat(asked).extracting(Asked::key).doesNotHaveDuplicates();
        assertThat(asked.stream().flatMap(it -> it.rollouts().stream()))
                .containsExactlyElementsOf(present);
        assertThat(out.toString().lines()).hasSize(1_201);
    }

    @Test
    void aHubThatTakesNoMoreForNowIsWaitedFor() {
        hold(2);
        script.add(problem(429, "0", "too many actions: the next one in 0 s"));

        assertThat(run("abort", "--all", "--yes")).isZero();

        assertThat(asked).hasSize(2).extracting(Asked::key).containsOnly(asked.getFirst().key());
        assertThat(err.toString()).contains("too many actions").contains("asking again");
    }

    @Test
    void whatIsListedIsPrintedAlsoWhereItIsNotKnownWhichClustersAreSilent() {
        hold(2);
        hub.createContext(
                "/api/v1/clusters",
                exchange -> {
                    byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(502, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });

        assertThat(run("get", "-o", "json")).isZero();
        assertThat(err.toString()).contains("it is not known whether clusters are silent");

        err.getBuffer().setLength(0);
        assertThat(run("get", "-o", "name")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void oneRolloutWaitsForItsTurnToo() {
        script.add(problem(429, "0", "too many actions: the next one in 0 s"));

        assertThat(run("pause", "west/shop/a")).isZero();

        assertThat(asked).hasSize(2);
    }

    @Test
    void troubleWithAPieceDoesNotKeepTheNextFromBeingAsked() throws Exception {
        hold(501);
        for (int i = 0; i < 4; i++) {
            script.add(problem(503, "0", "Kafka did not take it in time"));
        }

        assertThat(run("abort", "--all", "--yes", "-o", "json")).isEqualTo(5);

        JsonNode all = JSON.readTree(out.toString());
        assertThat(all).hasSize(501);
        assertThat(all.at("/0/outcome").asText()).isEqualTo("unknown");
        assertThat(all.at("/0/message").asText()).contains("Kafka did not take it in time");
        assertThat(all.at("/500/status").asInt()).isEqualTo(200);
        assertThat(err.toString())
                .contains("west/shop/a0: Kafka did not take it in time")
                .contains("1 of 501 as wished");
    }

    @Test
    void aBrokenLineIsRepeatedUnderTheSameKey() {
        hold(2);
        script.add((exchange, _) -> exchange.close());

        assertThat(run("abort", "--all", "--yes")).isZero();

        assertThat(asked).hasSize(2).extracting(Asked::key).containsOnly(asked.getFirst().key());
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 429, 500, 503})
    void whatIsNotDecidedYetIsAskedAgainAlone(int status) {
        hold(3);
        script.add(lines(200, status, 200));

        assertThat(run("abort", "--all", "--yes")).isZero();

        assertThat(asked).hasSize(2).extracting(Asked::key).containsOnly(asked.getFirst().key());
        assertThat(asked.get(1).rollouts()).containsExactly("west/shop/a1");
        assertThat(out.toString().lines()).hasSize(3);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({"200, 409, 1", "409, 404, 3", "404, 403, 4", "412, 200, 1", "200, 200, 0"})
    void theWorstOfManyIsTheEnd(int one, int other, int code) {
        hold(2);
        script.add(lines(one, other));

        assertThat(run("abort", "--all", "--yes")).isEqualTo(code);

        assertThat(out.toString().lines().count() + err.toString().lines().count())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRefusalOfAllIsToldOfEach() {
        hold(2);
        script.add(problem(403, "", "no actions are taken here"));

        assertThat(run("abort", "--all", "--yes")).isEqualTo(4);

        assertThat(err.toString())
                .contains("west/shop/a0: no actions are taken here")
                .contains("west/shop/a1: no actions are taken here");
    }

    @Test
    void namesThatNobodyHasAreAllToldBeforeAnythingIsAskedFor() {
        hold(2);

        assertThat(run("abort", "a0", "one", "other", "--yes")).isEqualTo(3);

        assertThat(asked).isEmpty();
        assertThat(err.toString())
                .contains("no rollout of one is known; no rollout of other is known")
                .contains("nothing was asked for");
    }

    private static Answering chosen(String... names) {
        return (exchange, _) -> {
            ObjectNode view = JSON.createObjectNode();
            var results = view.putArray("results");
            for (String name : names) {
                results.addObject().put("rollout", name).put("status", 200);
            }
            send(exchange, 200, view);
        };
    }

    @Test
    void thoseWithALabelAreFoundFirstAndThenAsked() {
        script.add(chosen("west/shop/a0", "west/shop/a1"));

        assertThat(run("promote", "-l", "app=shop", "-n", "shop", "--yes")).isZero();

        assertThat(asked).hasSize(2).extracting(Asked::path).containsOnly("/api/v1/actions");
        assertThat(asked.getFirst().body().path("dryRun").asBoolean()).isTrue();
        assertThat(asked.getFirst().body().path("select"))
                .isEqualTo(
                        JSON.createObjectNode().put("namespace", "shop").put("labels", "app=shop"));
        assertThat(asked.get(1).body().has("dryRun")).isFalse();
        assertThat(asked.get(1).rollouts()).containsExactly("west/shop/a0", "west/shop/a1");
    }

    @Test
    void thoseWithALabelAreNotAskedUnlessSomebodyConfirmsIt() {
        script.add(chosen("west/shop/a0", "west/shop/a1"));

        assertThat(run("abort", "-l", "app=shop")).isEqualTo(2);

        assertThat(asked).hasSize(1);
        assertThat(err.toString()).contains("abort 2 rollouts").contains("--yes");
    }

    @Test
    void whoseLabelsAreNotKnownIsNamedAndLeftOut() {
        script.add(
                (exchange, _) -> {
                    ObjectNode view = JSON.createObjectNode();
                    view.putArray("results").addObject().put("rollout", "west/shop/a0");
                    view.putArray("unknownLabels").add("east/shop/db");
                    send(exchange, 200, view);
                });

        assertThat(run("abort", "-l", "tier!=db", "--yes")).isZero();

        assertThat(err.toString()).contains("labels of 1 are not known").contains("east/shop/db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void labelsThatNobodySetChooseNobodyAlsoBesideAll(String unset) {
        hold(2);

        assertThat(run("abort", "--all", "-l", unset, "--yes")).isEqualTo(2);
        assertThat(run("abort", "a0", "-l", unset, "--yes")).isEqualTo(2);

        assertThat(asked).isEmpty();
        assertThat(err.toString()).contains("-l selects nothing");
    }

    @Test
    void labelsThatNobodyHasAreNoWish() {
        script.add(chosen());

        assertThat(run("abort", "-l", "app=shop", "--yes")).isEqualTo(3);
        assertThat(run("abort", "a0", "-l", "app=shop", "--yes")).isEqualTo(2);

        assertThat(asked).hasSize(1);
    }

    @Test
    void whoIsNamedTwiceIsAskedOnce() {
        hold(1);

        assertThat(run("abort", "a0", "shop/a0", "west/shop/a0")).isZero();

        assertThat(asked).hasSize(1);
    }

    // ---- what was seen

    @ParameterizedTest(name = "{0} {1}: run {2}, sequence {3}")
    @CsvSource({
        "promote, a0, 7, 41",
        "skip, a0, 7, 41",
        "approve, a0, 7, 41",
        "abort, a0, 7, 0",
        "retry, a0, 7, 0",
        "pause, a0, 0, 0",
        "resume, a0, 0, 0",
        "promote, west/shop/a0, 7, 41",
        "abort, west/shop/a0, 7, 0"
    })
    void anActionIsForTheRunThatWasSeen(String action, String name, long run, long sequence) {
        hold(1);

        assertThat(run(action, name)).isZero();

        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().body().path("run").asLong()).isEqualTo(run);
        assertThat(asked.getFirst().body().path("ifSequence").asLong()).isEqualTo(sequence);
    }

    @Test
    void aRunThatIsNamedIsTheOneThatIsMeant() {
        hold(2);

        assertThat(run("abort", "a0", "--run", "6")).isZero();
        assertThat(run("abort", "--all", "--run", "6", "--yes")).isEqualTo(2);

        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().body().path("run").asLong()).isEqualTo(6);
    }

    // ---- tokens

    @ParameterizedTest
    @ValueSource(
            strings = {"http://hub.invalid:1", "HTTP://10.0.0.9:1", "http://127.0.0.1.invalid"})
    void aTokenIsNotSentInPlainTextToOthers(String server) throws Exception {
        String token = Files.writeString(files.resolve("token"), "secret\n").toString();

        assertThat(runAt(server, "get", "--token-file", token)).isEqualTo(2);

        assertThat(err.toString())
                .contains("has no https")
                .contains("--insecure-http")
                .doesNotContain("secret");
    }

    @Test
    void aTokenIsSentInPlainTextToThisMachineAndToOthersWhereThatIsMeant() throws Exception {
        String token = Files.writeString(files.resolve("token"), "secret\n").toString();
        String port = ":" + hub.getAddress().getPort();

        assertThat(runAt("http://localhost" + port, "get", "--token-file", token)).isZero();
        assertThat(runAt("http://127.0.0.1" + port, "get", "--token-file", token)).isZero();
        assertThat(runAt("http://hub.invalid:1", "get")).isEqualTo(5);
        assertThat(runAt("http://hub.invalid:1", "get", "--insecure-http", "--token-file", token))
                .isEqualTo(5);
    }

    // ---- asking back

    @Test
    void whereNobodyCanBeAskedMoreThanOneTakesAYes() throws Exception {
        hold(2);

        var ended = start(List.of("setsid", "-w"), "", "abort", "--all");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.text()).contains("abort 2 rollouts").contains("--yes");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"y, 0, 1", "n, 2, 0", "'', 2, 0"})
    void whoSitsAtATerminalIsAskedWhereverTheOutputGoes(String says, int code, int requests)
            throws Exception {
        hold(2);
        Path log = files.resolve("log");

        var ended =
                start(
                        List.of("script", "-qefc"),
                        says + "\n",
                        "abort",
                        "--all",
                        ">",
                        log.toString());

        assertThat(ended.text()).contains("abort 2 rollouts: west/shop/a0, west/shop/a1? [y/N]");
        assertThat(ended.code()).isEqualTo(code);
        assertThat(asked).hasSize(requests);
        assertThat(Files.readString(log).lines()).hasSize(requests * 2);
    }

    private record Ended(int code, String text) {}

    /** Runs the command as a process, since a terminal belongs to one. */
    private Ended start(List<String> under, String input, String... arguments) throws Exception {
        assumeTrue(
                Stream.of("/usr/bin", "/bin")
                        .anyMatch(it -> Files.isExecutable(Path.of(it, under.getFirst()))));
        Path classes =
                Files.writeString(
                        files.resolve("classes"),
                        "-cp \"" + System.getProperty("java.class.path") + "\"");
        List<String> java =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "@" + classes,
                                "dev.serinus.cli.Main"));
        java.addAll(List.of(arguments).subList(0, 2));
        java.addAll(List.of("--server", server()));
        java.addAll(List.of(arguments).subList(2, arguments.length));
        List<String> command = new ArrayList<>(under);
        if (under.getFirst().equals("script")) {
            command.addAll(List.of(String.join(" ", java), "/dev/null"));
        } else {
            command.addAll(java);
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    // ---- the hub

    private void hold(int count) {
        IntStream.range(0, count).forEach(i -> present.add("west/shop/a" + i));
    }

    private String server() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private int run(String... arguments) {
        return runAt(server(), arguments);
    }

    private int runAt(String server, String... arguments) {
        var line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        Main.prepare(line);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", server));
        return line.execute(Main.withValues(line, Main.twoDashes(all.toArray(String[]::new))));
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("GET")) {
                send(exchange, 200, path.equals("/api/v1/rollouts") ? fleet() : detail(path));
                return;
            }
            var wish =
                    new Asked(
                            path,
                            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                            JSON.readTree(exchange.getRequestBody()));
            asked.add(wish);
            Answering next = script.poll();
            if (next == null) {
                done(exchange, wish);
            } else {
                next.to(exchange, wish);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private JsonNode fleet() {
        ObjectNode view = JSON.createObjectNode();
        var all = view.putArray("rollouts");
        present.forEach(name -> all.add(rollout(name)));
        return view;
    }

    private static JsonNode detail(String path) {
        ObjectNode view = JSON.createObjectNode();
        view.set("rollout", rollout(path.replace("/api/v1/rollouts/", "")));
        view.putArray("history");
        return view;
    }

    private static ObjectNode rollout(String name) {
        String[] parts = name.split("/", -1);
        return JSON.createObjectNode()
                .put("cluster", parts[0])
                .put("namespace", parts[1])
                .put("name", parts[2])
                .put("run", 7)
                .put("sequence", 41);
    }

    private static void done(HttpExchange exchange, Asked asked) throws IOException {
        if (asked.rollouts().isEmpty()) {
            send(
                    exchange,
                    200,
                    JSON.createObjectNode().put("outcome", "done").put("message", "so"));
            return;
        }
        int[] all = new int[asked.rollouts().size()];
        Arrays.fill(all, 200);
        lines(all).to(exchange, asked);
    }

    private static Answering lines(int... statuses) {
        return (exchange, asked) -> {
            ObjectNode view = JSON.createObjectNode();
            var results = view.putArray("results");
            for (int i = 0; i < statuses.length; i++) {
                results.addObject()
                        .put("rollout", asked.rollouts().get(i))
                        .put("status", statuses[i])
                        .put("outcome", "any")
                        .put("message", "answered with " + statuses[i]);
            }
            send(exchange, 200, view);
        };
    }

    private static Answering problem(int status, String retryAfter, String detail) {
        return (exchange, _) -> {
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            send(exchange, status, JSON.createObjectNode().put("detail", detail));
        };
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
