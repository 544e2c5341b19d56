package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.PODINFO;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.QueryPurpose;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.Network;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.watcher.Collected;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** What a metrics server is told of the trace of the rollout on whose behalf it is asked. */
@EnableKubernetesMockClient(crud = true, https = false)
class TracedQueriesTest {

    private static final Map<String, String> COLLECTED =
            Map.of(TraceContext.ENDPOINT, "http://collector.example:4318");

    private static final String NONE = "none";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer kubernetes;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<String> traceparents = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer prometheus;
    private String uid = "";

    TracedQueriesTest() throws IOException {
        prometheus =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        prometheus.createContext(
                "/",
                exchange -> {
                    String header = exchange.getRequestHeaders().getFirst(TraceContext.HEADER);
                    traceparents.add(header == null ? NONE : header);
                    requests.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders());
                    byte[] body =
                            """
                            {"status": "success", "data": {"resultType": "vector",
                             "result": [{"metric": {}, "value": [1772359200, "100"]}]}}
                            """
                                    .getBytes(UTF_8);
                    try (exchange) {
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        prometheus.start();
        uid = applyCanary(client, CANARY).getMetadata().getUid();
    }

    @AfterEach
    void stop() {
        prometheus.stop(0);
        kubernetes.reset();
    }

    @Test
    void eachCallSaysInWhichStepOfWhichRolloutItIs() throws Exception {
        var answered = ask(COLLECTED, new AddressGuard(false), 3, 7);

        assertThat(answered)
                .extracting(Measurement::getOutcome)
                .containsOnly(MeasurementOutcome.VALUE);
        assertThat(traceparents)
                .hasSize(answered.size())
                .containsOnly(TraceContext.of(uid, 3, 7).header());
        assertThat(requests).isNotEmpty().noneMatch(sent -> sent.contains("classified"));
    }

    @Test
    void nothingIsSaidWhereNobodyCollectsTraces() throws Exception {
        var answered = ask(Map.of(), new AddressGuard(false), 3, 7);

        assertThat(traceparents).hasSize(answered.size()).containsOnly(NONE);
    }

    @Test
    void whereTheGuardRefusesTheServerNothingIsSent() throws Exception {
        var guard = new AddressGuard(false, List.of(Network.parse("127.0.0.0/8")));

        var answered = ask(COLLECTED, guard, 3, 7);

        assertThat(answered)
                .isNotEmpty()
                .extracting(Measurement::getOutcome)
                .doesNotContain(MeasurementOutcome.VALUE);
        assertThat(requests).isEmpty();
    }

    private List<Measurement> ask(
            Map<String, String> environment, AddressGuard guard, long run, long step)
            throws InterruptedException {
        var installation = installation("http://127.0.0.1:" + prometheus.getAddress().getPort());
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
                                new OutgoingClient(guard, Proxies.none(), CallLimits.of(10)),
                                100_000,
                                new BackendLimits(1000, 1_000_000),
                                Duration.ofMinutes(1),
                                environment,
                                Executors::newVirtualThreadPerTaskExecutor,
                                InstantSource.system(),
                                Thread::sleep,
                                new SimpleMeterRegistry())) {
            cluster.start();
            await().atMost(Duration.ofMinutes(1)).until(cluster::hasSynced);
            queries.handle(
                    PODINFO,
                    MetricQuery.newBuilder()
                            .setCanary(PODINFO.toString())
                            .setStep(new StepId(uid, run, step, 1))
                            .setGeneration(1)
                            .setPurpose(QueryPurpose.ANALYSIS)
                            .build());
        }
        return sent.of(MetricResult.class).getFirst().getMeasurements();
    }
}
