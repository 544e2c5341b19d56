package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.Objects.PODINFO;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.applyCustom;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.QueryPurpose;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.watcher.Collected;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** All that one query of metrics asks is asked side by side, and told in order. */
@EnableKubernetesMockClient(crud = true, https = false)
class SideBySideTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer kubernetes;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer prometheus;
    private final MeterRegistry meters = new SimpleMeterRegistry();

    /** Of what is asked how many have to be under way before the first is answered. */
    private volatile CountDownLatch together = new CountDownLatch(0);

    /** Until what has this text is answered, the others wait. */
    private volatile String first = "";

    private final CountDownLatch firstAnswered = new CountDownLatch(1);

    SideBySideTest() throws IOException {
        prometheus =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        prometheus.setExecutor(threads);
        prometheus.createContext(
                "/",
                exchange -> {
                    String asked = URLDecoder.decode(exchange.getRequestURI().toString(), UTF_8);
                    boolean isFirst = !first.isEmpty() && asked.contains(first);
                    boolean range = asked.contains("query_range");
                    String answer =
                            """
                            {"status": "success", "data": {"resultType": "%s",
                             "result": [{"metric": {}, %s}]}}
                            """
                                    .formatted(
                                            range ? "matrix" : "vector",
                                            range
                                                    ? "\"values\": [[1772359200, \"100\"]]"
                                                    : "\"value\": [1772359200, \"%s\"]"
                                                            .formatted(isFirst ? "7" : "100"));
                    try (exchange) {
                        together.countDown();
                        if (!together.await(1, TimeUnit.MINUTES)
                                || (!isFirst
                                        && !first.isEmpty()
                                        && !firstAnswered.await(1, TimeUnit.MINUTES))) {
                            exchange.sendResponseHeaders(500, -1);
                            return;
                        }
                        byte[] body = answer.getBytes(UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                    if (isFirst) {
                        firstAnswered.countDown();
                    }
                });
        prometheus.start();
    }

    @AfterEach
    void stop() {
        prometheus.stop(0);
        threads.shutdownNow();
        kubernetes.reset();
    }

    @Test
    void theSidesOfAComparisonAreAskedBesideTheValue() throws Exception {
        together = new CountDownLatch(5);

        var answered =
                ask(
                        "{name: load, interval: 1m, query: 'e{a=\"{{ target }}\"}',"
                                + " thresholdRange: {max: 100}, compare: {judge: proportion,"
                                + " requests: {query: 'r{a=\"{{ target }}\"}'}}}",
                        installation(address()));

        assertThat(answered.getFirst().getBecause()).isEmpty();
        assertThat(answered.getFirst().getValue()).isEqualTo(100.0);
        assertThat(answered.getFirst().getPrimaryRequests()).isNotNull();
    }

    @Test
    void ofABuiltInNameThatIsATemplateAsWellTheGaugeShowsTheTemplatesValue() throws Exception {
        first = "of_template";
        applyCustom(
                client,
                ResourceWatch.METRIC_TEMPLATES,
                """
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: duration, namespace: test}
                spec:
                  provider: {type: prometheus, address: "%s"}
                  query: of_template
                """
                        .formatted(address()));

        var answered =
                ask(
                        "{name: request-duration, interval: 1m, templateRef: {name: duration},"
                                + " thresholdRange: {max: 500}}",
                        installation(address()));

        assertThat(answered).extracting(Measurement::getBecause).containsOnly("");
        assertThat(answered).extracting(Measurement::getValue).containsExactly(100.0, 7.0);
        assertThat(answered).extracting(Measurement::getProvider).containsExactly("istio", "");
        assertThat(
                        meters.get("flagger_canary_metric_analysis")
                                .tag("metric", "request-duration")
                                .gauge()
                                .value())
                .isEqualTo(7);
    }

    private String address() {
        return "http://127.0.0.1:" + prometheus.getAddress().getPort();
    }

    private static String canary(String metric) {
        return """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: {name: podinfo, namespace: test}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
          service: {port: 9898}
          analysis:
            interval: 10s
            maxWeight: 30
            stepWeight: 10
            metrics:
            - %s
        """
                .formatted(metric);
    }

    private List<Measurement> ask(String metric, Installation installation)
            throws InterruptedException {
        String uid = applyCanary(client, canary(metric)).getMetadata().getUid();
        var sent = new Collected();
        try (var cluster =
                        new Cluster(
                                client,
                                installation,
                                new Claims().settle("lab", "kafka"),
                                SecretChanges.WATCHED);
                var queries =
                        new MetricQueries(
                                installation,
                                cluster,
                                client,
                                new Topics(KafkaSettings.at("127.0.0.1:1")).metricResults("lab"),
                                sent,
                                new OutgoingClient(
                                        new AddressGuard(false),
                                        Proxies.none(),
                                        CallLimits.of(100)),
                                100_000,
                                new BackendLimits(1000, 1_000_000),
                                Duration.ofMinutes(1),
                                Map.of(),
                                Executors::newVirtualThreadPerTaskExecutor,
                                InstantSource.system(),
                                Thread::sleep,
                                meters)) {
            cluster.start();
            await().atMost(Duration.ofMinutes(1)).until(cluster::hasSynced);
            queries.handle(
                    PODINFO,
                    MetricQuery.newBuilder()
                            .setCanary(PODINFO.toString())
                            .setStep(new StepId(uid, 1L, 1L, 1))
                            .setGeneration(1)
                            .setPurpose(QueryPurpose.ANALYSIS)
                            .setWindowStart(Instant.now().minus(Duration.ofMinutes(10)))
                            .build());
        }
        return sent.of(MetricResult.class).getFirst().getMeasurements();
    }
}
