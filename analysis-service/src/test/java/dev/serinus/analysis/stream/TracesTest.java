package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a collector of OpenTelemetry gets of rollouts. */
class TracesTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);
    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void listen() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    var sent = new ObjectMapper().readTree(exchange.getRequestBody());
                    keys.add(exchange.getRequestHeaders().getFirst("api-key"));
                    sent.at("/resourceSpans/0/scopeSpans/0/spans").forEach(spans::add);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void aRolloutIsATraceAndEachOfItsStepsASpanInIt() {
        try (var traces = traces();
                var bench = new Bench(traces)) {
            tell(bench, cluster.created());
            settle(bench);
            tell(bench, cluster.released("b"));
            settle(bench);
            await("the end of the run").atMost(PATIENCE).until(() -> rollout().isPresent());
        }

        var whole = rollout().orElseThrow();
        var run =
                spans.stream()
                        .filter(span -> text(span, "traceId").equals(text(whole, "traceId")))
                        .toList();
        assertThat(whole.findValuesAsText("name")).contains("Promoted");
        assertThat(whole.has("status")).isFalse();
        assertThat(keys).containsOnly("secret");
        assertThat(run)
                .extracting(span -> text(span, "name"))
                .contains("router: ScaleUp", "metrics: Metrics", "router: Shift", "router: Copy")
                .contains("wait: Interval", "wait: ReadyCanary");
        assertThat(run)
                .filteredOn(span -> !span.equals(whole))
                .allSatisfy(
                        span -> {
                            assertThat(text(span, "parentSpanId")).isEqualTo(text(whole, "spanId"));
                            assertThat(nanos(span, "start"))
                                    .isGreaterThanOrEqualTo(nanos(whole, "start"));
                            assertThat(nanos(span, "end"))
                                    .isBetween(nanos(span, "start"), nanos(whole, "end"));
                        });
        assertThat(run).extracting(span -> text(span, "spanId")).doesNotHaveDuplicates();
    }

    /** A hook is told where it is in the trace by who has nothing but the step. */
    @Test
    void idsFollowFromWhatASpanIsAbout() {
        var step = TraceContext.of("a-uid", 3, 17);

        assertThat(step).isEqualTo(TraceContext.of("a-uid", 3, 17));
        assertThat(step.trace()).isEqualTo(TraceContext.of("a-uid", 3, 0).trace());
        assertThat(step.span()).isNotEqualTo(TraceContext.of("a-uid", 3, 18).span());
        assertThat(step.trace()).isNotEqualTo(TraceContext.of("a-uid", 4, 17).trace());
        assertThat(step.header()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void aCollectorThatIsAwayHoldsNothingUp() {
        collector.stop(0);
        try (var traces = traces();
                var bench = new Bench(traces)) {
            tell(bench, cluster.created());
            settle(bench);
            tell(bench, cluster.released("b"));
            settle(bench);

            assertThat(bench.registry.find("flagger.canary.successes").counter().count())
                    .isEqualTo(1);
        }
    }

    @Test
    void nothingIsSentWhereNobodyNamesACollector() {
        assertThat(Traces.of(Map.of())).isSameAs(Traces.OFF);
    }

    @Test
    void anAddressThatIsNoneIsRefusedByTheNameOfItsVariable() {
        assertThatThrownBy(() -> Traces.of(Map.of(TraceContext.ENDPOINT, "collector:4318")))
                .hasMessageContaining(TraceContext.ENDPOINT)
                .hasMessageContaining("http://collector:4318");
    }

    private Traces traces() {
        return Traces.of(
                Map.of(
                        TraceContext.ENDPOINT,
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "api-key=secret"));
    }

    private Optional<JsonNode> rollout() {
        return spans.stream()
                .filter(span -> text(span, "name").equals("rollout " + PODINFO))
                .findFirst();
    }

    private static String text(JsonNode span, String field) {
        return span.path(field).asText();
    }

    private static long nanos(JsonNode span, String which) {
        return Long.parseLong(text(span, which + "TimeUnixNano"));
    }

    private static void tell(Bench bench, List<PretendCluster.Fact> facts) {
        facts.forEach(
                fact ->
                        bench.send(
                                fact.kind().name("west"),
                                Inputs.canary(fact.value()).orElseThrow().getBytes(UTF_8),
                                Bench.SETTINGS.values().serializer().serialize("", fact.value())));
    }

    private void settle(Bench bench) {
        for (int second = 0; second < 600; second++) {
            List<SpecificRecord> commands = commands(bench);
            while (!commands.isEmpty()) {
                bench.advance(Duration.ofMillis(100));
                commands.forEach(command -> tell(bench, cluster.answer(command)));
                commands = commands(bench);
            }
            bench.advance(Duration.ofSeconds(1));
        }
    }

    private List<SpecificRecord> commands(Bench bench) {
        List<SpecificRecord> commands = new ArrayList<>(bench.read(topics.routerCommands("west")));
        commands.addAll(bench.read(topics.metricQueries("west")));
        return commands;
    }
}
