package dev.serinus.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.events.GatheredAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The service as its own process would run it, on a real broker. */
@EnableKubernetesMockClient(crud = true, https = false)
class NotifierServiceIT {

    private static final String SECRET = "s3cr3t-token";
    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @TempDir Path data;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final List<AlertResult> results = new CopyOnWriteArrayList<>();

    @Test
    void tellsInOrderAndSetsAsideWhatCannotBeToldWithoutItsAddress() throws Exception {
        var server = receiver();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        TestBeans.client = client;
        NotifierInputs.apply(
                client,
                ResourceWatch.ALERT_PROVIDERS,
                "chat",
                Map.of("type", "slack", "address", url + "/chat/" + SECRET));
        NotifierInputs.apply(
                client,
                ResourceWatch.ALERT_PROVIDERS,
                "gone",
                Map.of("type", "discord", "address", url + "/gone/" + SECRET));
        String uid =
                NotifierInputs.apply(
                        client,
                        ResourceWatch.CANARIES,
                        "podinfo",
                        Map.of(
                                "analysis",
                                Map.of(
                                        "alerts",
                                        List.of(rule("all", "info"), rule("gone", "error")))));
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            NotifierInputs.provision(
                    kafka,
                    TopicKind.ALERTS,
                    TopicKind.ALERT_DELIVERIES,
                    TopicKind.ALERT_RESULTS,
                    TopicKind.DEAD_LETTERS);
            var topics = new Topics(kafka);
            try (var app = run(broker, url);
                    var outbox = new KafkaOutbox(kafka, "test");
                    var _ =
                            RecordLoop.start(
                                    topics.deadLetters("lab"),
                                    "test",
                                    "lab",
                                    kafka,
                                    outbox,
                                    (_, letter) -> letters.add(letter));
                    var _ =
                            RecordLoop.start(
                                    topics.alertResults("lab"),
                                    "results",
                                    "lab",
                                    kafka,
                                    outbox,
                                    (_, result) -> results.add(result))) {
                var alerts = topics.alerts("lab");
                outbox.send(alerts, CANARY, alert(uid, 1, chat(Severity.INFO)));
                outbox.send(alerts, CANARY, alert(uid, 2, chat(Severity.ERROR)));
                outbox.send(alerts, CANARY, alert(uid, 3, notice()));

                await().atMost(Duration.ofSeconds(30)).until(() -> letters.size() == 1);
                await().atMost(Duration.ofSeconds(30)).until(() -> received.size() == 4);
                assertThat(received)
                        .containsExactlyInAnyOrder(
                                "/chat/" + SECRET + " INFO",
                                "/chat/" + SECRET + " ERROR",
                                "/gone/" + SECRET + "/slack ERROR",
                                "/events NOTICE")
                        .containsSubsequence(
                                "/chat/" + SECRET + " INFO",
                                "/chat/" + SECRET + " ERROR",
                                "/gone/" + SECRET + "/slack ERROR");
                await().atMost(Duration.ofSeconds(30)).until(() -> results.size() == 3);
                assertThat(results)
                        .extracting(it -> it.getSequence() + " " + it.getOutcome())
                        .containsExactly("1 delivered", "2 delivered", "2 dead-lettered");
                assertThat(results.toString()).doesNotContain(SECRET);
                assertThat(letters.getFirst().getReason())
                        .contains("alert gone was not sent: status 404")
                        .doesNotContain(SECRET);

                await().until(() -> get(app, "/readyz").equals("OK"));
                assertThat(get(app, "/healthz")).isEqualTo("OK");
                assertThat(get(app, "/metrics"))
                        .contains(
                                "serinus_alerts_total{outcome=\"delivered\",provider=\"slack\"}"
                                        + " 2.0",
                                "serinus_records_set_aside_total{records=\"alerts\",service=\"notifier\"}"
                                    + " 1.0");
                // As if its process had died before it could commit: the same records once more.
                outbox.send(alerts, CANARY, alert(uid, 1, chat(Severity.INFO)));
                outbox.send(alerts, CANARY, alert(uid, 3, notice()));
            }
            try (var _ = run(broker, url);
                    var outbox = new KafkaOutbox(kafka, "test")) {
                outbox.send(topics.alerts("lab"), CANARY, alert(uid, 1, chat(Severity.INFO)));
                outbox.send(topics.alerts("lab"), CANARY, alert(uid, 4, chat(Severity.WARN)));

                await().atMost(Duration.ofSeconds(30)).until(() -> received.size() == 5);
                assertThat(received).last().isEqualTo("/chat/" + SECRET + " WARN");
            }
        } finally {
            server.stop(0);
        }
    }

    /** It was 33 s late for each event before it, and later at each tick. */
    @Test
    void anEventWebhookThatHangsKeepsNoChatWaiting() throws Exception {
        var hangs = new CountDownLatch(1);
        var server = receiver(hangs);
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        TestBeans.client = client;
        NotifierInputs.apply(
                client,
                ResourceWatch.ALERT_PROVIDERS,
                "chat",
                Map.of("type", "slack", "address", url + "/chat/" + SECRET));
        String uid =
                NotifierInputs.apply(
                        client,
                        ResourceWatch.CANARIES,
                        "podinfo",
                        Map.of("analysis", Map.of("alerts", List.of(rule("all", "info")))));
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            NotifierInputs.provision(
                    kafka,
                    TopicKind.ALERTS,
                    TopicKind.ALERT_DELIVERIES,
                    TopicKind.ALERT_RESULTS,
                    TopicKind.DEAD_LETTERS);
            var alerts = new Topics(kafka).alerts("lab");
            try (var _ = run(broker, url);
                    var outbox = new KafkaOutbox(kafka, "test")) {
                for (long sequence = 1; sequence <= 20; sequence++) {
                    outbox.send(alerts, CANARY, alert(uid, sequence, notice(sequence)));
                }
                outbox.send(alerts, CANARY, alert(uid, 21, chat(Severity.ERROR)));

                // Twenty events that hang take eleven minutes.
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> received.contains("/chat/" + SECRET + " ERROR"));
                hangs.countDown();
            }
        } finally {
            server.stop(0);
        }
    }

    /** What another process gathered before it died, two minutes ago. */
    @Test
    void tellsADigestThatWasGatheredByAProcessThatIsGone() throws Exception {
        var server = receiver();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        TestBeans.client = client;
        NotifierInputs.apply(
                client,
                ResourceWatch.ALERT_PROVIDERS,
                "gathering",
                Map.of("type", "slack", "address", url + "/digest", "digest", "1m"));
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            NotifierInputs.provision(
                    kafka,
                    TopicKind.ALERTS,
                    TopicKind.ALERT_DELIVERIES,
                    TopicKind.ALERT_RESULTS,
                    TopicKind.DEAD_LETTERS);
            try (var outbox = new KafkaOutbox(kafka, "test")) {
                var at = Instant.now().minus(Duration.ofMinutes(2));
                outbox.send(
                        new Topics(kafka).alertDeliveries("lab"),
                        CANARY,
                        AlertDeliveries.newBuilder()
                                .setCanary(CANARY.toString())
                                .setGathered(
                                        List.of(
                                                new GatheredAlert(
                                                        "gathering.test",
                                                        "msg_1",
                                                        chat(Severity.INFO),
                                                        at,
                                                        at,
                                                        1)))
                                .build());
            }
            try (var _ = run(broker, url)) {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertThat(received).containsExactly("/digest INFO"));
            }
        } finally {
            server.stop(0);
        }
    }

    private static EmbeddedServer run(EmbeddedBroker broker, String url) {
        return ApplicationContext.run(
                EmbeddedServer.class,
                Map.of(
                        "serinus.cluster-name",
                        "lab",
                        "event-webhook.url",
                        url + "/events",
                        "test.kafka",
                        broker.bootstrapServers(),
                        "micronaut.server.host",
                        "127.0.0.1",
                        "micronaut.server.port",
                        -1));
    }

    private HttpServer receiver() throws IOException {
        return receiver(new CountDownLatch(0));
    }

    /**
     * @param events when those are answered
     */
    private HttpServer receiver(CountDownLatch events) throws IOException {
        return NotifierInputs.receiver(
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    String path = exchange.getRequestURI().getPath();
                    received.add(
                            path
                                    + Stream.of("INFO", "WARN", "ERROR", "NOTICE")
                                            .filter(body::contains)
                                            .map(" "::concat)
                                            .toList()
                                            .getFirst());
                    if (path.startsWith("/events")) {
                        waitFor(events);
                    }
                    exchange.sendResponseHeaders(path.startsWith("/gone") ? 404 : 200, -1);
                    exchange.close();
                });
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String get(EmbeddedServer app, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + app.getPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(UTF_8))
                    .body();
        }
    }

    private static Alert alert(String uid, long sequence, Object body) {
        return Alert.newBuilder()
                .setCanary(CANARY.toString())
                .setUid(uid)
                .setGeneration(1)
                .setSequence(sequence)
                .setBody(body)
                .build();
    }

    private static ChatAlert chat(Severity severity) {
        return new ChatAlert(severity, severity.name(), List.of(), null);
    }

    private static EventNotice notice() {
        return notice(1L);
    }

    private static EventNotice notice(long at) {
        return new EventNotice("NOTICE", "Normal", "Succeeded", "6867868d58", at, 0L, null);
    }

    private static Map<String, Object> rule(String name, String severity) {
        String provider = name.equals("gone") ? "gone" : "chat";
        return Map.of("name", name, "severity", severity, "providerRef", Map.of("name", provider));
    }
}
