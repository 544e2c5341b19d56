package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.rules.FleetFile;

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
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Objects;

/** What is told of manifests that somebody sends. */
class ManifestApiTest {

    private static final String PLAN = "/api/v1/plan";
    private static final String LINT = "/api/v1/lint";
    private static final String YAML = "application/yaml";
    private static final String GOOD =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis:
                interval: 1m
                threshold: 2
                stepWeight: 25
                maxWeight: 50
                metrics:
                - name: request-success-rate
                  thresholdRange: {min: 99}
                webhooks:
                - name: load
                  url: https://user:hunter2@tester.shop/run?token=hunter2
            """;

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final OpenApi described = new OpenApi();

    @TempDir Path files;

    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private @Nullable ReadApi api;

    @AfterAll
    static void bothWereAskedFor() {
        assertThat(described.unseen()).noneMatch(it -> it.endsWith(PLAN) || it.endsWith(LINT));
    }

    @AfterEach
    void close() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void aPlanHasTheStepsWithTheirTimes() throws Exception {
        serve(AccessConfig.NONE);

        var plan = json(post(PLAN, GOOD), 200);

        assertThat(plan.at("/namespace").asText() + "/" + plan.at("/name").asText())
                .isEqualTo("shop/cart");
        assertThat(plan.at("/provider").asText()).isEqualTo("istio");
        var raised =
                plan.at("/atBest/steps")
                        .valueStream()
                        .filter(step -> step.path("type").asText().equals("WeightShifted"))
                        .map(step -> step.path("afterMillis") + " " + step.path("canaryWeight"))
                        .toList();
        assertThat(raised).contains("0 25", "60000 50");
        assertThat(plan.at("/atBest/end").asText()).isEqualTo("Succeeded");
        assertThat(plan.at("/atBest/lastsMillis").asLong()).isEqualTo(180_000);
        assertThat(plan.at("/ifEveryCheckFails/end").asText()).isEqualTo("Failed");
        assertThat(plan.at("/atBest/hooks/0/calls").asInt()).isEqualTo(2);
        assertThat(plan.at("/atBest/steps"))
                .extracting(step -> step.path("meets").asText())
                .contains("share", "nobody");
        assertThat(plan.at("/alerts").isArray()).isTrue();
        assertThat(plan.at("/assumed").asText()).contains("no freeze, budget or wave holds it");
        assertThat(plan.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", YAML, "application/x-yaml", "text/yaml", "text/plain"})
    void jsonIsYaml(String type) throws Exception {
        serve(AccessConfig.NONE);
        String json =
                """
                {"apiVersion": "flagger.app/v1beta1", "kind": "Canary", "metadata": {"name": "cart"},
                 "spec": {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"},
                  "service": {"port": 80}, "analysis": {"interval": "1m", "stepWeight": 50}}}
                """;

        var plan = json(post(PLAN + "?namespace=shop", json, type, null), 200);

        assertThat(plan.at("/namespace").asText()).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAN, LINT})
    void whereNothingWasSentItIsSaidWhatIsToBe(String path) throws Exception {
        serve(AccessConfig.NONE);

        var problem = json(post(path, ""), 400);

        assertThat(problem.path("detail").asText())
                .isEqualTo("nothing was sent: the body is to be manifests, as YAML or JSON");
    }

    @Test
    void aRefusedCanaryIsAnsweredWithEveryProblemItsPointerAndLine() throws Exception {
        serve(AccessConfig.NONE);

        var problem =
                json(
                        post(
                                PLAN,
                                GOOD.replace("maxWeight: 50", "maxWeight: 500")
                                        .replace("stepWeight: 25", "stepWeight: 250")),
                        422);

        assertThat(problem.path("errors").valueStream().map(it -> it.path("pointer").asText()))
                .contains("/spec/analysis/maxWeight", "/spec/analysis/stepWeight");
        assertThat(
                        problem.path("errors")
                                .valueStream()
                                .filter(it -> it.path("pointer").asText().endsWith("/maxWeight"))
                                .map(it -> it.path("line").asInt()))
                .containsExactly(11);
    }

    /** Whoever asks for a plan has not asked what is wrong. */
    @Test
    void aPlanHasWhatLintSaysOfItsCanary() throws Exception {
        serve(AccessConfig.NONE);
        String misspelt = GOOD.replace("maxWeight: 50", "maxWeigth: 50");

        var plan = json(post(PLAN, misspelt), 200);
        var refused = json(post(PLAN, misspelt.replace("interval: 1m", "interval: 3x")), 422);

        assertThat(plan.path("findings").valueStream().map(ManifestApiTest::said))
                .contains("warning Canary shop/cart 11 spec.analysis.maxWeigth");
        assertThat(plan.path("warnings").toString()).contains("is maxWeight meant?");
        assertThat(plan.path("sharesKnown").asBoolean()).isTrue();
        assertThat(refused.at("/errors/0/pointer").asText()).isEqualTo("/spec/analysis/interval");
        assertThat(refused.at("/errors/0/detail").asText()).startsWith("must ").contains("3x");
    }

    /** The first thousand are told, and an error is not among them. */
    @Test
    void errorsBehindThousandsOfWarningsRefuseAPlan() throws Exception {
        serve(AccessConfig.NONE);
        var fields = new StringBuilder();
        for (int n = 0; n < 1_100; n++) {
            fields.append("    field%d: 1%n".formatted(n));
        }
        String many =
                GOOD.replace("interval: 1m\n", "interval: 1m\n" + fields)
                        .replace("port: 80", "port: 80000");

        assertThat(json(post(PLAN, many), 422).path("errors")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: [' | is no YAML",
                "'' | has 0 Canaries",
                "'{}' | has 0 Canaries",
                "'kind: Canary' | has 0 Canaries",
                "'{apiVersion: flagger.app/v1beta1, kind: Canary}' | refused for 2 reasons",
                "'&a [*a]' | is nested deeper",
                "'[{apiVersion: flagger.app/v1beta1, kind: Canary}]' | has 0 Canaries",
            })
    void whatHasNoPlanIsToldWhy(String text, String because) throws Exception {
        serve(AccessConfig.NONE);

        var answer = post(PLAN, text);

        assertThat(answer.statusCode()).isIn(400, 422);
        if (answer.statusCode() == 422) {
            assertThat(json(answer, 422).toString()).contains(because);
        } else {
            assertThat(text).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"metadata: {}", "metadata: {name: a/b}", "metadata: {name: [a]}", "a: b"})
    void oneWithoutANameIsRefused(String metadata) throws Exception {
        serve(AccessConfig.NONE);

        json(post(PLAN, GOOD.replace("metadata: {name: cart, namespace: shop}", metadata)), 422);
    }

    @Test
    void lintTellsOfEachDocumentWhatIsWrong() throws Exception {
        serve(AccessConfig.NONE);
        String all =
                GOOD.replace("stepWeight: 25", "stepWieght: 25")
                        + """
                        ---
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: errors, namespace: shop}
                        spec: {provider: {type: prometheus, address: "http://p"}, query: "{{ broken"}
                        ---
                        apiVersion: flagger.app/v1beta1
                        kind: AlertProvider
                        metadata: {name: chat, namespace: shop}
                        spec: {type: slack, address: "https://hooks.slack.com/hunter2"}
                        ---
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: chat, namespace: shop}
                        stringData: {address: hunter2}
                        """;

        var found = json(post(LINT, all), 200);

        assertThat(found.path("resources").asInt()).isEqualTo(4);
        assertThat(found.path("findings").valueStream().map(ManifestApiTest::said))
                .anyMatch(
                        it -> it.startsWith("warning Canary shop/cart 10 spec.analysis.stepWieght"))
                .anyMatch(it -> it.startsWith("error MetricTemplate shop/errors 22 spec.query"))
                .anyMatch(it -> it.startsWith("note AlertProvider shop/chat"));
        assertThat(found.path("notJudged").toString()).isEqualTo("[\"Secret shop/chat\"]");
        assertThat(found.toString()).doesNotContain("hunter2");
    }

    /** A hub alone has no router beside it, and says so. */
    @Test
    void lintLooksAtTheTargetThatIsSentWithItsCanary() throws Exception {
        serve(AccessConfig.NONE);
        String both =
                GOOD
                        + """
                        ---
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: cart, namespace: shop}
                        spec:
                          selector: {matchLabels: {app: cart}}
                          template:
                            metadata: {labels: {app: cart}}
                            spec: {containers: [{name: cart, image: cart}]}
                        """;

        JsonNode found = json(post(LINT, both), 200);

        assertThat(found.path("findings").valueStream().map(ManifestApiTest::said))
                .contains("note Canary shop/cart 5 spec.targetRef")
                .anyMatch(each -> each.startsWith("warning Deployment shop/cart"));
        assertThat(found.path("notJudged")).isEmpty();
    }

    private static String said(JsonNode finding) {
        return "%s %s %d %s"
                .formatted(
                        finding.path("level").asText(),
                        finding.path("resource").asText(),
                        finding.path("line").asInt(),
                        finding.path("path").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?namespace=No",
                "?cluster=a/b",
                "?meshProvider=none-such",
                "?minInterval=soon",
                "?minInterval=-1s",
                "?selectorLabels=a,,b"
            })
    void anInstallationThatCannotBeIsRefused(String query) throws Exception {
        serve(AccessConfig.NONE);

        json(post(LINT + query, GOOD), 400);
        json(post(PLAN + query, GOOD), 400);
    }

    @Test
    void whatIsSaidOfTheInstallationCounts() throws Exception {
        serve(AccessConfig.NONE);
        String short20 = GOOD.replace("interval: 1m", "interval: 20s");

        var plan = json(post(PLAN + "?meshProvider=nginx&minInterval=2m", short20), 422);
        var nginx =
                GOOD.replace(
                        "spec:\n",
                        "spec:\n"
                                + "  ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress,"
                                + " name: cart}\n");

        assertThat(plan.toString()).contains("ingressRef");
        assertThat(
                        json(post(PLAN + "?meshProvider=nginx&minInterval=2m", nginx), 200)
                                .at("/atBest/lastsMillis")
                                .asLong())
                .isEqualTo(360_000);
    }

    /** A few lines that stand for more than a machine has memory. */
    @Test
    void aliasesOfAliasesAreCountedBeforeTheyAreWrittenOut() throws Exception {
        serve(AccessConfig.NONE);
        var laughs = new StringBuilder("a0: &a0 [x, x, x, x]\n");
        for (int level = 1; level <= 24; level++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(level, level, level - 1, level - 1));
        }

        var found = json(post(LINT, laughs.toString()), 200);
        var refused = json(post(PLAN, laughs.toString()), 422);

        assertThat(found.at("/findings/0/message").asText()).contains("has more than 20000 values");
        assertThat(refused.path("detail").asText()).contains("has more than 20000 values");
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        serve(AccessConfig.NONE);

        assertThat(post(LINT, "#".repeat(1024 * 1024 + 1)).statusCode()).isEqualTo(413);
        assertThat(
                        json(post(LINT, "{kind: A}\n---\n".repeat(201)), 200)
                                .at("/findings/0/message")
                                .asText())
                .contains("has more than 200 resources");
    }

    @Test
    void aRunWithoutEndIsFollowedSoFar() throws Exception {
        serve(AccessConfig.NONE);
        String endless =
                GOOD.replace("    stepWeight: 25\n    maxWeight: 50\n", "    iterations: 20000\n");

        var plan = json(post(PLAN, endless), 200);

        assertThat(plan.at("/atBest/end").asText()).isEmpty();
        assertThat(plan.at("/atBest/waitingFor").asText()).contains(" events come before its end");
        assertThat(plan.at("/atBest/steps").size()).isLessThanOrEqualTo(1_000);
    }

    /** Thousands of failed checks, each of which says the name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "    webhooks: [{name: %s, url: \"http://a\"}]\n",
                "    metrics: [{name: %s, query: q, thresholdRange: {max: 1}}]\n"
            })
    void aLongNameIsShortenedInEachStep(String named) throws Exception {
        serve(AccessConfig.NONE);
        String manifest =
                GOOD.substring(0, GOOD.indexOf("    threshold:"))
                        + "    iterations: 499\n    threshold: 1000000\n"
                        + named.formatted("n".repeat(120_000));

        var answer = post(PLAN, manifest);

        assertThat(json(answer, 200).at("/ifEveryCheckFails/steps").size()).isEqualTo(1_000);
        assertThat(answer.body()).hasSizeLessThan(4_000_000);
    }

    @Test
    void whoIsNotLetInIsToldNothingAndWhoAsksTooOftenWaits() throws Exception {
        Path tokens =
                Files.writeString(files.resolve("tokens"), "ada " + hash("secret-of-ada") + "\n");
        Path rules =
                Files.writeString(
                        files.resolve("rules"),
                        "rules: [{users: [ada], verbs: [read], clusters: [west], namespaces:"
                                + " [shop]}]");
        serve(new AccessConfig(tokens, rules, null, null, null, "sub", "groups", 2));

        json(post(PLAN, GOOD), 401);
        json(post(LINT, GOOD), 401);
        json(post(PLAN, GOOD, YAML, "Bearer secret-of-ada"), 200);
        json(post(LINT, GOOD, YAML, "Bearer secret-of-ada"), 200);
        var limited = post(PLAN, GOOD, YAML, "Bearer secret-of-ada");

        json(limited, 429);
        assertThat(limited.headers().firstValue("Retry-After")).isPresent();
        assertThat(limited.body()).contains("too many manifests: the next one in ");
        assertThat(metrics.find("serinus.api.refusals").tag("because", "rate").counter())
                .as("who asked has acted nothing")
                .isNull();
        assertThat(
                        post(
                                        "/api/v1/rollouts/west/shop/cart/actions",
                                        "{\"action\": \"abort\"}",
                                        "application/json",
                                        "Bearer secret-of-ada")
                                .statusCode())
                .as("who looks keeps nobody from acting")
                .isIn(403, 404);
    }

    private static String hash(String token) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    @Test
    void aPageOfAnotherSiteMayNotAsk() throws Exception {
        serve(AccessConfig.NONE);

        var answer =
                http.send(
                        HttpRequest.newBuilder(uri(PLAN))
                                .header("Content-Type", "text/plain")
                                .header("Origin", "https://elsewhere.example")
                                .POST(HttpRequest.BodyPublishers.ofString(GOOD))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        json(answer, 403);
    }

    @Test
    void whatIsNoManifestByItsTypeIsNotTaken() throws Exception {
        serve(AccessConfig.NONE);

        assertThat(post(PLAN, GOOD, "image/png", null).statusCode()).isEqualTo(415);
    }

    @Test
    void pathsArePointers() {
        assertThat(ManifestController.pointer("spec.analysis.metrics[1].name"))
                .isEqualTo("/spec/analysis/metrics/1/name");
        assertThat(ManifestController.pointer("")).isEmpty();
    }

    @Test
    void whoMaySeeTheCanaryIsToldWhatTheFleetFileAsksOfIt() throws Exception {
        Path tokens =
                Files.writeString(files.resolve("tokens"), "ada " + hash("secret-of-ada") + "\n");
        Path rules =
                Files.writeString(
                        files.resolve("rules"),
                        "rules: [{users: [ada], verbs: [read], clusters: [west], namespaces:"
                                + " [shop]}]");
        var today = LocalDate.now(ZoneOffset.UTC).atStartOfDay();
        var frozen =
                FleetFile.read(
                        Files.writeString(
                                files.resolve("fleet"),
                                "freezes: [{name: year-end, from: '%s', to: '%s', what: [starts]}]"
                                        .formatted(today.minusDays(1), today.plusDays(20))));
        var known = OnRequest.NONE;
        serve(
                new AccessConfig(tokens, rules, null, null, null, "sub", "groups", 60),
                new OnRequest(
                        known.letters(),
                        known.gates(),
                        known.past(),
                        known.alerts(),
                        known.audit(),
                        () -> frozen));
        String ada = "Bearer secret-of-ada";

        var told = json(post(PLAN + "?cluster=west", GOOD, YAML, ada), 200);
        var another = json(post(PLAN + "?cluster=east", GOOD, YAML, ada), 200);
        var unnamed = json(post(PLAN, GOOD, YAML, ada), 200);

        assertThat(told.at("/together/cluster").asText()).isEqualTo("west");
        assertThat(told.at("/together/waits/0").asText()).contains("the end of freeze year-end");
        assertThat(told.at("/together/beginsMillis").asLong())
                .isBetween(Duration.ofDays(18).toMillis(), Duration.ofDays(20).toMillis());
        assertThat(told.at("/together/end").asText()).isEqualTo("Succeeded");
        assertThat(told.at("/assumed").asText()).contains("released now, alone");
        assertThat(another.has("together") || unnamed.has("together")).isFalse();
        assertThat(another.toString() + unnamed).doesNotContain("year-end");
    }

    private void serve(AccessConfig access) {
        serve(access, OnRequest.NONE);
    }

    private void serve(AccessConfig access, OnRequest known) {
        var fleet = new FleetView(10);
        var desk =
                new ActionDesk(fleet, (_, _) -> {}, InstantSource.system(), Duration.ofMillis(300));
        api =
                ReadApi.serve(
                        new Healthy(),
                        fleet,
                        desk,
                        known,
                        access,
                        LoginConfig.NONE,
                        metrics,
                        "127.0.0.1",
                        0);
    }

    private URI uri(String path) {
        return URI.create(
                "http://127.0.0.1:" + Objects.requireNonNull(api, "served").port() + path);
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        return post(path, body, YAML, null);
    }

    private HttpResponse<String> post(String path, String body, String type, @Nullable String token)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        described.check(answer);
        return new ObjectMapper().readTree(answer.body());
    }
}
