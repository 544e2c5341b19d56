package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.outgoing.Sleeper;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keptn, and the external metrics API, of the watched cluster. */
@EnableKubernetesMockClient(https = false)
class InClusterProvidersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String KEPTN = "/apis/metrics.keptn.sh/v1beta1/namespaces/shop/";
    private static final String EXTERNAL =
            "/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue_depth";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    KubernetesClient client;

    private final List<Duration> pauses = new ArrayList<>();

    private MetricsProvider provider(ProviderType type) {
        return provider(type, pauses::add);
    }

    private MetricsProvider provider(ProviderType type, Sleeper sleeper) {
        ProviderHttp nobody =
                _ -> {
                    throw new ProviderHttp.NoReply("nobody is there");
                };
        return provider(type, sleeper, nobody);
    }

    private MetricsProvider provider(ProviderType type, Sleeper sleeper, ProviderHttp nobody) {
        return provider(type, sleeper, nobody, client);
    }

    private static MetricsProvider provider(
            ProviderType type, Sleeper sleeper, ProviderHttp nobody, KubernetesClient kubernetes) {
        var settings =
                new ProviderSettings(
                        type.name(), null, Map.of(), Map.of(), false, false, null, "1m");
        return provider(
                type,
                new ProviderContext(
                        settings,
                        nobody,
                        nobody,
                        kubernetes,
                        namespace -> !namespace.equals("others"),
                        () -> NOW,
                        sleeper,
                        Map.of()));
    }

    private static MetricsProvider provider(ProviderType type, ProviderContext context) {
        return ((ProviderSetup.Ready) type.setUp().apply(context)).provider();
    }

    private static String text(Answer answer) {
        return ProviderContract.text(answer);
    }

    private void keptnMetric(String status) {
        server.expect()
                .get()
                .withPath(KEPTN + "keptnmetrics/response-time")
                .andReturn(
                        200,
                        "{\"apiVersion\":\"metrics.keptn.sh/v1beta1\",\"kind\":\"KeptnMetric\",\"status\":%s}"
                                .formatted(status))
                .always();
    }

    @Test
    void aKeptnMetricIsReadAsOfWhenItWasUpdated() throws Exception {
        keptnMetric("{\"value\":\"3.25\",\"lastUpdated\":\"2026-03-01T09:00:00Z\"}");

        assertThat(provider(Keptn.TYPE).ask("KeptnMetric/Shop/response-time\n"))
                .isEqualTo(Answer.of(Instant.parse("2026-03-01T09:00:00Z"), 3.25));
    }

    @Test
    void aKeptnMetricWithoutAValueIsNoData() throws Exception {
        keptnMetric("{}");

        assertThat(provider(Keptn.TYPE).ask("keptnmetrics/shop/response-time"))
                .isInstanceOf(Answer.NoData.class);
    }

    @Test
    void aKeptnMetricThatIsNoNumberIsUnavailable() throws Exception {
        keptnMetric("{\"value\":\"fast\"}");

        assertThat(text(provider(Keptn.TYPE).ask("keptnmetric/shop/response-time")))
                .startsWith("Unavailable");
    }

    /** Neither is it told whole nor does it take long to see what it is. */
    @Test
    void aKeptnMetricOfAMegabyteIsToldShortened() throws Exception {
        keptnMetric("{\"value\":\"%sx\"}".formatted("1".repeat(1_200_000)));

        assertThat(text(provider(Keptn.TYPE).ask("keptnmetric/shop/response-time")))
                .startsWith("Unavailable")
                .hasSizeLessThan(1000);
    }

    @Test
    void aKeptnMetricThatIsNotThereIsToldInTheWordsOfFlagger() throws Exception {
        assertThat(text(provider(Keptn.TYPE).ask("keptnmetric/shop/absent")))
                .isEqualTo(
                        "Unavailable[because=could not retrieve KeptnMetric shop/absent:"
                                + " keptnmetrics.metrics.keptn.sh \"absent\" not found]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalid/shop",
                "invalid/shop/x",
                "keptnmetric/../x",
                "keptnmetric/shop/..",
                "keptnmetric/others/response-time",
                "analysis/shop/x/5m/a=b=c"
            })
    void otherQueriesAreTheManifestsFault(String query) throws Exception {
        assertThat(provider(Keptn.TYPE).ask(query)).isInstanceOf(Answer.Misconfigured.class);
        assertThat(server.getRequestCount()).isZero();
    }

    private void analyses(String made) {
        server.expect().post().withPath(KEPTN + "analyses").andReturn(201, analysis(made)).once();
    }

    private static String analysis(String status) {
        return "{\"apiVersion\":\"metrics.keptn.sh/v1beta1\",\"kind\":\"Analysis\",\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"},\"status\":%s}"
                .formatted(status);
    }

    @Test
    void anAnalysisIsMadeReadAndRemoved() throws Exception {
        analyses("{\"state\":\"Completed\",\"pass\":true}");

        var answer = provider(Keptn.TYPE).ask("analysis/shop/my-analysis/5m/workload=cart;Case=UP");

        assertThat(answer).isEqualTo(Answer.of(NOW, 1));
        var made =
                Serialization.unmarshal(
                        server.takeRequest().getBody().readUtf8(), GenericKubernetesResource.class);
        assertThat(made.getMetadata().getName()).matches("my-analysis-[0-9a-f]{6}");
        assertThat(made.getAdditionalProperties())
                .containsEntry(
                        "spec",
                        Map.of(
                                "analysisDefinition",
                                Map.of("name", "my-analysis"),
                                "timeframe",
                                Map.of("recent", "5m"),
                                "args",
                                Map.of("workload", "cart", "case", "up")));
        var removed = server.takeRequest();
        assertThat(removed.getMethod()).isEqualTo("DELETE");
        assertThat(removed.getPath()).isEqualTo(KEPTN + "analyses/" + made.getMetadata().getName());
        assertThat(pauses).isEmpty();
    }

    @Test
    void anAnalysisThatDoesNotPassIsZero() throws Exception {
        analyses("{\"state\":\"Completed\"}");

        assertThat(provider(Keptn.TYPE).ask("analyses/shop/my-analysis"))
                .isEqualTo(Answer.of(NOW, 0));
    }

    @Test
    void anAnalysisThatIsNeverDoneIsUnavailableAfterTenSecondsAndRemoved() throws Exception {
        analyses("{\"state\":\"Progressing\"}");

        assertThat(text(provider(Keptn.TYPE).ask("analysis/shop/my-analysis")))
                .contains("was not completed within 10s");
        assertThat(pauses).hasSize(10).allMatch(Duration.ofSeconds(1)::equals);
        assertThat(lastMethod()).isEqualTo("DELETE");
    }

    @Test
    void anAnalysisIsRemovedWhenNobodyWaitsAnyMore() throws Exception {
        analyses("{\"state\":\"Progressing\"}");
        var thrown = new ArrayList<Throwable>();
        var asking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        provider(
                                                        Keptn.TYPE,
                                                        _ -> {
                                                            Thread.currentThread().interrupt();
                                                            throw new InterruptedException();
                                                        })
                                                .ask("analysis/shop/my-analysis");
                                    } catch (InterruptedException gone) {
                                        thrown.add(gone);
                                    }
                                });
        asking.join();

        assertThat(thrown).hasSize(1);
        assertThat(lastMethod()).isEqualTo("DELETE");
    }

    private String lastMethod() throws InterruptedException {
        String method = "";
        for (int i = server.getRequestCount(); i > 0; i--) {
            method = server.takeRequest().getMethod();
        }
        return method;
    }

    @Test
    void theClustersOwnApiIsAskedAboutExternalMetrics() throws Exception {
        server.expect()
                .get()
                .withPath(EXTERNAL + "?labelSelector=a%3Db&timeout=5s")
                .andReturn(200, "{\"items\":[{\"value\":\"1500m\"}]}")
                .always();

        assertThat(provider(ExternalMetrics.TYPE).ask("queue_depth?labelSelector=a%3Db"))
                .isEqualTo(Answer.of(NOW, 1.5));
    }

    /** Elsewhere an installation for one namespace has no rights. */
    @Test
    void whetherTheClusterKnowsMetricsIsAskedWhereTheInstallationHasRights() throws Exception {
        server.expect()
                .get()
                .withPath(
                        "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/dummy-metric?timeout=5s")
                .andReturn(200, "{\"items\":[]}")
                .always();
        ProviderHttp nobody =
                _ -> {
                    throw new ProviderHttp.NoReply("nobody is there");
                };
        var settings =
                new ProviderSettings(
                        "externalmetrics", null, Map.of(), Map.of(), false, false, null, "1m");
        var context =
                new ProviderContext(
                        settings,
                        nobody,
                        nobody,
                        client,
                        _ -> true,
                        () -> NOW,
                        pauses::add,
                        Map.of());

        assertThat(provider(ExternalMetrics.TYPE, context.in("shop")).available())
                .isEqualTo(Answer.of(NOW, 1));
        assertThat(provider(ExternalMetrics.TYPE, context.in(null)).available())
                .isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void anApiThatTheClusterDoesNotHaveIsUnavailable() throws Exception {
        assertThat(text(provider(ExternalMetrics.TYPE).ask("queue_depth")))
                .isEqualTo(
                        "Unavailable[because=error querying external metrics API: the server could"
                                + " not find the requested resource]");
        assertThat(text(provider(ExternalMetrics.TYPE).available()))
                .isEqualTo(
                        "Unavailable[because=external metrics service unavailable: the server could"
                                + " not find the requested resource]");
    }

    /** Of 2000 bytes of an answer, and no more altogether than a test says. */
    private ProviderHttp limited(int altogether) {
        return new ProviderHttp() {
            @Override
            public Reply send(Request request) throws NoReply {
                throw new NoReply("nobody is there");
            }

            @Override
            public <T> T inTurn(Work<T> work) throws NoReply, InterruptedException {
                if (altogether == 0) {
                    throw new NoReply("too many calls of namespace shop are under way");
                }
                return work.within(2000, bytes -> bytes <= altogether);
            }
        };
    }

    private void longAnswers() {
        String fill = "x".repeat(5000);
        keptnMetric("{\"value\":\"1\",\"more\":\"%s\"}".formatted(fill));
        server.expect()
                .get()
                .withPath(EXTERNAL + "?timeout=5s")
                .andReturn(200, "{\"items\":[{\"value\":\"1\"}],\"more\":\"%s\"}".formatted(fill))
                .always();
    }

    @Test
    void anAnswerOfTheClusterThatIsTooLongIsNotReadOn() throws Exception {
        longAnswers();

        for (var answer : bothAsked(limited(1_000_000))) {
            assertThat(text(answer)).contains("answer is larger than 2000 bytes");
        }
    }

    @Test
    void theClusterIsNotReadWhileTooMuchIsBeingRead() throws Exception {
        keptnMetric("{\"value\":\"1\",\"more\":\"%s\"}".formatted("x".repeat(500)));
        server.expect()
                .get()
                .withPath(EXTERNAL + "?timeout=5s")
                .andReturn(200, "{\"items\":[{\"value\":\"1\"}]}")
                .always();

        for (var answer : bothAsked(limited(10))) {
            assertThat(text(answer)).contains("too many bytes of answers are being read");
        }
    }

    @Test
    void theClusterIsNotAskedWithoutATurn() throws Exception {
        for (var answer : bothAsked(limited(0))) {
            assertThat(text(answer)).contains("too many calls of namespace shop");
        }
        assertThat(server.getRequestCount()).isZero();
    }

    private List<Answer> bothAsked(ProviderHttp http) throws InterruptedException {
        return List.of(
                provider(Keptn.TYPE, pauses::add, http).ask("keptnmetric/shop/response-time"),
                provider(ExternalMetrics.TYPE, pauses::add, http).ask("queue_depth"));
    }

    @Test
    void aClusterThatDoesNotAnswerIsUnavailableAfterFiveSeconds() throws Exception {
        try (var silent = new MetricsServer()) {
            silent.start();
            silent.silent();
            var config = new ConfigBuilder(Config.empty()).withMasterUrl(silent.url()).build();
            try (var there = new KubernetesClientBuilder().withConfig(config).build()) {
                var provider = provider(ExternalMetrics.TYPE, pauses::add, limited(1), there);

                assertTimeoutPreemptively(
                        Duration.ofSeconds(9),
                        () ->
                                assertThat(text(provider.ask("queue_depth")))
                                        .contains("the Kubernetes API did not answer"));
            }
        }
    }

    @Test
    void whatTheClusterRefusesIsToldInItsWords() throws Exception {
        server.expect()
                .get()
                .withPath(KEPTN + "keptnmetrics/response-time")
                .andReturn(
                        403,
                        "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"keptnmetrics is"
                                + " forbidden\",\"code\":403}")
                .always();

        assertThat(text(provider(Keptn.TYPE).ask("keptnmetric/shop/response-time")))
                .contains("shop/response-time: keptnmetrics is forbidden");
    }

    @Test
    void externalMetricsOfABlockedNamespaceAreNotRead() throws Exception {
        assertThat(provider(ExternalMetrics.TYPE).ask("others/queue_depth"))
                .isInstanceOf(Answer.Misconfigured.class);
        assertThat(server.getRequestCount()).isZero();
    }
}
