package dev.serinus.demo;

import dev.serinus.demo.cluster.DemoCluster;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Evaluation;
import dev.serinus.demo.measure.MetricsEndpoint;
import dev.serinus.demo.measure.Samples;
import dev.serinus.demo.screen.ScreenState;
import dev.serinus.demo.traffic.AnswerCounts;
import dev.serinus.demo.traffic.Entrance;
import dev.serinus.demo.traffic.LoadGenerator;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Everything that in real life is there already: a cluster, its gateway, users, a Prometheus. */
final class World implements AutoCloseable {

    static final String NAMESPACE = "demo";
    static final String APP = "podinfo";
    private static final int USERS_PER_SECOND = 80;

    final DemoCluster cluster;
    final KubernetesClient user;
    final AnswerCounts tally = new AnswerCounts();
    final MetricsEndpoint metrics;
    final Entrance entrance;
    private final Samples samples = new Samples();
    final Pods pods = new Pods();
    private @Nullable LoadGenerator users;

    World(Setting setting, Path data, SplittableRandom chance, Consumer<String> say) {
        metrics = MetricsEndpoint.start(samples);
        cluster = setting.found(data, pods, samples, chance, say);
        user = cluster.user();
        entrance = setting.open(user, NAMESPACE, pods);
    }

    /** From now on there are users. */
    void openTheDoors() throws InterruptedException {
        entrance.awaitOpen();
        users =
                LoadGenerator.start(
                        entrance.address(), entrance.headers(), USERS_PER_SECOND, tally);
    }

    /** Both sides as they are now, measured over the last three seconds. */
    ScreenState look(String phase) {
        Map<String, Integer> weights = entrance.weights();
        return new ScreenState(
                phase,
                side(
                        APP + "-primary",
                        APP + "-primary-[0-9a-z]+-[0-9a-z]+",
                        weights.getOrDefault(APP + "-primary", 0)),
                side(APP, APP + "-[0-9a-z]+-[0-9a-z]+", weights.getOrDefault(APP + "-canary", 0)));
    }

    private ScreenState.Side side(String app, String pod, int weight) {
        String version =
                pods.selected(NAMESPACE, Map.of("app", app)).stream()
                        .map(dev.serinus.demo.cluster.Pod::version)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("+"));
        String all = "{kubernetes_pod_name=~\"" + pod + "\"}[3s]";
        String good = "{kubernetes_pod_name=~\"" + pod + "\",status!~\"5.*\"}[3s]";
        String count = "sum(rate(http_request_duration_seconds_count%s))";
        var now = Instant.now();
        double perSecond = Evaluation.number(count.formatted(all), samples, now).orElse(0);
        var success =
                Evaluation.number(
                        "100 * " + count.formatted(good) + " / " + count.formatted(all),
                        samples,
                        now);
        var p99 =
                Evaluation.number(
                        "1000 * histogram_quantile(0.99, sum by (le)"
                                + " (rate(http_request_duration_seconds_bucket"
                                + all
                                + ")))",
                        samples,
                        now);
        return new ScreenState.Side(version, weight, perSecond, success, p99);
    }

    @Override
    public void close() {
        if (users != null) {
            users.close();
        }
        entrance.close();
        metrics.close();
        cluster.close();
    }
}
