package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What somebody who may not see the whole cluster is told of it without a hub. */
class DirectRightsTest {

    private static final String CANARIES = "/apis/flagger.app/v1beta1/namespaces/shop/canaries";
    private static final String EVENTS = "/api/v1/namespaces/shop/events";

    private static final String PODINFO =
            """
            {"apiVersion": "flagger.app/v1beta1", "kind": "Canary",
             "metadata": {"name": "podinfo", "namespace": "shop", "uid": "u",
                          "annotations": {"serinus.dev/claim": "here@kafka"}},
             "spec": {}, "status": {"phase": "Progressing"}}
            """;

    private static final String FORBIDDEN =
            """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403,
             "reason": "Forbidden", "message": "ada cannot do this"}
            """;

    /** What may be read; the rest is forbidden. */
    private final Map<String, String> answers = new HashMap<>();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // before each test
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        answers.put("/version", "{\"major\": \"1\", \"minor\": \"33\"}");
        answers.put(CANARIES + "/podinfo", PODINFO);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            String query = uri.getQuery() == null ? "" : uri.getQuery();
            String page = query.contains("continue=next") ? "?next" : "";
            String answer = answers.get(uri.getPath() + page);
            byte[] body = (answer == null ? FORBIDDEN : answer).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer == null ? 403 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private int run(String... words) throws IOException {
        var all = new ArrayList<>(List.of(words));
        all.add("--direct");
        return runAsWritten(all);
    }

    private int runAsWritten(List<String> words) throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u, namespace: shop}}]
                current-context: c
                """
                        .formatted(server.getAddress().getPort()));
        var line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        var all = new ArrayList<>(words);
        all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        return line.execute(all.toArray(String[]::new));
    }

    @Test
    void oneThatNamesItsNamespaceTakesNoRightForAll() throws IOException {
        assertThat(run("describe", "shop/podinfo")).as(err.toString()).isZero();
        assertThat(run("get", "here/shop/podinfo")).isZero();
        assertThat(run("get", "podinfo", "-n", "shop")).isZero();

        assertThat(out.toString()).containsPattern("Phase: +Progressing");
        assertThat(err.toString()).contains("its events may not be read");
    }

    @Test
    void whoNamesAClusterMeansItAndNoHub() throws IOException {
        assertThat(runAsWritten(List.of("describe", "shop/podinfo", "--context", "c")))
                .as(err.toString())
                .isZero();
        assertThat(runAsWritten(List.of("get", "shop/podinfo", "--context", "other"))).isEqualTo(5);

        assertThat(err.toString()).contains("has no context 'other'; it has c");
    }

    @Test
    void withoutOneTheNamespaceOfTheContextIsTold() throws IOException {
        answers.put(
                CANARIES,
                "{\"apiVersion\": \"flagger.app/v1beta1\", \"kind\": \"CanaryList\","
                        + " \"metadata\": {}, \"items\": [%s]}".formatted(PODINFO));

        assertThat(run("get")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("podinfo");
        assertThat(err.toString()).contains("only of namespace shop");
    }

    @Test
    void whatMayNotBeReadIsNotAllowed() throws IOException {
        assertThat(run("get")).isEqualTo(4);
        assertThat(run("get", "-n", "other")).isEqualTo(4);
        assertThat(run("describe", "other/podinfo")).isEqualTo(4);

        assertThat(err.toString()).contains("ada cannot do this");
    }

    @Test
    void theLatestEventsAreAmongThoseThatAreReadHoweverManyThereAre() throws IOException {
        answers.put(EVENTS, events("next", "the first by name", "2026-11-30T10:00:00Z"));
        answers.put(EVENTS + "?next", events("", "the latest", "2026-11-30T09:00:00Z"));

        assertThat(run("describe", "shop/podinfo")).isZero();

        assertThat(out.toString()).containsSubsequence("the latest", "the first by name");
    }

    private static String events(String next, String message, String at) {
        return """
        {"apiVersion": "v1", "kind": "EventList", "metadata": {"continue": "%s"},
         "items": [{"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"},
                    "type": "Normal", "lastTimestamp": "%s", "message": "%s"}]}
        """
                .formatted(next, at, message);
    }
}
