package dev.serinus.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The service as its own process would run it, on a real broker. */
@EnableKubernetesMockClient(crud = true, https = false)
class WebhookServiceIT {

    private static final String SECRET = "s3cr3t-token";
    private static final String CLUSTER = "lab";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @TempDir Path data;

    private final List<WebhookResult> results = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void answersEachCanaryInOrderWithoutHoldingUpAnotherAndKeepsSecrets() throws Exception {
        var server = receiver();
        TestBeans.client = client;
        String slow = canary("slow", hook(server, "gate"), hook(server, "load"));
        String quick = canary("quick", hook(server, "load"));
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            provision(kafka);
            var topics = new Topics(kafka);
            try (var app = service(broker);
                    var outbox = new KafkaOutbox(kafka, "test");
                    var _ = takingResults(kafka, outbox)) {
                var calls = topics.webhookCalls(CLUSTER);
                outbox.send(calls, key("slow"), call(slow, "slow", 0, "gate"));
                outbox.send(calls, key("slow"), call(slow, "slow", 1, "load"));
                outbox.send(calls, key("quick"), call(quick, "quick", 0, "load"));

                await().atMost(Duration.ofSeconds(30)).until(() -> results.size() == 1);
                assertThat(results.getFirst().getCanary()).isEqualTo("lab/test/quick");
                gate.countDown();
                await().atMost(Duration.ofSeconds(30)).until(() -> results.size() == 3);
                assertThat(results)
                        .extracting(WebhookResult::getHook, WebhookResult::getStatus)
                        .containsExactly(tuple(0, 200), tuple(0, 403), tuple(1, 200));

                await().until(() -> get(app, "/readyz").equals("OK"));
                assertThat(get(app, "/healthz")).isEqualTo("OK");
                // Counted once the answer is written.
                await().untilAsserted(
                                () ->
                                        assertThat(get(app, "/metrics"))
                                                .contains(
                                                        "serinus_webhook_call_seconds_count{outcome=\"failed\",type=\"rollout\"}"
                                                            + " 1",
                                                        "serinus_records_handled_total{records=\"webhook-calls\",service=\"webhook\"}"
                                                            + " 3.0"));
            }
            assertThat(everythingOn(kafka)).contains("quick").doesNotContain(SECRET);
        } finally {
            server.stop(0);
        }
    }

    /** With two such hooks a check came after 40 s, and was asked again meanwhile. */
    @Test
    void anEventHookThatHangsKeepsNoOtherHookOfItsCanaryWaiting() throws Exception {
        var server = receiver();
        TestBeans.client = client;
        String uid = canary("told", event(server, "gate"), hook(server, "load"));
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            provision(kafka);
            var topics = new Topics(kafka);
            try (var _ = service(broker);
                    var outbox = new KafkaOutbox(kafka, "test");
                    var _ = takingResults(kafka, outbox)) {
                var calls = topics.webhookCalls(CLUSTER);
                for (int i = 0; i < 10; i++) {
                    outbox.send(calls, key("told"), told(uid, i));
                }
                outbox.send(calls, key("told"), call(uid, "told", 1, "load"));

                // Ten events that hang take ten minutes.
                await().atMost(Duration.ofMinutes(2)).until(() -> results.size() == 1);
                assertThat(results.getFirst().getHook()).isEqualTo(1);
                gate.countDown();
            }
        } finally {
            server.stop(0);
        }
    }

    private static EmbeddedServer service(EmbeddedBroker broker) {
        return ApplicationContext.run(
                EmbeddedServer.class,
                Map.of(
                        "serinus.cluster-name",
                        CLUSTER,
                        "test.kafka",
                        broker.bootstrapServers(),
                        "micronaut.server.host",
                        "127.0.0.1",
                        "micronaut.server.port",
                        -1));
    }

    private RecordLoop<WebhookResult> takingResults(KafkaSettings kafka, KafkaOutbox outbox) {
        return RecordLoop.start(
                new Topics(kafka).webhookResults(CLUSTER),
                "test",
                CLUSTER,
                kafka,
                outbox,
                (_, result) -> results.add(result));
    }

    /** Closed for a while at /gate, and an echo of secrets then; open at /load. */
    private HttpServer receiver() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    byte[] echo = exchange.getRequestBody().readAllBytes();
                    boolean closed = exchange.getRequestURI().getPath().equals("/gate");
                    try {
                        if (closed) {
                            gate.await();
                        }
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(closed ? 403 : 200, echo.length);
                    exchange.getResponseBody().write(echo);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static void provision(KafkaSettings kafka) throws Exception {
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            admin.createTopics(
                            Stream.of(
                                            TopicKind.WEBHOOK_CALLS,
                                            TopicKind.WEBHOOK_RESULTS,
                                            TopicKind.DEAD_LETTERS)
                                    .map(kind -> new NewTopic(kind.name(CLUSTER), 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
    }

    private static String everythingOn(KafkaSettings kafka) {
        var all = new StringBuilder();
        var bytes = ByteArrayDeserializer.class.getName();
        try (var consumer =
                new KafkaConsumer<byte[], byte[]>(
                        kafka.with(
                                Map.of(
                                        "group.id",
                                        "scan",
                                        "auto.offset.reset",
                                        "earliest",
                                        "key.deserializer",
                                        bytes,
                                        "value.deserializer",
                                        bytes)))) {
            consumer.subscribe(
                    Stream.of(
                                    TopicKind.WEBHOOK_CALLS,
                                    TopicKind.WEBHOOK_RESULTS,
                                    TopicKind.DEAD_LETTERS)
                            .map(kind -> kind.name(CLUSTER))
                            .toList());
            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () -> {
                                int[] read = {0};
                                consumer.poll(Duration.ofMillis(500))
                                        .forEach(
                                                record -> {
                                                    read[0]++;
                                                    all.append(
                                                            new String(record.value(), ISO_8859_1));
                                                });
                                return read[0] == 0 && !all.isEmpty();
                            });
        }
        return all.toString();
    }

    private static String get(EmbeddedServer app, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + app.getPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(UTF_8))
                    .body();
        }
    }

    private static CanaryKey key(String name) {
        return new CanaryKey(CLUSTER, "test", name);
    }

    private static WebhookCall call(String uid, String canary, int hook, String name) {
        return WebhookCall.newBuilder()
                .setCanary(key(canary).toString())
                .setStep(new StepId(uid, 1L, 7L, 1))
                .setGeneration(1)
                .setHook(hook)
                .setName(name)
                .setType(HookType.ROLLOUT)
                .setPhase("Progressing")
                .setChecksum("6867868d58")
                .build();
    }

    private static WebhookCall told(String uid, int number) {
        return WebhookCall.newBuilder(call(uid, "told", 0, "gate"))
                .setType(HookType.EVENT)
                .setEvent(new EventText("event " + number, "Normal", 1L))
                .build();
    }

    private static Map<String, Object> event(HttpServer server, String name) {
        Map<String, Object> hook = new HashMap<>(hook(server, name));
        hook.put("type", "event");
        return hook;
    }

    private static Map<String, Object> hook(HttpServer server, String name) {
        return Map.of(
                "name",
                name,
                "url",
                "http://127.0.0.1:%d/%s?token=%s"
                        .formatted(server.getAddress().getPort(), name, SECRET),
                "timeout",
                "1m",
                "metadata",
                Map.of("password", SECRET));
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies them
    private static String canary(String name, Map<String, Object>... hooks) {
        var canary = new GenericKubernetesResource();
        canary.setApiVersion("flagger.app/v1beta1");
        canary.setKind("Canary");
        canary.setMetadata(new ObjectMetaBuilder().withNamespace("test").withName(name).build());
        canary.setAdditionalProperty(
                "spec", Map.of("analysis", Map.of("webhooks", List.of(hooks))));
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .resource(canary)
                .create()
                .getMetadata()
                .getUid();
    }
}
