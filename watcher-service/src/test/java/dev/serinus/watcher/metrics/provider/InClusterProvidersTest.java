package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.outgoing.Sleeper;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
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
        var settings =
                new ProviderSettings(
                        type.name(), null, Map.of(), Map.of(), false, false, null, "1m");
        ProviderHttp nobody =
                _ -> {
                    throw new ProviderHttp.NoReply("nobody is there");
                };
        var setup =
                type.setUp()
                        .apply(
                                new ProviderContext(
                                        settings,
                                        nobody,
                                        nobody,
                                        client,
                                        namespace -> !namespace.equals("others"),
                                        () -> NOW,
                                        sleeper,
                                        Map.of()));
        return ((ProviderSetup.Ready) setup).provider();
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

    @Test
    void externalMetricsOfABlockedNamespaceAreNotRead() throws Exception {
        assertThat(provider(ExternalMetrics.TYPE).ask("others/queue_depth"))
                .isInstanceOf(Answer.Misconfigured.class);
        assertThat(server.getRequestCount()).isZero();
    }
}
