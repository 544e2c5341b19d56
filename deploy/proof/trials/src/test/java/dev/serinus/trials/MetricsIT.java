package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Flagger's metrics as a Prometheus scrapes them, once everything that they tell of has happened:
 * from services that are processes of their own, and from the all-in-one, which has one registry
 * for all.
 */
@Tag("long")
class MetricsIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void theAllInOneShowsAllOfThemAndNoneOfACanaryThatIsGone() throws Exception {
        try (var cluster = new Cluster();
                var serinus = RunningSerinus.on(cluster, "metrics");
                var history = new History(serinus.kafka)) {
            promoteOneAndTakeOneBack(cluster, history);

            var all = FlaggersMetrics.scraped(serinus.url());
            assertThat(all.table()).isEqualTo(FlaggersMetrics.TABLE);
            assertMeaning(all, all);

            delete(cluster);
            await("the series of what is gone to go")
                    .atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    FlaggersMetrics.scraped(serinus.url())
                                                            .table()
                                                            .keySet())
                                            .doesNotContain(
                                                    "flagger_canary_total",
                                                    "flagger_canary_status",
                                                    "flagger_canary_weight",
                                                    "flagger_canary_metric_analysis")
                                            .contains("flagger_info"));
        }
    }

    @Test
    void servicesOfTheirOwnShowEachOnceBetweenThem() throws Exception {
        Map<String, String> urls = new HashMap<>();
        List<ServiceProcess> parts = new ArrayList<>();
        try (var cluster = new Cluster()) {
            var kafka = start(cluster, parts, urls);
            try (var history = new History(kafka)) {
                promoteOneAndTakeOneBack(cluster, history);

                var analysis = scraped(urls, "analysis");
                var watcher = scraped(urls, "watcher");
                var router = scraped(urls, "router");
                assertThat(analysis.table().keySet())
                        .doesNotContainAnyElementsOf(watcher.table().keySet());
                Map<String, String> both = new LinkedHashMap<>(analysis.table());
                both.putAll(watcher.table());
                assertThat(both).isEqualTo(FlaggersMetrics.TABLE);
                assertThat(router.table()).isEmpty();
                assertMeaning(analysis, watcher);
            }
        } finally {
            parts.reversed().forEach(ServiceProcess::close);
        }
    }

    private static FlaggersMetrics scraped(Map<String, String> urls, String service)
            throws Exception {
        return FlaggersMetrics.scraped(Objects.requireNonNull(urls.get(service)));
    }

    private static void promoteOneAndTakeOneBack(Cluster cluster, History history) {
        cluster.apply(Manifests.namespace("shop"));
        cluster.apply(Manifests.deployment("shop", "app", 1));
        cluster.apply(Manifests.canary("shop", "app", ""));
        await("Initialized").atMost(LONG).until(() -> history.has("Initialized"));
        cluster.image("shop", "app", "podinfo:2.0.0");
        await("Promoted").atMost(LONG).until(() -> history.has("Promoted"));
        cluster.measures("42");
        cluster.image("shop", "app", "podinfo:3.0.0");
        await("RolledBack").atMost(LONG).until(() -> history.has("RolledBack"));
    }

    private static void assertMeaning(FlaggersMetrics analysis, FlaggersMetrics watcher) {
        String[] app = {"name=\"app\"", "namespace=\"shop\""};
        assertThat(watcher.value("flagger_info", "version=\"1.44.0\"")).isEqualTo(1);
        assertThat(watcher.value("flagger_canary_total", "namespace=\"shop\"")).isEqualTo(1);
        assertThat(watcher.value("flagger_canary_metric_analysis", app)).isEqualTo(42);
        assertThat(analysis.value("flagger_canary_status", app)).isEqualTo(2);
        assertThat(analysis.value("flagger_canary_weight", "workload=\"app\"")).isZero();
        assertThat(analysis.value("flagger_canary_weight", "workload=\"app-primary\""))
                .isEqualTo(100);
        assertThat(analysis.value("flagger_canary_successes_total", app)).isEqualTo(1);
        assertThat(analysis.value("flagger_canary_failures_total", app)).isEqualTo(1);
        // Three weights, then two failed checks at least; each check asks a provider over HTTP.
        assertThat(analysis.value("flagger_canary_duration_seconds_count", app))
                .isGreaterThanOrEqualTo(5);
        assertThat(analysis.value("flagger_canary_duration_seconds_sum", app)).isPositive();
    }

    private static void delete(Cluster cluster) {
        var _ =
                cluster.user
                        .genericKubernetesResources("flagger.app/v1beta1", "Canary")
                        .inNamespace("shop")
                        .withName("app")
                        .delete();
    }

    private static KafkaSettings start(
            Cluster cluster, List<ServiceProcess> parts, Map<String, String> urls)
            throws Exception {
        Path data =
                Path.of(
                                System.getProperty("trials.data"),
                                "MetricsIT-" + ProcessHandle.current().pid())
                        .toAbsolutePath();
        int port = FreePort.next();
        var kafka = KafkaSettings.at("127.0.0.1:" + port);
        parts.add(ServiceProcess.broker(data, port, RunningSerinus.CLUSTER));
        for (String service : List.of("analysis", "watcher", "router")) {
            var part = ServiceProcess.service(service, RunningSerinus.CLUSTER, cluster, port, data);
            parts.add(part);
            urls.put(service, part.url());
        }
        return kafka;
    }
}
