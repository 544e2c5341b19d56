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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The notifier is killed between the delivery of an alert and its commit, again and again; every
 * second time within five milliseconds of the receiver's answer, where what was told may not be
 * written down yet. No alert is lost, and what is told twice has the same key.
 */
@Tag("nightly")
@EnableKubernetesMockClient(crud = true, https = false)
class KilledNotifierIT {

    private static final Logger LOG = LoggerFactory.getLogger(KilledNotifierIT.class);
    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final int KILLS = Integer.getInteger("serinus.kills", 100);
    private static final Duration LONG = Duration.ofMinutes(2);

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @TempDir Path data;

    /** For each alert at each receiver the keys that came, one for each time. */
    private final Map<String, List<String>> told = new ConcurrentHashMap<>();

    /** For each kill the time from the first receiver's answer. */
    private final Map<Integer, Duration> killedAfter = new ConcurrentHashMap<>();

    /** What somebody was told, in its order, also before the test waits for it. */
    private final LinkedBlockingQueue<String> answered = new LinkedBlockingQueue<>();

    @Test
    void noAlertIsLostAndWhatIsToldTwiceHasTheSameKey() throws Exception {
        long seed = Long.getLong("serinus.seed", System.nanoTime());
        var chance = new Random(seed);
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
            String uid = apply(server.getAddress().getPort());
            String api = client.getConfiguration().getMasterUrl();
            Process notifier = NotifierProcess.start(broker.bootstrapServers(), api);
            try (var outbox = new KafkaOutbox(kafka, "test")) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    outbox.send(new Topics(kafka).alerts("lab"), CANARY, alert(uid, kill));
                    awaitTold("alert " + kill);
                    long most = kill % 2 == 0 ? 5_000 : 250_000;
                    long since = System.nanoTime();
                    TimeUnit.MICROSECONDS.sleep(chance.nextLong(most));
                    killedAfter.put(kill, Duration.ofNanos(System.nanoTime() - since));
                    notifier.destroyForcibly().waitFor();
                    notifier = NotifierProcess.start(broker.bootstrapServers(), api);
                }
                await().atMost(LONG).untilAsserted(() -> assertThat(told).hasSize(2 * KILLS));
                // Whatever would still be told again comes before this one.
                outbox.send(new Topics(kafka).alerts("lab"), CANARY, alert(uid, KILLS + 1));
                await().atMost(LONG).untilAsserted(() -> assertThat(told).hasSize(2 * KILLS + 2));
            } finally {
                notifier.destroyForcibly().waitFor();
            }
        } finally {
            server.stop(0);
        }
        int twice = told.values().stream().mapToInt(keys -> keys.size() - 1).sum();
        LOG.atInfo()
                .addKeyValue("kills", KILLS)
                .addKeyValue("messages", told.size())
                .addKeyValue("repeated", twice)
                .addKeyValue("repeatedAfterMillis", repeatedAfter())
                .addKeyValue("lost", 2 * KILLS + 2 - told.size())
                .addKeyValue("seed", seed)
                .log("notifier killed between delivery and commit");
        assertThat(told.values())
                .as("seed %d", seed)
                .allSatisfy(keys -> assertThat(keys).containsOnly(keys.getFirst()));
        assertThat(twice)
                .as("seed %d: each kill repeats one message at most", seed)
                .isLessThanOrEqualTo(KILLS);
    }

    /** Waits until a receiver was told this, whatever was told again before. */
    private void awaitTold(String alert) throws InterruptedException {
        String now;
        do {
            now = answered.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(now).as("%s is told", alert).isNotNull();
        } while (!now.equals(alert));
    }

    /** After how many milliseconds the kills came that made a message come again. */
    private List<Long> repeatedAfter() {
        return told.entrySet().stream()
                .filter(each -> each.getValue().size() > 1)
                .map(each -> each.getKey().substring(each.getKey().lastIndexOf(' ') + 1))
                .map(alert -> killedAfter.getOrDefault(Integer.valueOf(alert), LONG).toMillis())
                .sorted()
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String alert = body.replaceAll("(?s).*\"text\":\"(alert \\d+)\".*", "$1");
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        told.computeIfAbsent(
                        exchange.getRequestURI().getPath() + " " + alert,
                        _ -> new CopyOnWriteArrayList<>())
                .add(key);
        answered.offer(alert);
    }

    private static Alert alert(String uid, long sequence) {
        return Alert.newBuilder()
                .setCanary(CANARY.toString())
                .setUid(uid)
                .setGeneration(1)
                .setSequence(sequence)
                .setBody(new ChatAlert(Severity.INFO, "alert " + sequence, List.of(), null))
                .build();
    }

    private static String apply(int port) {
        for (String name : List.of("one", "two")) {
            NotifierInputs.apply(
                    client,
                    ResourceWatch.ALERT_PROVIDERS,
                    name,
                    Map.of("type", "slack", "address", "http://127.0.0.1:" + port + "/" + name));
        }
        Map<String, Object> analysis = new HashMap<>();
        analysis.put(
                "alerts",
                Stream.of("one", "two")
                        .map(name -> Map.of("name", name, "providerRef", Map.of("name", name)))
                        .toList());
        return NotifierInputs.apply(
                client, ResourceWatch.CANARIES, "podinfo", Map.of("analysis", analysis));
    }
}
