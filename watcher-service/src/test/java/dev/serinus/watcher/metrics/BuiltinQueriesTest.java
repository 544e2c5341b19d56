package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.mesh.BuiltinQueries;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.template.TextTemplate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What Flagger 1.44 was seen to send, byte for byte. */
class BuiltinQueriesTest {

    private static String render(String provider, String query) throws Exception {
        var queries = queries(provider);
        return TextTemplate.render(
                query,
                Map.of(
                        "namespace",
                        queries.shown("my-ns"),
                        "target",
                        queries.shown("podinfo"),
                        "service",
                        queries.shown("podinfo"),
                        "ingress",
                        queries.shown("web-shop"),
                        "route",
                        queries.shown("shop"),
                        "interval",
                        "1m"));
    }

    private static BuiltinQueries queries(String provider) {
        return Meshes.of(provider).builtinQueries();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "istio|istio_requests_total{ reporter=\"destination\","
                    + " destination_workload_namespace=\"my-ns\","
                    + " destination_workload=~\"podinfo\", response_code!~\"5.*\""
                    + " }|istio_requests_total{ reporter=\"destination\","
                    + " destination_workload_namespace=\"my-ns\", destination_workload=~\"podinfo\""
                    + " }",
                "smi:v1alpha3|istio_requests_total{ reporter=\"destination\","
                    + " destination_workload_namespace=\"my-ns\","
                    + " destination_workload=~\"podinfo\", response_code!~\"5.*\""
                    + " }|istio_requests_total{ reporter=\"destination\","
                    + " destination_workload_namespace=\"my-ns\", destination_workload=~\"podinfo\""
                    + " }",
                "kubernetes|http_request_duration_seconds_count{ kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\","
                        + " status!~\"5.*\" }|http_request_duration_seconds_count{"
                        + " kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }",
                "gatewayapi:v1|http_request_duration_seconds_count{ kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\","
                        + " status!~\"5.*\" }|http_request_duration_seconds_count{"
                        + " kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }",
                "appmesh:v1beta2|envoy_cluster_upstream_rq{ kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\","
                        + " envoy_response_code!~\"5.*\" }|envoy_cluster_upstream_rq{"
                        + " kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }",
                "contour|envoy_cluster_upstream_rq{"
                        + " envoy_cluster_name=~\"my-ns_podinfo-canary_[0-9a-zA-Z-]+\","
                        + " envoy_response_code!~\"5.*\" }|envoy_cluster_upstream_rq{"
                        + " envoy_cluster_name=~\"my-ns_podinfo-canary_[0-9a-zA-Z-]+\", }",
                "gloo|envoy_cluster_upstream_rq{"
                    + " envoy_cluster_name=~\"my-ns-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\","
                    + " envoy_response_code!~\"5.*\" }|envoy_cluster_upstream_rq{"
                    + " envoy_cluster_name=~\"my-ns-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\","
                    + " }",
                "kuma|envoy_cluster_upstream_rq{"
                        + " service=~\"podinfo-canary_my-ns_svc_[0-9a-zA-Z-]+\","
                        + " envoy_response_code!~\"5.*\" }|envoy_cluster_upstream_rq{"
                        + " service=~\"podinfo-canary_my-ns_svc_[0-9a-zA-Z-]+\", }",
                "knative|envoy_cluster_upstream_rq{ envoy_cluster_name=~\"my-ns/shop\","
                        + " envoy_response_code!~\"5.*\" }"
                        + "|envoy_cluster_upstream_rq{ envoy_cluster_name=~\"my-ns/shop\", }",
                "linkerd|response_total{ namespace=\"my-ns\", deployment=~\"podinfo\","
                        + " classification!=\"failure\", direction=\"inbound\" }|response_total{"
                        + " namespace=\"my-ns\", deployment=~\"podinfo\", direction=\"inbound\" }",
                "nginx|nginx_ingress_controller_requests{ namespace=\"my-ns\","
                        + " ingress=\"web-shop\", canary!=\"\", status!~\"5.*\""
                        + " }|nginx_ingress_controller_requests{ namespace=\"my-ns\","
                        + " ingress=\"web-shop\", canary!=\"\" }",
                "osm|osm_request_total{ destination_namespace=\"my-ns\","
                        + " destination_kind=\"Deployment\", destination_name=\"podinfo\","
                        + " response_code!~\"5.*\" }|osm_request_total{"
                        + " destination_namespace=\"my-ns\", destination_kind=\"Deployment\","
                        + " destination_name=\"podinfo\" }",
                "traefik|traefik_service_request_duration_seconds_bucket{"
                    + " service=~\"my-ns-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\","
                    + " code!~\"5..\", le=\"+Inf\" }"
                    + "|traefik_service_request_duration_seconds_bucket{"
                    + " service=~\"my-ns-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\", le=\"+Inf\""
                    + " }",
                "apisix|apisix_http_status{ route=~\"my-ns_shop-podinfo-canary_.+\", code!~\"5..\""
                        + " }|apisix_http_status{ route=~\"my-ns_shop-podinfo-canary_.+\" }",
                "emissary|envoy_cluster_upstream_rq{"
                        + " envoy_cluster_name=\"my-ns_podinfo-canary\","
                        + " envoy_response_code!~\"5.*\" }|envoy_cluster_upstream_rq{"
                        + " envoy_cluster_name=\"my-ns_podinfo-canary\" }",
            })
    void theSuccessRateAsFlaggerAsks(String provider, String good, String all) throws Exception {
        assertThat(render(provider, queries(provider).successRate()))
                .isEqualTo(
                        " sum( rate( %s[1m] ) ) / sum( rate( %s[1m] ) ) * 100"
                                .formatted(good, all));
        assertThat(render(provider, queries(provider).requests()))
                .isEqualTo("sum( rate( %s[1m] ) )".formatted(all));
    }

    @Test
    void skippersSuccessRateAsFlaggerAsks() throws Exception {
        assertThat(render("skipper", queries("skipper").successRate()))
                .isEqualTo(
                        " sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_my_ns__web_shop_canary__.*__podinfo_canary(_[0-9]+)?\",code!~\"5..\",le=\"+Inf\"}[1m]))"
                            + " / sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_my_ns__web_shop_canary__.*__podinfo_canary(_[0-9]+)?\",le=\"+Inf\"}[1m]))"
                            + " * 100");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "istio|istio_request_duration_milliseconds_bucket{ reporter=\"destination\","
                    + " destination_workload_namespace=\"my-ns\", destination_workload=~\"podinfo\""
                    + " }|1",
                "gatewayapi:v1beta1|http_request_duration_seconds_bucket{"
                        + " kubernetes_namespace=\"my-ns\","
                        + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }|1000",
                "contour|envoy_cluster_upstream_rq_time_bucket{"
                        + " envoy_cluster_name=~\"my-ns_podinfo-canary_[0-9a-zA-Z-]+\", }|1",
                "linkerd|response_latency_ms_bucket{ namespace=\"my-ns\", deployment=~\"podinfo\","
                        + " direction=\"inbound\" }|1",
                "apisix|apisix_http_latency_bucket{ type=~\"request\","
                        + " route=~\"my-ns_shop-podinfo-canary_.+\" }|1",
                "emissary|envoy_cluster_upstream_rq_time_bucket{"
                        + " envoy_cluster_name=\"my-ns_podinfo-canary\" }|1",
            })
    void thePercentileOfTheDurationAsFlaggerAsks(String provider, String buckets, double millis)
            throws Exception {
        assertThat(render(provider, queries(provider).duration()))
                .isEqualTo(
                        " histogram_quantile( 0.99, sum( rate( %s[1m] ) ) by (le) )"
                                .formatted(buckets));
        assertThat(queries(provider).millis()).isEqualTo(millis);
    }

    @Test
    void whereOnlyTheMeanIsKnownItIsMadeMilliseconds() throws Exception {
        assertThat(render("nginx", queries("nginx").duration()))
                .isEqualTo(
                        " sum( rate( nginx_ingress_controller_response_duration_seconds_sum{"
                            + " namespace=\"my-ns\", ingress=\"web-shop\", canary!=\"\" }[1m] ) ) /"
                            + " sum( rate("
                            + " nginx_ingress_controller_response_duration_seconds_count{"
                            + " namespace=\"my-ns\", ingress=\"web-shop\", canary!=\"\" }[1m] ) ) *"
                            + " 1000");
    }

    private static final List<String> BOTH = List.of("primary", "baseline");

    /** As Kubernetes does: of what is generated it keeps 58 characters and adds five. */
    private static String pod(String kind, String workload, String hash) {
        String prefix = workload + (kind.equals("Deployment") ? "-" + hash : "") + "-";
        return prefix.substring(0, Math.min(58, prefix.length())) + "x7k2p";
    }

    /** Whether a query about one workload counts a pod. */
    private static boolean counts(
            String provider, String kind, String about, List<String> others, String pod)
            throws Exception {
        var query =
                TextTemplate.render(
                        queries(provider).of(kind, about, others).requests(),
                        Map.of("namespace", "shop", "target", about, "interval", "1m"));
        var matcher = Pattern.compile("kubernetes_pod_name(=~|!~)\"([^\"]*)\"").matcher(query);
        boolean all = true;
        while (matcher.find()) {
            all &= pod.matches(matcher.group(2)) == matcher.group(1).equals("=~");
        }
        return all;
    }

    static Stream<Arguments> namesOfAllLengths() {
        return IntStream.of(1, 7, 30, 36, 37, 38, 39, 40, 44, 46, 47, 48, 49, 50, 51, 52, 54, 55)
                .boxed()
                .flatMap(
                        length ->
                                Stream.of("Deployment", "DaemonSet")
                                        .flatMap(
                                                kind ->
                                                        Stream.of("gatewayapi:v1", "appmesh")
                                                                .map(
                                                                        mesh ->
                                                                                Arguments.of(
                                                                                        length,
                                                                                        kind,
                                                                                        mesh))));
    }

    @ParameterizedTest
    @MethodSource("namesOfAllLengths")
    void aWorkloadIsMeasuredByItsOwnPodsHoweverLongItsName(int length, String kind, String provider)
            throws Exception {
        String target = "p".repeat(length);
        for (String hash : List.of("5d4f8c7b9c", "bf4d8c7b9", "cb8f8c7b")) {
            String canary = pod(kind, target, hash);
            String primary = pod(kind, target + "-primary", hash);
            String baseline = pod(kind, target + "-baseline", hash);

            assertThat(counts(provider, kind, target, BOTH, canary)).isTrue();
            assertThat(counts(provider, kind, target, BOTH, primary)).isFalse();
            assertThat(counts(provider, kind, target, List.of("primary"), primary)).isFalse();
            assertThat(counts(provider, kind, target, BOTH, baseline)).isFalse();
            assertThat(counts(provider, kind, target + "-primary", List.of(), primary)).isTrue();
            assertThat(counts(provider, kind, target + "-primary", List.of(), canary)).isFalse();
            assertThat(counts(provider, kind, target + "-baseline", List.of(), baseline)).isTrue();
            assertThat(counts(provider, kind, target + "-baseline", List.of(), primary)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 38})
    void theTextStaysFlaggersWhereItTellsThePodsApart(int length) {
        var queries = queries("gatewayapi:v1");

        assertThat(queries.of("Deployment", "p".repeat(length), List.of("primary")))
                .isEqualTo(queries);
    }

    @Test
    void aDaemonSetHasItsOwnLabelsWhereTheMeshSaysTheKind() throws Exception {
        assertThat(
                        render(
                                "linkerd",
                                queries("linkerd")
                                        .of("DaemonSet", "podinfo", List.of("primary"))
                                        .successRate()))
                .contains("daemonset=~\"podinfo\"")
                .doesNotContain("deployment");
        assertThat(
                        render(
                                "osm",
                                queries("osm")
                                        .of("DaemonSet", "podinfo", List.of("primary"))
                                        .successRate()))
                .contains("destination_kind=\"DaemonSet\"")
                .doesNotContain("Deployment");
    }
}
