package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another API at an address; that of the watched cluster has its own test. */
class ExternalMetricsTest extends ProviderContract {

    @Override
    protected ProviderType type() {
        return ExternalMetrics.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("token", "lab-token");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.empty();
    }

    @Override
    public String query() {
        return "shop/queue_depth";
    }

    @Override
    public String measured(double... values) {
        double last = values[values.length - 1];
        return Double.isNaN(last)
                ? nothing()
                : "{\"items\":[{\"timestamp\":\"2026-01-01T00:00:00Z\",\"value\":\"%dm\"}]}"
                        .formatted((long) (last * 1000));
    }

    @Override
    public String nothing() {
        return "{\"kind\":\"ExternalMetricValueList\",\"items\":[]}";
    }

    @Override
    protected boolean takesAnyCertificate() {
        return true;
    }

    @Override
    public String healthy() {
        return nothing();
    }

    @Test
    @Override
    void withoutAnAddressItAsksItsVendorOrIsTheManifestsFault() {
        provider(settings(null, Map.of()));

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void asksAsTheClientsOfKubernetesDo() throws Exception {
        provider(settings(server.url(), credentials()))
                .ask("shop/queue_depth?labelSelector=queue%3Dorders,app%20in%20(b,a)\n");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_depth"
                                + "?labelSelector=app+in+%28a%2Cb%29%2Cqueue%3Dorders&timeout=5s");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Bearer lab-token"))
                .containsEntry("Accept", List.of("application/json, */*"));
    }

    /** Flagger sends the credential of its own service account. */
    @Test
    void withoutASecretNoCredentialIsSent() throws Exception {
        provider(settings(server.url(), Map.of())).ask(query());

        assertThat(server.requests().getFirst().headers()).doesNotContainKey("Authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "/metric_only,default/metric_only",
        "myMetric,default/myMetric",
        "a/pub|sub?x=1,a/pub%7Csub",
        "a/..,a/%2E%2E"
    })
    void theNamespaceMayBeLeftOut(String query, String path) throws Exception {
        provider(settings(server.url(), credentials())).ask(query);

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/%s?timeout=5s"
                                .formatted(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"namespaceonly/", "/", "", "a/b/c", "../x", "A/x", "x?labelSelector=a b"})
    void otherQueriesAreTheManifestsFault(String query) throws Exception {
        assertThat(provider(settings(server.url(), credentials())).ask(query))
                .isInstanceOf(Answer.Misconfigured.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    the first item  | {"items":[{"value":"1500m"},{"value":"9"}]} | 1.5 of 2 series
                    without a unit  | {"items":[{"value":7}]}                     | 7.0
                    nothing         | {"items":[]}                                | NoData[because=no external metrics found: no values found]
                    no quantity     | {"items":[{"value":"many"}]}                | Unavailable[because=error querying external metrics API: strconv.ParseFloat: parsing "many": invalid syntax]
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    @Test
    void whatTheApiRefusesIsToldInItsWords() throws Exception {
        server.answer(403, "{\"kind\":\"Status\",\"message\":\"Forbidden\",\"code\":403}");

        assertThat(text(ask()))
                .isEqualTo("Unavailable[because=error querying external metrics API: Forbidden]");
        assertThat(text(provider(settings(server.url(), credentials())).available()))
                .isEqualTo("Unavailable[because=external metrics service unavailable: Forbidden]");
    }

    @Test
    void whatSaysItIsNoJsonIsNotRead() throws Exception {
        server.answer(200, measured(1));
        server.header("Content-Type", "text/plain; charset=utf-8");

        assertThat(text(ask()))
                .isEqualTo(
                        "Unavailable[because=error querying external metrics API: serializer for"
                                + " text/plain doesn't exist]");
    }

    @Test
    void itsHealthIsAMetricThatNobodyHas() throws Exception {
        provider(settings(server.url(), credentials())).available();

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/kube-system/dummy-metric"
                            + "?timeout=5s");
    }
}
