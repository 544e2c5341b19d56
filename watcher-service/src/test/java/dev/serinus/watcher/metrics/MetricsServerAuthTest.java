package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.Objects.applyCustom;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.Objects;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.Providers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** As whom a server is asked that does not answer everybody. */
@EnableKubernetesMockClient(crud = true, https = false)
class MetricsServerAuthTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final NamespacedRef CART_S_OWN = new NamespacedRef("prometheus", "shop");
    private static final NamespacedRef MEASURED = new NamespacedRef("prometheus", "serinus");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> tenants = new CopyOnWriteArrayList<>();
    private volatile String accepted = "first";
    private final HttpServer prometheus = start();
    private final OutgoingClient outgoing =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));

    private HttpServer start() {
        try {
            var listening =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            listening.createContext(
                    "/",
                    exchange -> {
                        String who =
                                String.valueOf(
                                        exchange.getRequestHeaders().getFirst("Authorization"));
                        authorizations.add(who);
                        tenants.add(
                                String.valueOf(
                                        exchange.getRequestHeaders().getFirst("X-Scope-OrgID")));
                        boolean known = who.equals("Bearer " + accepted);
                        byte[] body =
                                (known
                                                ? "{\"data\": {\"result\": [{\"value\":"
                                                        + " [1772359200, \"1\"]}]}}"
                                                : "who are you?")
                                        .getBytes(UTF_8);
                        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            listening.start();
            return listening;
        } catch (IOException ours) {
            throw new IllegalStateException(ours);
        }
    }

    @BeforeEach
    void open() {
        secret("first");
    }

    @AfterEach
    void close() {
        prometheus.stop(0);
        outgoing.close();
        server.reset();
    }

    private String address() {
        return "http://127.0.0.1:" + prometheus.getAddress().getPort();
    }

    private static void secret(String token) {
        for (String namespace : List.of("shop", "serinus")) {
            Objects.secret(client, namespace, "keys", "token", token);
        }
    }

    private void template(String namespace, String provider) {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata:
                          name: prometheus
                          namespace: %s
                          annotations: {serinus.dev/allowed-namespaces: nobody}
                        spec:
                          provider: {%s}
                          query: up
                        """
                                .formatted(namespace, provider));
    }

    private String guarded() {
        return "type: prometheus, address: '%s', secretRef: {name: keys}".formatted(address());
    }

    private AskedCluster cluster(Installation installation) {
        return new AskedCluster(
                client,
                installation,
                Providers.ALL,
                () -> NOW,
                new GuardedHttp(outgoing, BackendsTest.unlimited(), null, CART, 100_000),
                AskedCluster.NOBODY,
                Map.of());
    }

    private static Installation measured() {
        return Installation.named("west").measuredBy(MEASURED);
    }

    private static Question templated() {
        return new Question(0, CanaryMetric.named("prometheus"), MetricKind.TEMPLATE);
    }

    private static Question builtIn() {
        return new Question(0, CanaryMetric.named("request-duration"), MetricKind.BUILTIN);
    }

    private static Question inline() {
        return new Question(
                0, CanaryMetric.asked("errors", null, "up", null, null), MetricKind.INLINE);
    }

    private static SpecSummary summary(Question question, @Nullable String metricsServer) {
        var one = AskedCluster.summary("cart", null, question.metric(), false);
        return new SpecSummary(
                one.target(),
                one.apex(),
                one.ingress(),
                one.route(),
                one.provider(),
                metricsServer,
                one.metrics(),
                100,
                100,
                false,
                false);
    }

    private static Answer ask(AskedCluster cluster, Question question, @Nullable String server)
            throws InterruptedException {
        return cluster.evaluator().value(CART, summary(question, server), question);
    }

    @Test
    void aTokenThatWasRenewedCountsAtOnceWhereTheFormerOneIsRefused() throws Exception {
        template("shop", guarded());
        try (var cluster = cluster(Installation.named("west"))) {
            assertThat(ask(cluster, templated(), null)).isInstanceOf(Answer.Samples.class);
            accepted = "second";
            secret("second");

            assertThat(ask(cluster, templated(), null)).isInstanceOf(Answer.Samples.class);
            assertThat(ask(cluster, templated(), null)).isInstanceOf(Answer.Samples.class);
        }

        assertThat(authorizations)
                .containsExactly("Bearer first", "Bearer first", "Bearer second", "Bearer second");
    }

    @Test
    void aTokenThatIsRefusedForGoodIsSentOnceForEachQuestion() throws Exception {
        template("shop", guarded());
        accepted = "another";
        try (var cluster = cluster(Installation.named("west"))) {
            assertThat(ask(cluster, templated(), null).toString()).contains("401");
            assertThat(ask(cluster, templated(), null).toString())
                    .contains("401")
                    .doesNotContain("first");
        }

        assertThat(authorizations).containsExactly("Bearer first", "Bearer first");
    }

    @Test
    void theInstallationsServerIsAskedAsItsTemplateSays() throws Exception {
        template("serinus", guarded() + ", headers: {X-Scope-OrgID: [shops]}");
        try (var cluster = cluster(measured())) {
            assertThat(ask(cluster, builtIn(), null)).isInstanceOf(Answer.Samples.class);
            assertThat(ask(cluster, inline(), null)).isInstanceOf(Answer.Samples.class);
            assertThat(cluster.evaluator().availability(CART, summary(builtIn(), null), builtIn()))
                    .isInstanceOf(Answer.Samples.class);
        }

        assertThat(authorizations).hasSize(3).containsOnly("Bearer first");
        assertThat(tenants).containsOnly("shops");
    }

    @Test
    void whetherItAnswersIsAskedAsItsTemplateSays() throws Exception {
        template("serinus", guarded());
        try (var cluster = cluster(measured())) {
            assertThat(cluster.evaluator().availability(CART)).isInstanceOf(Answer.Samples.class);
            accepted = "another";
            assertThat(cluster.evaluator().availability(CART).toString()).contains("401");
        }
        try (var without = cluster(Installation.named("west").measuredBy(CART_S_OWN))) {
            assertThat(without.evaluator().availability(CART).toString()).contains("not found");
        }

        assertThat(authorizations).containsOnly("Bearer first");
    }

    @Test
    void aRenewedTokenOfTheInstallationCountsAtOnce() throws Exception {
        template("serinus", guarded());
        try (var cluster = cluster(measured())) {
            var _ = ask(cluster, builtIn(), null);
            accepted = "second";
            secret("second");

            assertThat(ask(cluster, builtIn(), null)).isInstanceOf(Answer.Samples.class);
        }
    }

    @Test
    void aServerOfTheCanarysOwnGetsNothingOfTheInstallations() throws Exception {
        template("serinus", guarded());
        try (var cluster = cluster(measured())) {
            assertThat(ask(cluster, inline(), address()).toString()).contains("401");
        }

        assertThat(authorizations).containsExactly("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    none     |                                                                                | metrictemplate.flagger.app "prometheus" not found
                    serinus  | type: graphite, address: 'http://a'                                            | spec.provider.type: what is built in is asked in PromQL, and graphite is not
                    serinus  | type: prometheus                                                               | prometheus endpoint is not set
                    serinus  | type: prometheus, address: 'http://a', secretRef: {name: others}               | secret others error: secrets "others" not found
                    serinus  | type: prometheus, address: 'http://a', auth: {tls: {secretRef: {name: keys}}}  | spec.provider.auth.tls
                    """)
    void whatKeepsItFromBeingAskedIsToldOfTheTemplate(
            String namespace, @Nullable String provider, String because) throws Exception {
        template(namespace, provider == null ? guarded() : provider);
        try (var cluster = cluster(measured())) {
            for (var question : List.of(builtIn(), inline())) {
                assertThat(ask(cluster, question, null))
                        .isInstanceOfSatisfying(
                                Answer.Misconfigured.class,
                                wrong ->
                                        assertThat(wrong.because())
                                                .startsWith(
                                                        "Error building Prometheus client for URL"
                                                                + " of metric template"
                                                                + " prometheus.serinus: ")
                                                .contains(because)
                                                .doesNotContain("first"));
            }
        }
        assertThat(authorizations).isEmpty();
    }
}
