package dev.serinus.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.TestReport;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** Hooks of a Canary in an API server, called at a real HTTP server. */
@EnableKubernetesMockClient(crud = true, https = false)
class WebhookCallsTest {

    private static final String SECRET = "s3cr3t-token";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final BlockingQueue<WebhookResult> results = new LinkedBlockingQueue<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Map<String, String> headers = new HashMap<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private HttpServer server;
    private ResourceWatch<List<Hook>> watch;
    private OutgoingClient outgoing;
    private WebhookCalls calls;
    private String answer = "no, " + SECRET;
    private String report = "";

    @SuppressWarnings("NullAway.Init") // apply() sets it
    private String uid;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    received.add(exchange.getRequestURI() + " " + body);
                    int status = statuses.size() > 1 ? statuses.removeFirst() : statuses.getFirst();
                    byte[] text = answer.getBytes(UTF_8);
                    if (!report.isEmpty()) {
                        exchange.getResponseHeaders().set("Serinus-Test-Report", report);
                    }
                    exchange.sendResponseHeaders(status, status == 204 ? -1 : text.length);
                    if (status != 204) {
                        exchange.getResponseBody().write(text);
                    }
                    exchange.close();
                });
        server.start();
        statuses.add(200);
        watch =
                ResourceWatch.of(client, ResourceWatch.CANARIES, null, Hook::of)
                        .keepingGone(Hook::events, Hook::bytes)
                        .start();
        var guard = new AddressGuard(false);
        outgoing = new OutgoingClient(guard, Proxies.none(), CallLimits.of(10));
        calls = calls(Duration.ofSeconds(20), Signer.none());
        log.start();
        root().addAppender(log);
        root().setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        root().detachAppender(log);
        watch.close();
        outgoing.close();
        server.stop(0);
        client.genericKubernetesResources(ResourceWatch.CANARIES).inAnyNamespace().delete();
    }

    @Test
    void theAddressNamesHowFarTheRolloutIs() throws Exception {
        apply(hook("load", "rollout", "/load/{{ canaryWeight }}/{{ run }}"));

        calls.handle(
                Calls.CANARY,
                call(HookType.ROLLOUT, "load")
                        .setRollout(
                                new RolloutFacts("0a1b2c3d4e", 2_500, 7_500, 0, false, List.of()))
                        .build());

        assertThat(results.remove().getPassed()).isTrue();
        assertThat(received)
                .singleElement()
                .asString()
                .startsWith("/load/25/1?")
                .contains("\"serinus.dev/rollout\":{\"canaryWeight\":25");
    }

    @Test
    void aHookThatAnswersPasses() throws Exception {
        apply(hook("load", "rollout", "/load"));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        var result = results.remove();
        assertThat(result.getPassed()).isTrue();
        assertThat(result.getName()).isEqualTo("load");
        assertThat(result.getChanged()).isFalse();
        assertThat(result.getStatus()).isEqualTo(200);
        assertThat(result.getBecause()).isEmpty();
        assertThat(result.getStep()).isEqualTo(new StepId(uid, 1L, 7L, 1));
        assertThat(result.getGeneration()).isEqualTo(1);
        assertThat(received)
                .containsExactly(
                        "/load?key="
                                + SECRET
                                + " {\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\","
                                + "\"checksum\":\"6867868d58\",\"metadata\":{\"password\":\""
                                + SECRET
                                + "\"}}");
    }

    @Test
    void every2xxPassesAlso204WhichFlaggerTakesForAFailure() throws Exception {
        apply(hook("load", "rollout", "/load"));
        statuses.set(0, 204);

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        assertThat(results.remove().getPassed()).isTrue();
    }

    @Test
    void aRefusalIsQuotedWithoutTheSecretsOfTheManifest() throws Exception {
        apply(hook("gate", "confirm-rollout", "/gate"));
        statuses.set(0, 403);

        calls.handle(Calls.CANARY, call(HookType.CONFIRM_ROLLOUT, "gate").build());

        var result = results.remove();
        assertThat(result.getPassed()).isFalse();
        assertThat(result.getStatus()).isEqualTo(403);
        assertThat(result.getBecause()).isEqualTo("no, [hidden]");
    }

    /** Its words for what it is to run keep no secret, and are what is wrong. */
    @Test
    void aLoadTestersRefusalNamesTheTypeThatItDoesNotKnow() throws Exception {
        var hook = new HashMap<>(hook("test", "rollout", "/"));
        hook.put("metadata", Map.of("type", "brew", "cmd", SECRET));
        apply(hook);
        statuses.set(0, 400);
        answer = "unknown task type brew for " + SECRET;

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "test").build());

        assertThat(results.remove().getBecause()).isEqualTo("unknown task type brew for [hidden]");
    }

    @Test
    void aBusyHookIsAskedAgainAndThenGivenUpInFlaggersWordsWithoutTheUrl() throws Exception {
        var hook = new HashMap<>(hook("gate", "rollout", "/gate"));
        hook.put("retries", 2);
        apply(hook);
        statuses.set(0, 503);

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "gate").build());

        assertThat(results.remove().getBecause())
                .isEqualTo("POST giving up after 3 attempt(s): status 503");
        assertThat(received).hasSize(3);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void anUnreachableHookSaysWhy() throws Exception {
        apply(Map.of("name", "closed", "type", "rollout", "url", "http://127.0.0.1:1/" + SECRET));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "closed").build());

        assertThat(results.remove().getBecause())
                .isEqualTo("POST giving up after 1 attempt(s): connect: connection refused");
    }

    @Test
    void linkLocalAddressesAreNotCalled() throws Exception {
        apply(Map.of("name", "steal", "type", "rollout", "url", "http://169.254.169.254/creds"));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "steal").build());

        assertThat(results.remove().getBecause())
                .isEqualTo(
                        "POST giving up after 1 attempt(s): link-local and metadata addresses are"
                                + " refused");
    }

    @Test
    void waitsForTheGenerationThatIsMeant() throws Exception {
        apply(hook("old", "rollout", "/old"));
        var wanted = call(HookType.ROLLOUT, "new").setGeneration(2).build();

        Thread.startVirtualThread(
                () -> {
                    try {
                        calls.handle(Calls.CANARY, wanted);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                });
        apply(hook("new", "rollout", "/new"));

        await().until(() -> !results.isEmpty());
        assertThat(results.remove().getGeneration()).isEqualTo(2);
        assertThat(received).hasSize(1).first().asString().startsWith("/new");
    }

    @Test
    void saysWhichGenerationDidNotCome() throws Exception {
        apply(hook("load", "rollout", "/load"));
        await().until(watch::isCurrent);

        calls(Duration.ofMillis(5), Signer.none())
                .handle(Calls.CANARY, call(HookType.ROLLOUT, "load").setGeneration(9).build());

        var result = results.remove();
        assertThat(result.getPassed()).isFalse();
        assertThat(result.getBecause()).startsWith("generation 9 of the Canary was not seen");
        assertThat(received).isEmpty();
    }

    @Test
    void aNewerManifestIsUsedWhereTheHookIsStillThereThoughElsewhere() throws Exception {
        apply(hook("load", "rollout", "/before"));
        apply(hook("first", "rollout", "/first"), hook("load", "rollout", "/moved"));
        await().until(() -> generation() == 2);

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        assertThat(results.remove().getGeneration()).isEqualTo(2);
        assertThat(received).hasSize(1).first().asString().startsWith("/moved");
    }

    @Test
    void aHookThatIsGoneOrOfAnotherTypeDoesNotPass() throws Exception {
        apply(hook("load", "pre-rollout", "/load"));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        var result = results.remove();
        assertThat(result.getPassed()).isFalse();
        assertThat(result.getChanged()).isTrue();
        assertThat(result.getName()).isEqualTo("load");
        assertThat(result.getBecause())
                .isEqualTo("the manifest changed: generation 1 has no webhook load of that type");
    }

    @Test
    void anEventIsToldAndNobodyIsAnswered() throws Exception {
        apply(hook("feed", "event", "/feed"));
        var event =
                call(HookType.EVENT, "feed")
                        .setEvent(new EventText("Promotion completed!", "Normal", 1_000L));

        calls.handle(Calls.CANARY, event.build());

        assertThat(received).hasSize(1).first().asString().contains("Promotion completed!");
        assertThat(results).isEmpty();
    }

    @Test
    void aRedeliveredCallCarriesTheSameIdAndASignature() throws Exception {
        apply(hook("load", "rollout", "/load"));
        var signed =
                calls(Duration.ofSeconds(20), Signer.of("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        var once = call(HookType.ROLLOUT, "load").build();

        signed.handle(Calls.CANARY, once);
        String id = headers.get("Webhook-id");
        signed.handle(Calls.CANARY, once);

        assertThat(headers.get("Webhook-id")).isEqualTo(id).startsWith("msg_");
        assertThat(headers.get("Webhook-signature")).startsWith("v1,");
        var again = call(HookType.ROLLOUT, "load").setStep(new StepId(uid, 1L, 8L, 1)).build();
        assertThat(HookCaller.id(again)).isNotEqualTo(id);
    }

    /** An outage of this service would else be followed by a call for each time it was asked. */
    @Test
    void whatIsAskedAgainForWantOfAnAnswerIsTheSameQuestion() {
        var first = call(HookType.PRE_ROLLOUT, "migrate").setStep(step(7, 1)).build();
        var again = call(HookType.PRE_ROLLOUT, "migrate").setStep(step(7, 2)).build();
        var next = call(HookType.PRE_ROLLOUT, "migrate").setStep(step(8, 1)).build();
        var edited = call(HookType.PRE_ROLLOUT, "migrate").setStep(step(7, 2)).setGeneration(9L);
        var event = call(HookType.EVENT, "feed").setStep(step(7, 1)).build();

        assertThat(HookCaller.id(again)).isEqualTo(HookCaller.id(first));
        assertThat(HookCaller.id(next)).isNotEqualTo(HookCaller.id(first));
        assertThat(calls.isRepeat(again, first)).isTrue();
        assertThat(calls.isRepeat(next, first)).isFalse();
        assertThat(calls.isRepeat(edited.build(), first)).isFalse();
        assertThat(calls.isRepeat(event, event)).as("each event is told").isFalse();
    }

    private StepId step(long number, int attempt) {
        return new StepId(uid, 1L, number, attempt);
    }

    @Test
    void whatAHookSaysOfItsTestIsCarriedAlongAndNothingElseOfTheHeader() throws Exception {
        apply(hook("load", "rollout", "/load"));
        report = "exit=3, took-ms=1200, tool=hey, p50-ms=4.2, requests=600, errors=3, " + SECRET;
        statuses.add(0, 404);

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());
        report = "tool=hey, p50-ms=soon";
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        WebhookResult failed = results.remove();
        assertThat(failed.getPassed()).isFalse();
        assertThat(failed.getReport())
                .isEqualTo(
                        TestReport.newBuilder()
                                .setExit(3)
                                .setTookMillis(1200L)
                                .setTool("hey")
                                .setP50Millis(4.2)
                                .setRequests(600L)
                                .setErrors(3L)
                                .build());
        assertThat(results.remove().getReport()).isNull();
    }

    @Test
    void malformedHooksHarmOnlyThemselves() throws Exception {
        apply(
                Map.of("name", "mail", "type", "rollout", "url", "mailto:" + SECRET),
                Map.of("name", "slow", "url", url("/slow"), "timeout", "1fortnight"),
                hook("good", "rollout", "/good"));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "mail").build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "slow").setHook(1).build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "good").setHook(2).build());

        assertThat(results)
                .extracting(WebhookResult::getBecause)
                .containsExactly(
                        "the url of the webhook cannot be used",
                        "the timeout of the webhook cannot be read",
                        "");
    }

    @Test
    void whatAsksForMoreThanAllowedIsRefusedHereToo() throws Exception {
        apply(
                Map.of("name", "a", "url", url("/a"), "timeout", "1000h"),
                Map.of("name", "b", "url", url("/b"), "retries", Integer.MAX_VALUE),
                Map.of("name", "c", "url", url("/c"), "metadata", Map.of("k", "x".repeat(65_536))));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "a").build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "b").setHook(1).build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "c").setHook(2).build());

        assertThat(results)
                .extracting(WebhookResult::getBecause)
                .satisfiesExactly(
                        a ->
                                assertThat(a)
                                        .startsWith(
                                                "spec.analysis.webhooks[0].timeout is 1000h0m0s,"
                                                        + " this installation allows 1h0m0s"),
                        b ->
                                assertThat(b)
                                        .startsWith(
                                                "spec.analysis.webhooks[1].retries is 2147483647,"
                                                        + " this installation allows 10"),
                        c ->
                                assertThat(c)
                                        .startsWith(
                                                "spec.analysis.webhooks[2].metadata has 65537"
                                                    + " bytes, this installation allows 65536"));
        assertThat(received).isEmpty();
    }

    @Test
    void moreHooksThanAllowedAreNotCalled() throws Exception {
        apply(Collections.nCopies(51, hook("load", "rollout", "/load")));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "load").build());

        assertThat(results.remove().getBecause())
                .startsWith("spec.analysis.webhooks has 51 entries, this installation allows 50");
        assertThat(received).isEmpty();
    }

    @Test
    void noSecretOfTheManifestIsInAnyResultOrLogLine() throws Exception {
        apply(
                hook("gate", "rollout", "/gate"),
                hook("feed", "event", "/feed"),
                Map.of("name", "out", "url", "http://127.0.0.1:1/" + SECRET),
                Map.of("name", "bad", "url", "http://[" + SECRET));
        statuses.clear();
        statuses.addAll(List.of(403, 500, 404));

        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "gate").build());
        calls.handle(
                Calls.CANARY,
                call(HookType.EVENT, "feed")
                        .setHook(1)
                        .setEvent(new EventText("told", "Normal", 1L))
                        .build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "out").setHook(2).build());
        calls.handle(Calls.CANARY, call(HookType.ROLLOUT, "bad").setHook(3).build());

        assertThat(results).hasSize(3);
        assertThat(results.toString()).doesNotContain(SECRET, "/gate", "/feed");
        assertThat(log.list).isNotEmpty();
        assertThat(log.list)
                .allSatisfy(
                        line ->
                                assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                                        .doesNotContain(SECRET, "/gate", "/feed"));
    }

    @Test
    void aCallSaysWhereItIsInTheTraceOfItsRolloutWhereThereAreTraces() throws Exception {
        apply(hook("load", "rollout", "/load"));
        var once = call(HookType.ROLLOUT, "load").build();

        calls(Duration.ofSeconds(20), Signer.none(), true).handle(Calls.CANARY, once);
        assertThat(headers.get("Traceparent")).isEqualTo(TraceContext.of(uid, 1, 7).header());

        headers.clear();
        calls(Duration.ofSeconds(20), Signer.none()).handle(Calls.CANARY, once);
        assertThat(headers).containsKey("Webhook-id").doesNotContainKey("Traceparent");
    }

    /** Its finalizer is off before it is told that the Canary is gone. */
    @Test
    void theLastEventOfACanaryReachesItsHookThoughTheCanaryIsGone() throws Exception {
        apply(hook("feed", "event", "/feed"), hook("after", "post-rollout", "/after"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> watch.get("test", "podinfo").isPresent());
        client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .withName("podinfo")
                .delete();
        await().atMost(Duration.ofSeconds(30)).until(() -> watch.get("test", "podinfo").isEmpty());

        calls.handle(
                Calls.CANARY,
                call(HookType.EVENT, "feed")
                        .setEvent(new EventText("Terminated canary podinfo.test", "Normal", 1L))
                        .build());
        calls.handle(Calls.CANARY, call(HookType.POST_ROLLOUT, "after").setHook(1).build());

        assertThat(received)
                .singleElement()
                .asString()
                .startsWith("/feed")
                .contains("Terminated canary podinfo.test");
    }

    private WebhookCalls calls(Duration patience, Signer signer) {
        return calls(patience, signer, false);
    }

    private WebhookCalls calls(Duration patience, Signer signer, boolean traced) {
        Outbox outbox =
                new Outbox() {
                    @Override
                    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
                        results.add((WebhookResult) value);
                    }
                };
        return new WebhookCalls(
                watch,
                patience,
                new HookCaller(
                        outgoing,
                        signer,
                        InstantSource.system(),
                        pauses::add,
                        ManifestLimits.DEFAULTS,
                        traced,
                        (_, _) -> Optional.empty()),
                outbox,
                new Topics(KafkaSettings.at("127.0.0.1:1")).webhookResults("lab"),
                InstantSource.system(),
                new CallMetrics(new SimpleMeterRegistry()));
    }

    private WebhookCall.Builder call(HookType type, String name) {
        return Calls.of(type, name).setStep(new StepId(uid, 1L, 7L, 1));
    }

    private Map<String, Object> hook(String name, String type, String path) {
        return Map.of(
                "name",
                name,
                "type",
                type,
                "url",
                url(path) + "?key=" + SECRET,
                "metadata",
                Map.of("password", SECRET));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies them
    private void apply(Map<String, Object>... hooks) {
        apply(List.of(hooks));
    }

    private void apply(List<Map<String, Object>> hooks) {
        var canary = new GenericKubernetesResource();
        canary.setApiVersion("flagger.app/v1beta1");
        canary.setKind("Canary");
        canary.setMetadata(
                new ObjectMetaBuilder().withNamespace("test").withName("podinfo").build());
        canary.setAdditionalProperty("spec", Map.of("analysis", Map.of("webhooks", hooks)));
        uid =
                client.genericKubernetesResources(ResourceWatch.CANARIES)
                        .resource(canary)
                        .createOr(existing -> existing.update())
                        .getMetadata()
                        .getUid();
    }

    private long generation() {
        return watch.get("test", "podinfo").orElseThrow().generation();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger("dev.serinus");
    }
}
