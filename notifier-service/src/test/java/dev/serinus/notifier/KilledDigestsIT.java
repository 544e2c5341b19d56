package dev.serinus.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The notifier is killed while digests are told: every second time within five milliseconds of the
 * receiver's answer, where that it was taken may not be written down yet. Nothing that was gathered
 * is lost, and a digest that comes twice is the same with the same key.
 */
@Tag("nightly")
@EnableKubernetesMockClient(crud = true, https = false)
class KilledDigestsIT {

    private static final Logger LOG = LoggerFactory.getLogger(KilledDigestsIT.class);
    private static final int KILLS = Integer.getInteger("serinus.kills", 30);
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Pattern TOLD = Pattern.compile("alert (\\d+)");

    /** So many times as fast as ours: the minute of a digest is a second. */
    private static final int TIMES = 60;

    /**
     * One digest as it came.
     *
     * @param alerts the numbers of those in it
     */
    private record Told(String key, String body, Set<Integer> alerts) {}

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @TempDir Path data;

    private final List<Told> told = new CopyOnWriteArrayList<>();

    @Test
    void nothingOfADigestIsLostAndOneThatComesTwiceIsTheSameWithTheSameKey() throws Exception {
        long seed = Long.getLong("serinus.seed", System.nanoTime());
        var chance = new Random(seed);
        Instant begin = Instant.now();
        var server = NotifierInputs.receiver(this::take);
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            NotifierInputs.provision(
                    kafka,
                    TopicKind.ALERTS,
                    TopicKind.ALERT_DELIVERIES,
                    TopicKind.ALERT_RESULTS,
                    TopicKind.SCHEMAS,
                    TopicKind.DEAD_LETTERS);
            provider(server.getAddress().getPort());
            String api = client.getConfiguration().getMasterUrl();
            Process notifier = NotifierProcess.start(broker.bootstrapServers(), api, begin, TIMES);
            try (var outbox = new KafkaOutbox(kafka, "test")) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    // Two, so that some digests have more than one.
                    send(outbox, kafka, 2 * kill - 1);
                    send(outbox, kafka, 2 * kill);
                    int before = told.size();
                    await().atMost(LONG)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> told.size() > before);
                    TimeUnit.MICROSECONDS.sleep(chance.nextLong(kill % 2 == 0 ? 5_000 : 250_000));
                    notifier.destroyForcibly().waitFor();
                    notifier = NotifierProcess.start(broker.bootstrapServers(), api, begin, TIMES);
                }
                await().atMost(LONG)
                        .untilAsserted(
                                () -> assertThat(alerts()).as("seed %d", seed).hasSize(2 * KILLS));
                // Whatever would still be told again comes before this one.
                send(outbox, kafka, 2 * KILLS + 1);
                await().atMost(LONG).until(() -> alerts().contains(2 * KILLS + 1));
            } finally {
                notifier.destroyForcibly().waitFor();
            }
        } finally {
            server.stop(0);
        }
        Map<String, List<Told>> byKey = told.stream().collect(Collectors.groupingBy(Told::key));
        LOG.atInfo()
                .addKeyValue("kills", KILLS)
                .addKeyValue("digests", byKey.size())
                .addKeyValue("repeated", told.size() - byKey.size())
                .addKeyValue("lost", 2 * KILLS + 1 - alerts().size())
                .addKeyValue("seed", seed)
                .log("notifier killed while it told digests");
        assertThat(alerts())
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2 * KILLS + 1).boxed().toList());
        assertThat(byKey.values())
                .as("seed %d: what comes with one key", seed)
                .allSatisfy(
                        same ->
                                assertThat(same)
                                        .extracting(Told::body)
                                        .containsOnly(same.getFirst().body()));
        assertThat(byKey.values().stream().flatMap(same -> same.getFirst().alerts().stream()))
                .as("seed %d: alerts are in one digest each", seed)
                .doesNotHaveDuplicates();
    }

    private Set<Integer> alerts() {
        return told.stream()
                .flatMap(digest -> digest.alerts().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of a canary of its own: a digest says the newest of each. */
    private static void send(KafkaOutbox outbox, KafkaSettings kafka, int number)
            throws InterruptedException {
        var canary = new CanaryKey("lab", "test", "app-" + number);
        String uid =
                NotifierInputs.apply(
                        client,
                        ResourceWatch.CANARIES,
                        canary.name(),
                        Map.of(
                                "analysis",
                                Map.of(
                                        "alerts",
                                        List.of(
                                                Map.of(
                                                        "name",
                                                        "chat",
                                                        "providerRef",
                                                        Map.of("name", "chat"))))));
        outbox.send(
                new Topics(kafka).alerts("lab"),
                canary,
                Alert.newBuilder()
                        .setCanary(canary.toString())
                        .setUid(uid)
                        .setGeneration(1)
                        .setSequence(1)
                        .setBody(new ChatAlert(Severity.INFO, "alert " + number, List.of(), null))
                        .build());
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        Set<Integer> alerts =
                TOLD.matcher(body)
                        .results()
                        .map((MatchResult it) -> Integer.valueOf(it.group(1)))
                        .collect(Collectors.toCollection(TreeSet::new));
        told.add(new Told(key == null ? "" : key, body, alerts));
    }

    private static void provider(int port) {
        var _ =
                NotifierInputs.apply(
                        client,
                        ResourceWatch.ALERT_PROVIDERS,
                        "chat",
                        Map.of(
                                "type",
                                "slack",
                                "digest",
                                "1m",
                                "address",
                                "http://127.0.0.1:" + port + "/chat"));
    }
}
