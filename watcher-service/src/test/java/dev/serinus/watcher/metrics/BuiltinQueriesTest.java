package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.mesh.BuiltinQueries;
import dev.serinus.watcher.template.QueryTemplate;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What Flagger 1.44 was seen to send, byte for byte. */
class BuiltinQueriesTest {

    private static String render(String query, String interval) throws Exception {
        return QueryTemplate.render(
                query, Map.of("namespace", "NS", "target", "podinfo", "interval", interval));
    }

    @Test
    void istioAsFlaggerAsks() throws Exception {
        var istio = BuiltinQueries.ISTIO;

        assertThat(render(istio.successRate(), "1m"))
                .isEqualTo(
                        " sum( rate( istio_requests_total{ reporter=\"destination\","
                            + " destination_workload_namespace=\"NS\","
                            + " destination_workload=~\"podinfo\", response_code!~\"5.*\" }[1m] ) )"
                            + " / sum( rate( istio_requests_total{ reporter=\"destination\","
                            + " destination_workload_namespace=\"NS\","
                            + " destination_workload=~\"podinfo\" }[1m] ) ) * 100");
        assertThat(render(istio.duration(), "30s"))
                .isEqualTo(
                        " histogram_quantile( 0.99, sum( rate("
                            + " istio_request_duration_milliseconds_bucket{"
                            + " reporter=\"destination\", destination_workload_namespace=\"NS\","
                            + " destination_workload=~\"podinfo\" }[30s] ) ) by (le) )");
        assertThat(istio.millis()).isEqualTo(1);
    }

    @Test
    void gatewayApiAndKubernetesAsFlaggerAsks() throws Exception {
        var http = BuiltinQueries.HTTP;

        assertThat(render(http.successRate(), "1m"))
                .isEqualTo(
                        " sum( rate( http_request_duration_seconds_count{"
                            + " kubernetes_namespace=\"NS\","
                            + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\","
                            + " status!~\"5.*\" }[1m] ) ) / sum( rate("
                            + " http_request_duration_seconds_count{ kubernetes_namespace=\"NS\","
                            + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[1m]"
                            + " ) ) * 100");
        assertThat(render(http.duration(), "30s"))
                .isEqualTo(
                        " histogram_quantile( 0.99, sum( rate("
                            + " http_request_duration_seconds_bucket{ kubernetes_namespace=\"NS\","
                            + " kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[30s]"
                            + " ) ) by (le) )");
        assertThat(http.millis()).isEqualTo(1000);
    }

    @Test
    void aDaemonSetIsMeasuredByItsOwnPodsAndNotThePrimarys() throws Exception {
        String query = render(BuiltinQueries.HTTP.of("DaemonSet").requests(), "1m");
        String pattern = query.replaceAll("(?s).*=~\"([^\"]*)\".*", "$1");

        assertThat("podinfo-x7k2p").matches(pattern);
        assertThat("podinfo-primary-x7k2p").doesNotMatch(pattern);
    }
}
