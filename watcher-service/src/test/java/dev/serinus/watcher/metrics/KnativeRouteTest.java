package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderSetup;
import dev.serinus.watcher.metrics.provider.ProviderType;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Knative counts requests by revision, and the canary's is the latest. */
@EnableKubernetesMockClient(crud = true, https = false)
class KnativeRouteTest {

    private static final CanaryKey SHOP = new CanaryKey("west", "test", "shop");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<String> asked = new ArrayList<>();

    private Answer ask(CanaryMetric metric, MetricKind kind, Function<Ref, Optional<String>> latest)
            throws InterruptedException {
        var prometheus =
                new ProviderType(
                        "prometheus",
                        _ ->
                                new ProviderSetup.Ready(
                                        new MetricsProvider() {
                                            @Override
                                            public Answer ask(String query) {
                                                asked.add(query);
                                                return Answer.of(Instant.EPOCH, 100);
                                            }

                                            @Override
                                            public Answer available() {
                                                return Answer.of(Instant.EPOCH, 1);
                                            }
                                        }));
        try (var cluster =
                new AskedCluster(
                        client, Installation.named("west"), List.of(prometheus), Instant::now)) {
            var target = new ObjectRef("serving.knative.dev/v1", "Service", "shop");
            var summary = AskedCluster.summary(target, "knative", metric, false);
            return cluster.evaluator(latest).value(SHOP, summary, new Question(0, metric, kind));
        }
    }

    private static CanaryMetric metric(String name, String query) {
        return CanaryMetric.asked(name, null, query, null, null);
    }

    private static Optional<String> second(Ref service) {
        return service.equals(Knative.SERVICE.named("test", "shop"))
                ? Optional.of("shop-00002")
                : Optional.empty();
    }

    @Test
    void builtInChecksCountTheLatestRevision() throws Exception {
        var metric = metric("request-success-rate", "");

        assertThat(ask(metric, MetricKind.BUILTIN, KnativeRouteTest::second))
                .isInstanceOf(Answer.Samples.class);
        assertThat(asked)
                .singleElement()
                .asString()
                .contains("envoy_cluster_name=~\"test/shop-00002\"");
    }

    @Test
    void queriesOfOnesOwnKnowItAsTheRoute() throws Exception {
        var _ =
                ask(
                        metric("mine", "up{r=\"{{ route }}\"}"),
                        MetricKind.INLINE,
                        KnativeRouteTest::second);

        assertThat(asked).containsExactly("up{r=\"shop-00002\"}");
    }

    @Test
    void withoutARevisionThereIsNoVerdict() throws Exception {
        var answer =
                ask(metric("request-success-rate", ""), MetricKind.BUILTIN, _ -> Optional.empty());

        assertThat(answer)
                .isEqualTo(
                        new Answer.Unavailable(
                                "Error fetching Knative service test/shop: it is not there, or has"
                                        + " no revision yet"));
        assertThat(asked).isEmpty();
    }
}
