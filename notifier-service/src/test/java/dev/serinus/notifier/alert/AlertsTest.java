package dev.serinus.notifier.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Destination;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.DeliveredAlert;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.events.OpenCommit;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.wire.TestReports;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Alerts of Canaries in an API server, told to a real HTTP server. */
@EnableKubernetesMockClient(crud = true, https = false)
class AlertsTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final String SECRET = "s3cr3t-token";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final List<Duration> pauses = new ArrayList<>();
    private long passed;
    private Runnable meanwhile = () -> {};
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Instant now = Instant.now();
    private String answer = "ok";
    private HttpServer server;
    private ResourceWatch<AlertedCanary> canaries;
    private ResourceWatch<Provider> providers;
    private OutgoingClient outgoing;
    private Delivery delivery;
    private Alerts alerts;
    private boolean showEvidence = true;

    @SuppressWarnings("NullAway.Init") // canary() sets it
    private String uid;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    String path = exchange.getRequestURI().getPath();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    received.add(path + " " + body);
                    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
                    if (key != null) {
                        keys.add(key);
                    }
                    byte[] text = answer.getBytes(UTF_8);
                    exchange.sendResponseHeaders(statuses.getOrDefault(path, 200), text.length);
                    exchange.getResponseBody().write(text);
                    exchange.close();
                });
        server.start();
        canaries =
                ResourceWatch.of(client, ResourceWatch.CANARIES, null, AlertedCanary::of)
                        .keepingGone(UnaryOperator.identity(), AlertedCanary::bytes)
                        .start();
        providers =
                ResourceWatch.of(client, ResourceWatch.ALERT_PROVIDERS, null, Provider::of).start();
        var guard = new AddressGuard(false);
        outgoing = new OutgoingClient(guard, Proxies.none(), CallLimits.of(10));
        delivery = new Delivery(outgoing, () -> now, Notifiers.ALL);
        alerts = alerts(null, false);
        log.start();
        logger().addAppender(log);
        logger().setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(log);
        canaries.close();
        providers.close();
        outgoing.close();
        server.stop(0);
        for (var kind : List.of(ResourceWatch.CANARIES, ResourceWatch.ALERT_PROVIDERS)) {
            client.genericKubernetesResources(kind).inAnyNamespace().delete();
        }
        client.secrets().inAnyNamespace().delete();
    }

    @Test
    void tellsTheProvidersThatTheCanaryNamesByTheirSeverity() throws Exception {
        provider("info", Map.of("type", "slack", "address", url("/info")));
        provider("warn", Map.of("type", "slack", "address", url("/warn")));
        provider("error", Map.of("type", "slack", "address", url("/error")));
        provider("none", Map.of("type", "slack", "address", url("/none")));
        canary(
                rule("a", "info", "info"),
                rule("b", "warn", "warn"),
                rule("c", "error", "error"),
                rule("d", "", "none"));
        alerts = alerts(slack("/global"), false);

        alerts.handle(CANARY, alert(1, Severity.INFO));
        assertThat(paths()).containsExactly("/info", "/none");
        received.clear();

        alerts.handle(CANARY, alert(2, Severity.WARN));
        assertThat(paths()).containsExactly("/info", "/warn", "/none");
        received.clear();

        alerts.handle(CANARY, alert(3, Severity.ERROR));
        assertThat(paths()).containsExactly("/info", "/warn", "/error", "/none");
    }

    @Test
    void aCanaryWithoutAlertsGoesToTheInstallationsChatWithTheCluster() throws Exception {
        canary();
        alerts = alerts(slack("/global"), false);

        alerts.handle(CANARY, alert(1, Severity.INFO));

        assertThat(received)
                .containsExactly(
                        "/global {\"channel\":\"ops\",\"username\":\"lab-bot\",\"icon_url\":\"\","
                            + "\"icon_emoji\":\":rocket:\",\"attachments\":[{\"color\":\"good\",\"author_name\":\"podinfo.test\",\"text\":\"alert"
                            + " 1\",\"author_link\":\"https://serinus.example/#/rollouts/lab/test/podinfo\","
                            + "\"mrkdwn_in\":[\"text\"],\"fields\":[{\"title\":\"Cluster\","
                            + "\"value\":\"lab-cluster\",\"short\":false},{\"title\":\"Target\","
                            + "\"value\":\"Deployment/podinfo.test\",\"short\":false}]}]}");
        assertThat(headers).containsEntry("Authorization", "Bearer " + SECRET);
    }

    @Test
    void withoutAnyoneToTellAnAlertEndsHere() throws Exception {
        canary();

        alerts.handle(CANARY, alert(1, Severity.ERROR));
        alerts(null, false).handle(CANARY, notice(2));

        assertThat(received).hasSize(1).first().asString().startsWith("/events");
    }

    @Test
    void theSecretGivesAddressAndTokenAndIsReadAtEachSending() throws Exception {
        secret("chat", Map.of("address", url("/first"), "token", SECRET + "\n"));
        provider("chat", Map.of("type", "slack", "secretRef", Map.of("name", "chat")));
        canary(rule("a", "info", "chat"));

        alerts.handle(CANARY, alert(1, Severity.INFO));
        assertThat(headers).containsEntry("Authorization", "Bearer " + SECRET);
        secret("chat", Map.of("address", url("/rotated"), "token", "other"));
        alerts.handle(CANARY, alert(2, Severity.INFO));

        assertThat(paths()).containsExactly("/first", "/rotated");
        assertThat(headers).containsEntry("Authorization", "Bearer other");
    }

    @Test
    void oneThatFailsDoesNotStopTheNextAndIsNotLost() {
        provider("down", Map.of("type", "slack", "address", url("/" + SECRET)));
        provider("up", Map.of("type", "discord", "address", url("/up")));
        canary(rule("first", "info", "down"), rule("second", "info", "up"));
        statuses.put("/" + SECRET, 503);

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .isInstanceOf(NotDelivered.class)
                .hasMessage("alert first was not sent: status 503: ok after 6 attempts");
        assertThat(paths()).startsWith("/" + SECRET, "/up/slack").hasSize(7);
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L);
    }

    @Test
    void whatWasToldIsNotToldAgainWhenItsRecordComesAgain() throws Exception {
        provider("up", Map.of("type", "rocket", "address", url("/up")));
        provider("down", Map.of("type", "slack", "address", url("/down")));
        canary(rule("first", "info", "up"), rule("second", "info", "down"));
        statuses.put("/down", 404);
        var once = alert(1, Severity.INFO);
        assertThatThrownBy(() -> alerts.handle(CANARY, once)).isInstanceOf(NotDelivered.class);
        received.clear();
        statuses.clear();

        alerts.handle(CANARY, once);

        assertThat(paths()).containsExactly("/down");
    }

    /** What a process kept is on Kafka when it dies: the next one tells those who missed it. */
    @Test
    void whatAnotherProcessToldBeforeItDiedIsNotToldAgain() throws Exception {
        provider("up", Map.of("type", "rocket", "address", url("/up")));
        provider("down", Map.of("type", "slack", "address", url("/down")));
        canary(rule("first", "info", "up"), rule("second", "info", "down"));
        statuses.put("/down", 404);
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
        var first = alerts(null, false, kept);
        assertThatThrownBy(() -> first.handle(CANARY, alert(1, Severity.INFO)))
                .isInstanceOf(NotDelivered.class);
        first.handle(CANARY, notice(2));
        statuses.clear();
        received.clear();

        var second = alerts(null, false, kept);
        second.handle(CANARY, alert(1, Severity.INFO));
        second.handle(CANARY, notice(2));

        assertThat(paths()).containsExactly("/down");
    }

    @Test
    void whatIsRememberedOfACanaryIsBounded() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
        List<DeliveredAlert> many =
                IntStream.range(0, 500)
                        .mapToObj(
                                number ->
                                        new DeliveredAlert(
                                                "msg_" + number,
                                                now.minus(
                                                        number < 100
                                                                ? Duration.ofDays(9)
                                                                : Duration.ofDays(1)),
                                                "delivered"))
                        .toList();
        kept.put(
                CANARY,
                AlertDeliveries.newBuilder()
                        .setCanary(CANARY.toString())
                        .setDelivered(many)
                        .build());

        alerts(null, false, kept).handle(CANARY, alert(1, Severity.INFO));

        assertThat(kept.get(CANARY).orElseThrow().getDelivered())
                .hasSize(401)
                .startsWith(many.get(100))
                .last()
                .satisfies(told -> assertThat(told.getKey()).isEqualTo(keys.getFirst()));
    }

    @Test
    void theSameWordsInOneRunAreToldOnceAndWithOtherTrafficAgain() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));

        alerts.handle(CANARY, about(1, Severity.WARN, "waiting", 7, 2_000));
        alerts.handle(CANARY, about(2, Severity.WARN, "waiting", 7, 2_000));
        alerts.handle(CANARY, about(3, Severity.WARN, "waiting", 7, 4_000));
        alerts.handle(CANARY, about(4, Severity.WARN, "waiting", 8, 2_000));

        assertThat(received).hasSize(3);
    }

    /** The same trouble may come twice in a run, with or without other news in between. */
    @Test
    void theSameWordsAreNewsAgainAfterOthersAndAfterAWhile() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "warn", "chat"));

        alerts.handle(CANARY, about(1, Severity.WARN, "waiting", 7, 2_000));
        alerts.handle(CANARY, about(2, Severity.INFO, "progressing", 7, 2_000)); // not for it
        alerts.handle(CANARY, about(3, Severity.WARN, "waiting", 7, 2_000));
        alerts.handle(CANARY, about(4, Severity.WARN, "waiting", 7, 2_000));
        now = now.plus(Duration.ofMinutes(10));
        alerts.handle(CANARY, about(5, Severity.WARN, "waiting", 7, 2_000));

        assertThat(received).hasSize(3);
    }

    /** Records come again in their order, those that were held back as well. */
    @Test
    void aRepetitionThatWasHeldBackStaysSoWhenItsRecordComesAgain() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        var all =
                List.of(
                        about(1, Severity.WARN, "waiting", 7, 2_000),
                        about(2, Severity.WARN, "waiting", 7, 2_000),
                        about(3, Severity.INFO, "progressing", 7, 2_000));
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();

        for (var process : List.of(alerts(null, false, kept), alerts(null, false, kept))) {
            for (Alert each : all) {
                process.handle(CANARY, each);
            }
        }

        assertThat(received).hasSize(2);
    }

    @Test
    void whoMissedAnAlertIsToldSoWithTheNext() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        statuses.put("/chat", 500);
        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.ERROR)))
                .isInstanceOf(NotDelivered.class);
        statuses.clear();
        received.clear();

        alerts.handle(CANARY, alert(2, Severity.INFO));
        alerts.handle(CANARY, alert(3, Severity.INFO));

        assertThat(received)
                .hasSize(2)
                .satisfiesExactly(
                        next ->
                                assertThat(next)
                                        .contains(
                                                "\"title\":\"Not delivered at "
                                                        + now.truncatedTo(ChronoUnit.SECONDS))
                                        .contains("\"value\":\"alert 1\""),
                        later -> assertThat(later).doesNotContain("alert 1"));
    }

    @Test
    void aPagerIsTriggeredByAFailureAndResolvedByALaterSuccessWhateverSeverityItWants()
            throws Exception {
        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        canary(rule("a", "error", "pager"));

        alerts.handle(CANARY, about(1, Severity.INFO, "succeeded", 1, 10_000)); // nothing is open
        alerts.handle(CANARY, about(2, Severity.INFO, "started", 2, 0));
        alerts.handle(CANARY, about(3, Severity.ERROR, "failed", 2, 5_000));
        alerts.handle(CANARY, about(4, Severity.ERROR, "failed", 3, 5_000));
        statuses.put("/v2/enqueue", 503);
        assertThatThrownBy(
                        () ->
                                alerts.handle(
                                        CANARY, about(5, Severity.INFO, "succeeded", 4, 10_000)))
                .isInstanceOf(NotDelivered.class);
        statuses.clear();
        received.clear();
        alerts.handle(CANARY, about(5, Severity.INFO, "succeeded", 4, 10_000));
        alerts.handle(CANARY, about(6, Severity.INFO, "succeeded", 5, 10_000));

        assertThat(received)
                .extracting(
                        it ->
                                it.replaceAll(
                                        ".*\"event_action\":\"(.*?)\",\"dedup_key\":\"(.*?)\".*",
                                        "$1 $2"))
                .containsExactly(
                        "resolve serinus/lab/test/podinfo/2", "resolve serinus/lab/test/podinfo/3");
    }

    @Test
    void aPagerIsToldLateWhatItMissedWhileThatIsNotOver() throws Exception {
        pager("error");
        statuses.put("/v2/enqueue", 503);
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));
        isNotDelivered(about(2, Severity.INFO, "started", 8, 0)); // for nobody, and still away
        statuses.clear();
        received.clear();

        alerts.handle(CANARY, about(3, Severity.INFO, "progressing", 8, 1_000));
        assertThat(paged()).containsExactly("trigger serinus/lab/test/podinfo/7");
        assertThat(received.getFirst()).contains("podinfo.test: failed it is");
        alerts.handle(CANARY, about(1, Severity.ERROR, "failed", 7, 5_000)); // its dead letter
        statuses.put("/v2/enqueue", 503);
        isNotDelivered(about(4, Severity.INFO, "succeeded", 8, 10_000));
        statuses.clear();
        received.clear();
        alerts.handle(CANARY, about(5, Severity.INFO, "started", 9, 0));

        assertThat(paged()).containsExactly("resolve serinus/lab/test/podinfo/7");
    }

    @Test
    void aPagerIsNotToldLateWhatIsOver() throws Exception {
        pager("error");
        statuses.put("/v2/enqueue", 503);
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));
        statuses.clear();
        received.clear();

        alerts.handle(CANARY, about(2, Severity.INFO, "succeeded", 8, 10_000));
        alerts.handle(CANARY, about(3, Severity.INFO, "started", 9, 0));

        assertThat(received).isEmpty();
    }

    @Test
    void aPagerIsToldOfEveryErrorAlsoFromAReleaseThatSaysNoMoreAndOfItsEnd() throws Exception {
        pager("");

        alerts.handle(CANARY, alert(1, Severity.ERROR));
        alerts.handle(CANARY, about(2, Severity.ERROR, "progressing", 7, 10_000));
        alerts.handle(CANARY, about(3, Severity.INFO, "progressing", 7, 5_000));
        alerts.handle(CANARY, about(4, Severity.INFO, "initialized", 0, 0));

        assertThat(paged())
                .containsExactly(
                        "trigger serinus/lab/test/podinfo/0",
                        "trigger serinus/lab/test/podinfo/7",
                        "resolve serinus/lab/test/podinfo/0",
                        "resolve serinus/lab/test/podinfo/7");
        assertThat(received.getFirst()).doesNotContain("timestamp");
        assertThat(counted("pagerduty", "delivered")).isEqualTo(3);
        assertThat(counted("pagerduty", "not-told")).isEqualTo(1);
    }

    @Test
    void anAnnotationSaysWhatWasMissedAndACommitsStatusHasNoRoomForIt() throws Exception {
        secret("grafana", Map.of("address", url("/grafana"), "token", SECRET));
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("grafana", Map.of("type", "grafana", "secretRef", Map.of("name", "grafana")));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "grafana"), rule("b", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        statuses.put("/grafana/api/annotations", 503);
        statuses.put("/repos/shop/app/statuses/0123456789abcdef", 503);
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
        alerts = alerts(null, false, kept);
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));
        assertThat(kept.get(CANARY).orElseThrow().getMissed())
                .singleElement()
                .satisfies(it -> assertThat(it.getReceiver()).isEqualTo("a/test/grafana"));
        statuses.clear();
        received.clear();

        alerts.handle(CANARY, about(2, Severity.INFO, "started", 8, 0));

        assertThat(received.getFirst()).contains("<br>Not delivered at ").contains("failed it is");
        assertThat(kept.get(CANARY).orElseThrow().getMissed()).isEmpty();
    }

    @Test
    void theStatusOfACommitIsOfTheOneThatTheTargetNamedWhenItsRunWasToldFirst() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");

        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(2, Severity.ERROR, "failed", 2, 5_000));
        alerts.handle(CANARY, about(3, Severity.INFO, "started", 3, 0));
        client.apps().deployments().inNamespace("test").withName("podinfo").delete();
        alerts.handle(CANARY, about(4, Severity.INFO, "started", 4, 0)); // nobody names one

        assertThat(received)
                .extracting(it -> it.replaceAll(" .*\"state\":\"(.*?)\".*", " $1"))
                .containsExactly(
                        "/repos/shop/app/statuses/0123456789abcdef pending",
                        "/repos/shop/app/statuses/0123456789abcdef failure",
                        "/repos/shop/app/statuses/fedcba9876543210 pending",
                        "/repos/shop/app/statuses/fedcba9876543210 error");
        assertThat(received.get(1)).contains("request-success-rate 95.00 < 99.00");
    }

    @Test
    void theCommitOfARunThatNobodyEndedIsToldThatAnotherCame() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));

        target("fedcba9876543210", "shop/app:3");
        statuses.put("/repos/shop/app/statuses/0123456789abcdef", 503);
        isNotDelivered(about(2, Severity.WARN, "waiting", 3, 0));
        statuses.clear();
        received.clear();
        alerts.handle(CANARY, about(2, Severity.WARN, "waiting", 3, 0));
        alerts.handle(CANARY, about(3, Severity.INFO, "succeeded", 3, 10_000));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(4, Severity.INFO, "started", 4, 0));
        alerts.handle(CANARY, about(5, Severity.INFO, "started", 5, 0)); // the same commit

        assertThat(received)
                .extracting(it -> it.replaceAll(" .*\"state\":\"(.*?)\".*", " $1"))
                .containsExactly(
                        "/repos/shop/app/statuses/0123456789abcdef error",
                        "/repos/shop/app/statuses/fedcba9876543210 pending",
                        "/repos/shop/app/statuses/fedcba9876543210 success",
                        "/repos/shop/app/statuses/0123456789abcdef pending",
                        "/repos/shop/app/statuses/0123456789abcdef pending");
        assertThat(received.getFirst()).contains("Superseded: another revision was released");
    }

    /** Or else it would be said of it later that another revision came. */
    @Test
    void aCommitIsToldItsEndWhateverSeverityIsWanted() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "warn", "github"));
        target("0123456789abcdef", "shop/app:2");

        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));
        alerts.handle(CANARY, about(2, Severity.WARN, "waiting", 2, 0));
        alerts.handle(CANARY, about(3, Severity.INFO, "succeeded", 2, 10_000));
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(4, Severity.WARN, "waiting", 3, 0));

        assertThat(received)
                .extracting(it -> it.replaceAll(" .*\"state\":\"(.*?)\".*", " $1"))
                .containsExactly(
                        "/repos/shop/app/statuses/0123456789abcdef pending",
                        "/repos/shop/app/statuses/0123456789abcdef success",
                        "/repos/shop/app/statuses/fedcba9876543210 pending");
    }

    @Test
    void aCommitIsToldItsEndThoughItsSecretIsAwayForAMoment() throws Exception {
        var github = Map.of("address", url("/repos/shop/app"), "token", SECRET);
        secret("github", github);
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "warn", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.WARN, "waiting", 2, 0));
        client.secrets().inNamespace("test").withName("github").delete();
        meanwhile = () -> secret("github", github);

        alerts.handle(CANARY, about(2, Severity.INFO, "succeeded", 2, 10_000));
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(3, Severity.WARN, "waiting", 3, 0));

        assertThat(statesOfCommits())
                .containsExactly(
                        "0123456789abcdef pending",
                        "0123456789abcdef success",
                        "fedcba9876543210 pending");
    }

    /** How it ended is in the dead letter; that another revision came would be untrue. */
    @Test
    void aCommitWhoseEndCouldNotBeToldWasNotSuperseded() throws Exception {
        var github = Map.of("address", url("/repos/shop/app"), "token", SECRET);
        Map<String, Object> spec = Map.of("type", "github", "secretRef", Map.of("name", "github"));
        secret("github", github);
        provider("github", spec);
        canary(rule("a", "warn", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.WARN, "waiting", 2, 0));
        client.secrets().inNamespace("test").withName("github").delete();
        isNotDelivered(about(2, Severity.INFO, "succeeded", 2, 10_000));
        secret("github", github);
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(3, Severity.WARN, "waiting", 3, 0));
        client.genericKubernetesResources(ResourceWatch.ALERT_PROVIDERS)
                .inNamespace("test")
                .delete();
        await().until(() -> providers.get("test", "github").isEmpty());
        isNotDelivered(about(4, Severity.INFO, "succeeded", 3, 10_000));
        provider("github", spec);
        target("00112233445566", "shop/app:4");
        alerts.handle(CANARY, about(5, Severity.WARN, "waiting", 4, 0));

        assertThat(statesOfCommits())
                .containsExactly(
                        "0123456789abcdef pending",
                        "fedcba9876543210 pending",
                        "00112233445566 pending");
    }

    /** As where the primary does not serve yet, so that the traffic cannot go back. */
    @Test
    void aCommitKeepsItsLastStatusWhateverElseIsToldOfItsRun() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "github"), rule("b", "error", "chat"));
        target("0123456789abcdef", "shop/app:2");

        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));
        alerts.handle(CANARY, about(2, Severity.ERROR, "failed", 2, 5_000));
        received.clear();
        alerts.handle(CANARY, about(3, Severity.ERROR, "progressing", 2, 5_000));
        assertThat(paths()).containsExactly("/chat");
        received.clear();
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(4, Severity.INFO, "started", 3, 0));

        assertThat(statesOfCommits()).containsExactly("fedcba9876543210 pending");
    }

    @Test
    void aCommitWhoseEndCouldNotBeToldIsToldNothingElseOfItsRun() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));
        statuses.put("/repos/shop/app/statuses/0123456789abcdef", 503);
        isNotDelivered(about(2, Severity.ERROR, "failed", 2, 5_000));
        statuses.clear();
        received.clear();

        alerts.handle(CANARY, about(3, Severity.ERROR, "progressing", 2, 5_000));
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(4, Severity.INFO, "started", 3, 0));

        assertThat(statesOfCommits()).containsExactly("fedcba9876543210 pending");
    }

    @Test
    void aCommitThatWasToldNothingOfItsRunIsNotToldWhatFollowsItsEnd() throws Exception {
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        isNotDelivered(about(1, Severity.ERROR, "failed", 2, 5_000));
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));

        alerts.handle(CANARY, about(2, Severity.ERROR, "progressing", 2, 5_000));

        assertThat(received).isEmpty();
    }

    /** Another Canary of the name counts its runs from the beginning. */
    @Test
    void theCommitOfADeletedCanaryIsNotSupersededByThoseOfTheNext() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.INFO, "started", 5, 0));
        client.genericKubernetesResources(ResourceWatch.CANARIES).inNamespace("test").delete();
        await().until(() -> canaries.get("test", "podinfo").isEmpty());
        canary(rule("a", "", "github"));

        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(2, Severity.INFO, "started", 6, 0));
        alerts.handle(CANARY, about(3, Severity.INFO, "succeeded", 6, 10_000));

        assertThat(statesOfCommits())
                .containsExactly(
                        "0123456789abcdef pending",
                        "fedcba9876543210 pending",
                        "fedcba9876543210 success");
    }

    @Test
    void aCommitThatAnEarlierReleaseNotedHasItsLastStatusOnce() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
        kept.put(
                CANARY,
                AlertDeliveries.newBuilder()
                        .setCanary(CANARY.toString())
                        .setCommits(
                                List.of(
                                        new OpenCommit(
                                                "a/test/github", 2L, "0123456789abcdef", "")))
                        .build());
        alerts = alerts(null, false, kept);
        target("0123456789abcdef", "shop/app:2");

        alerts.handle(CANARY, about(1, Severity.WARN, "waiting", 2, 0));
        alerts.handle(CANARY, about(2, Severity.INFO, "succeeded", 2, 10_000));
        target("fedcba9876543210", "shop/app:3");
        alerts.handle(CANARY, about(3, Severity.INFO, "started", 3, 0));

        assertThat(statesOfCommits())
                .containsExactly(
                        "0123456789abcdef pending",
                        "0123456789abcdef success",
                        "fedcba9876543210 pending");
    }

    @Test
    void aCommitThatIsGoneKeepsNoOtherFromItsStatus() throws Exception {
        secret("github", Map.of("address", url("/repos/shop/app"), "token", SECRET));
        provider("github", Map.of("type", "github", "secretRef", Map.of("name", "github")));
        canary(rule("a", "", "github"));
        target("0123456789abcdef", "shop/app:2");
        alerts.handle(CANARY, about(1, Severity.INFO, "started", 2, 0));

        target("fedcba9876543210", "shop/app:3");
        statuses.put("/repos/shop/app/statuses/0123456789abcdef", 422);
        alerts.handle(CANARY, about(2, Severity.WARN, "waiting", 3, 0));

        assertThat(paths()).endsWith("/repos/shop/app/statuses/fedcba9876543210");
    }

    /** Who compares such messages with Flagger's finds nothing more; others are told all. */
    @Test
    void flaggersServicesAreToldToTheLetterWhereNothingElseIsAskedFor() throws Exception {
        provider("slack", Map.of("type", "slack", "address", url("/slack")));
        provider("workflow", Map.of("type", "msteams-workflow", "address", url("/workflow")));
        canary(rule("a", "", "slack"), rule("b", "", "workflow"));
        showEvidence = false;

        alerts(null, false).handle(CANARY, about(1, Severity.ERROR, "failed", 7, 5_000));

        assertThat(received).hasSize(2);
        assertThat(received.getFirst())
                .startsWith("/slack ")
                .contains("failed it is")
                .doesNotContain("95.00");
        assertThat(received.getLast()).startsWith("/workflow ").contains("95.00 < 99.00");
    }

    /** At three in the morning: is it over, who has the traffic, and with which image? */
    @Test
    void whoeverIsToldMoreThanFlaggerSaysReadsWhoHasTheTrafficNow() throws Exception {
        provider("slack", Map.of("type", "slack", "address", url("/slack")));
        provider(
                "own",
                Map.of(
                        "type",
                        "slack",
                        "address",
                        url("/own"),
                        "messageTemplate",
                        "{{ .Situation.Traffic }} to {{ .Situation.GoesTo }}: {{ .Now }}"));
        canary(rule("a", "", "slack"), rule("b", "", "own"));
        workload("podinfo-primary", "abcdef0123456789", "shop/app:1");
        var back =
                AlertSituation.newBuilder()
                        .setTraffic("divided")
                        .setGoesTo("primary")
                        .setCanaryBasisPoints(3_000)
                        .setPrimaryServes(true)
                        .setPrimaryReady(true)
                        .setPrimaryRevision("5d4f6c8b7f")
                        .setImages(List.of("shop/app:2"))
                        .setStartedAt(now.minusMillis(252_500))
                        .build();
        String text =
                "All traffic goes back to the primary (5d4f6c8b7f: shop/app:1) now: the canary has"
                        + " 30 % of the traffic. Nothing to do, unless another message says that it"
                        + " cannot be done.";

        alerts.handle(CANARY, in(back, about(1, Severity.ERROR, "failed", 7, 3_000)));

        assertThat(received).hasSize(2);
        assertThat(received.getFirst())
                .contains(
                        "{\"title\":\"Revision\",\"value\":\"6867868d58: shop/app:2, at 30 %,"
                                + " 4m12s after it began\"",
                        "{\"title\":\"Now\",\"value\":\"" + text + "\"");
        assertThat(received.getLast()).contains("divided to primary: " + text);

        received.clear();
        showEvidence = false;
        alerts(null, false).handle(CANARY, in(back, about(2, Severity.ERROR, "failed", 8, 3_000)));
        assertThat(received.getFirst()).doesNotContain("Revision", "goes back", "shop/app");

        received.clear();
        showEvidence = true;
        var late = in(back, about(3, Severity.ERROR, "failed", 9, 3_000));
        now = now.plus(Duration.ofMinutes(10));
        alerts(null, false).handle(CANARY, late);
        assertThat(received.getFirst()).contains("failed it is").doesNotContain("goes back");
    }

    private static Alert in(AlertSituation situation, Alert alert) {
        var chat = (ChatAlert) alert.getBody();
        var facts = AlertFacts.newBuilder(chat.getFacts()).setSituation(situation).build();
        return Alert.newBuilder(alert)
                .setBody(ChatAlert.newBuilder(chat).setFacts(facts).build())
                .build();
    }

    /** What a command printed is the load tester's to keep: there may be secrets in it. */
    @Test
    void aLoadTestIsToldByItsNumbersWithTheirUnitsAndNoHooksWholeAnswerIs() throws Exception {
        provider("slack", Map.of("type", "slack", "address", url("/slack")));
        provider("custom", Map.of("type", "custom", "address", url("/custom")));
        canary(rule("a", "", "slack"), rule("b", "", "custom"));
        String answer = "command k6 failed: " + "x".repeat(2_000) + SECRET;

        alerts.handle(
                CANARY,
                about(
                        1,
                        Severity.ERROR,
                        "failed",
                        7,
                        5_000,
                        new AlertEvidence(
                                "load",
                                null,
                                null,
                                null,
                                true,
                                answer,
                                TestReports.written(
                                        new TestReport(
                                                99, 1_200L, "k6", 4.2, null, 15.5, 600L, 3L,
                                                false)),
                                ""),
                        new AlertEvidence("gate", null, null, null, true, answer, null, "")));

        assertThat(received)
                .hasSize(2)
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .contains(
                                                "k6 made 600 requests, 3 of them failed; p50 4.2"
                                                    + " ms, p99 15.5 ms; exit status 99 after 1.2"
                                                    + " s")
                                        .doesNotContain(SECRET)
                                        .hasSizeLessThan(2_000));
        assertThat(received.getFirst()).doesNotContain("gate", "xxx");
    }

    @Test
    void aProvidersOwnTemplateIsItsTextAndABadOneLosesNoAlert() throws Exception {
        provider(
                "own",
                Map.of(
                        "type",
                        "slack",
                        "address",
                        url("/own"),
                        "messageTemplate",
                        "*{{ .Name }}* {{ .Status }} {{ .Metadata.version }}"));
        provider(
                "bad",
                Map.of(
                        "type",
                        "slack",
                        "address",
                        url("/bad"),
                        "messageTemplate",
                        "{{ .Name }} {{ nonsense }}"));
        canary(rule("a", "", "own"), rule("b", "", "bad"));
        target("0123456789abcdef", "shop/app:2.0");

        alerts.handle(CANARY, about(1, Severity.ERROR, "failed", 2, 5_000));

        assertThat(received)
                .satisfiesExactly(
                        own ->
                                assertThat(own)
                                        .contains("\"text\":\"*podinfo* failed 2.0\"")
                                        .contains("\"fields\":[]"),
                        bad ->
                                assertThat(bad)
                                        .contains("\"text\":\"failed it is\"")
                                        .contains("line 1: function \\\"nonsense\\\" not defined"));
    }

    @Test
    void slackThatRefusesWithStatus200HasNotTakenIt() {
        provider("chat", Map.of("type", "slack", "address", url("/api/chat.postMessage")));
        canary(rule("a", "info", "chat"));
        answer = "{\"ok\":false,\"error\":\"channel_not_found\"}";

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessage("alert a was not sent: slack refused it: channel_not_found");
    }

    @Test
    void eachMistakeOfAManifestIsNamed() {
        secret("empty", Map.of("token", SECRET));
        provider("odd", Map.of("type", "pigeon", "address", url("/x")));
        provider("mail", Map.of("type", "slack", "address", "mailto:" + SECRET));
        provider("bare", Map.of("type", "slack"));
        provider("lost", Map.of("type", "slack", "secretRef", Map.of("name", "gone")));
        provider("half", Map.of("type", "slack", "secretRef", Map.of("name", "empty")));
        provider(
                "proxied",
                Map.of("type", "slack", "address", url("/x"), "proxy", "socks5://" + SECRET));
        canary(
                rule("1", "", "nobody"),
                rule("2", "", "odd"),
                rule("3", "", "mail"),
                rule("4", "", "bare"),
                rule("5", "", "lost"),
                rule("6", "", "half"),
                rule("7", "", "proxied"));

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessage(
                        "alert 1 was not sent: alert provider nobody.test does not exist after 3"
                            + " attempts; alert 2 was not sent: there is no service of type pigeon;"
                            + " alert 3 was not sent: the address cannot be used; alert 4 was not"
                            + " sent: alert provider bare.test has neither an address nor a secret;"
                            + " alert 5 was not sent: secret gone.test of alert provider lost.test"
                            + " does not exist after 6 attempts; alert 6 was not sent: secret"
                            + " empty.test of alert provider half.test has no key address after 6"
                            + " attempts; alert 7 was not sent: the proxy cannot be used: it must"
                            + " be http://HOST:PORT");
        assertThat(received).isEmpty();
    }

    /** Such as one that is made anew when its token is rotated. */
    @Test
    void aSecretThatIsAwayForAMomentKeepsNobodyFromBeingTold() throws Exception {
        provider("chat", Map.of("type", "slack", "secretRef", Map.of("name", "chat")));
        provider("other", Map.of("type", "slack", "address", url("/other")));
        canary(rule("a", "", "chat"), rule("b", "", "late"), rule("c", "", "other"));
        meanwhile =
                () -> {
                    assertThat(paths()).containsExactly("/other");
                    secret("chat", Map.of("address", url("/chat")));
                    provider("late", Map.of("type", "slack", "address", url("/late")));
                };

        alerts.handle(CANARY, alert(1, Severity.ERROR));

        assertThat(paths()).containsExactly("/other", "/chat", "/late");
        assertThat(pauses).hasSize(1);
    }

    /** Flagger passes over one, so that manifests may name it for years. */
    @Test
    void aProviderThatWasNeverThereKeepsTheNextAlertWaitingForSecondsOnly() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "never"), rule("b", "", "chat"));

        isNotDelivered(alert(1, Severity.INFO));

        assertThat(paths()).containsExactly("/chat");
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L);
    }

    /** Such a thing is no news of the provider, and passes. */
    @Test
    void aSecretThatIsAwayIsWaitedForAsLongAsAReceiver() {
        provider("chat", Map.of("type", "slack", "secretRef", Map.of("name", "chat")));
        canary(rule("a", "", "chat"), rule("b", "", "never"));

        isNotDelivered(alert(1, Severity.INFO));

        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L);
    }

    /** A clock that is set, as by the first NTP answer, makes no wait shorter or longer. */
    @Test
    void aClockThatIsSetEndsNoAttempts() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        statuses.put("/chat", 503);
        meanwhile =
                () -> {
                    now = now.plus(Duration.ofHours(1));
                    statuses.put("/chat", 200);
                };

        alerts.handle(CANARY, alert(1, Severity.INFO));
        statuses.put("/chat", 503);
        meanwhile = () -> now = now.plus(Duration.ofHours(1));
        isNotDelivered(alert(2, Severity.INFO));

        assertThat(paths()).hasSize(2 + 6);
    }

    /** Where a namespace's own receivers hang, waiting is just what helps. */
    @Test
    void anAlertThatGetsNoTurnIsTriedAgain() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        outgoing.close();
        outgoing =
                new OutgoingClient(
                        new AddressGuard(false),
                        Proxies.none(),
                        new CallLimits(1, 1, 1, 1 << 20, 1 << 20, Duration.ofMillis(50)));
        delivery = new Delivery(outgoing, () -> now, Notifiers.ALL);
        alerts = alerts(null, false);
        var hangs = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        server.createContext(
                "/hangs",
                exchange -> {
                    asked.countDown();
                    try {
                        hangs.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        var call = Call.post(URI.create(url("/hangs")), "", Map.of(), Duration.ofMinutes(5));
        Thread other =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        outgoing.send(CANARY, call);
                                    } catch (InterruptedException ended) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        asked.await();
        meanwhile =
                () -> {
                    assertThat(received).isEmpty();
                    hangs.countDown();
                    await().until(() -> !other.isAlive());
                };

        alerts.handle(CANARY, alert(1, Severity.ERROR));

        assertThat(paths()).containsExactly("/chat");
    }

    @Test
    void aRefusalInsideA200ThatPassesIsTriedAgain() throws Exception {
        secret("chat", Map.of("address", url("/api/chat.postMessage"), "token", SECRET));
        provider("chat", Map.of("type", "slack", "secretRef", Map.of("name", "chat")));
        canary(rule("a", "", "chat"));
        answer = "{\"ok\":false,\"error\":\"service_unavailable\"}";
        meanwhile = () -> answer = "{\"ok\":true}";

        alerts.handle(CANARY, alert(1, Severity.INFO));
        answer = "{\"ok\":false,\"error\":\"channel_not_found\"}";
        isNotDelivered(alert(2, Severity.INFO));

        assertThat(received).hasSize(3);
    }

    @Test
    void aPagerIsToldLateWhatCameWhileItsSecretWasAway() throws Exception {
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        canary(rule("a", "error", "pager"));
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));

        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        alerts.handle(CANARY, about(2, Severity.INFO, "started", 8, 0));

        assertThat(paged()).containsExactly("trigger serinus/lab/test/podinfo/7");
    }

    @Test
    void aPagerIsToldLateWhatCameWhileItsProviderWasAway() throws Exception {
        canary(rule("a", "error", "pager"));
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));

        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        alerts.handle(CANARY, about(2, Severity.INFO, "started", 8, 0));
        alerts.handle(CANARY, about(3, Severity.INFO, "succeeded", 8, 10_000));

        assertThat(paged())
                .containsExactly(
                        "trigger serinus/lab/test/podinfo/7", "resolve serinus/lab/test/podinfo/7");
    }

    /** Nothing says of which type it is, so that it may be a pager. */
    @Test
    void aChatIsToldWhatItMissedWhileItsProviderWasAwayWithWhatItWants() throws Exception {
        canary(rule("a", "warn", "chat"));
        isNotDelivered(about(1, Severity.ERROR, "failed", 7, 5_000));

        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        alerts.handle(CANARY, about(2, Severity.INFO, "started", 8, 0)); // not for it
        assertThat(received).isEmpty();
        alerts.handle(CANARY, about(3, Severity.WARN, "waiting", 8, 2_000));
        alerts.handle(CANARY, about(4, Severity.ERROR, "failed", 8, 2_000));

        assertThat(received)
                .satisfiesExactly(
                        next -> assertThat(next).contains("Not delivered at", "failed it is"),
                        later -> assertThat(later).doesNotContain("Not delivered at"));
    }

    /** Its digest waits for the Secret; what is gathered needs none. */
    @Test
    void whatADigestTellsIsGatheredThoughItsSecretIsAway() throws Exception {
        provider(
                "chat",
                Map.of("type", "slack", "digest", "1h", "secretRef", Map.of("name", "chat")));
        canary(rule("a", "", "chat"));

        alerts.handle(CANARY, about(1, Severity.INFO, "succeeded", 7, 10_000));

        assertThat(counted("slack", "gathered")).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    /** A preview environment goes when its run has ended, maybe before that is told. */
    @Test
    void theEndOfARunIsToldThoughItsCanaryIsGone() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        await().until(() -> canaries.get("test", "podinfo").isPresent());
        client.genericKubernetesResources(ResourceWatch.CANARIES).inNamespace("test").delete();
        await().until(() -> canaries.get("test", "podinfo").isEmpty());

        alerts.handle(CANARY, about(1, Severity.ERROR, "failed", 7, 5_000));

        assertThat(paths()).containsExactly("/chat");
    }

    @Test
    void aProviderOfAnotherNamespaceIsUsedUnlessThatIsBlocked() throws Exception {
        provider("elsewhere", "shared", Map.of("type", "slack", "address", url("/shared")));
        var rule = new HashMap<>(rule("a", "", "shared"));
        rule.put("providerRef", Map.of("name", "shared", "namespace", "elsewhere"));
        canary(rule);

        alerts.handle(CANARY, alert(1, Severity.INFO));
        assertThat(paths()).containsExactly("/shared");
        assertThatThrownBy(() -> alerts(null, true).handle(CANARY, alert(2, Severity.INFO)))
                .hasMessageContaining(
                        "can't access alert provider shared.elsewhere, cross-namespace references"
                                + " are blocked");
    }

    @Test
    void goesThroughTheProxyOfTheProvider() throws Exception {
        provider(
                "chat",
                Map.of(
                        "type",
                        "slack",
                        "address",
                        "http://hooks.example.invalid/hook",
                        "proxy",
                        url("")));
        canary(rule("a", "info", "chat"));

        alerts.handle(CANARY, alert(1, Severity.INFO));

        assertThat(paths()).containsExactly("/hook");
        assertThat(headers).containsEntry("Host", "hooks.example.invalid");
    }

    @Test
    void theEventWebhookIsToldWhatFlaggerTellsItWithAStableId() throws Exception {
        alerts.handle(CANARY, notice(5));
        String id = headers.get("Webhook-id");
        alerts(null, false).handle(CANARY, notice(5));

        assertThat(received)
                .hasSize(2)
                .allMatch(
                        ("/events"
                             + " {\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Initialized\","
                             + "\"checksum\":\"f5b8f6984\",\"metadata\":{\"eventMessage\":\"Initialization"
                             + " done! podinfo.test\",\"eventType\":\"Normal\","
                             + "\"timestamp\":\"1795321931708\"}}")
                                ::equals);
        assertThat(headers.get("Webhook-id")).isEqualTo(id).startsWith("msg_");
    }

    /** By its phase alone a receiver would take what was only tried for a promotion. */
    @Test
    void theEventWebhookIsToldHowFarTheRolloutIsAndThatItIsOnlyTried() throws Exception {
        var notice =
                new EventNotice(
                        "Dry run: Promotion completed!",
                        "Normal",
                        "Succeeded",
                        "f5b8f6984",
                        1795321931708L,
                        4L,
                        new RolloutFacts("0a1b2c3d4e", 0, 10_000, 0, true, List.of("podinfo:2")));
        alerts.handle(CANARY, Alert.newBuilder(notice(5)).setBody(notice).build());

        assertThat(received)
                .singleElement()
                .asString()
                .endsWith(
                        ",\"serinus.dev/rollout\":{\"canaryWeight\":0,\"dryRun\":true,"
                                + "\"images\":[\"podinfo:2\"],\"iteration\":0,"
                                + "\"phase\":\"Succeeded\",\"primaryWeight\":100,"
                                + "\"revision\":\"0a1b2c3d4e\",\"run\":4}}");
    }

    @Test
    void anEventThatCannotBeToldIsNotLost() {
        statuses.put("/events", 500);

        assertThatThrownBy(() -> alerts.handle(CANARY, notice(5)))
                .hasMessage("the event webhook was not told: status 500 after 3 attempt(s): ok");
    }

    @Test
    void aMessageKeepsItsKeyWhoeverSendsItAndHowOften() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"), rule("b", "", "chat"));

        alerts.handle(CANARY, alert(1, Severity.INFO));
        alerts(null, false).handle(CANARY, alert(1, Severity.INFO)); // another process
        alerts.handle(CANARY, alert(2, Severity.INFO));

        assertThat(keys).hasSize(6).allMatch(key -> key.matches("msg_[0-9a-f]{32}"));
        assertThat(keys.subList(2, 4)).isEqualTo(keys.subList(0, 2));
        assertThat(Set.copyOf(keys)).hasSize(4);
    }

    @Test
    void aProxyThatAProviderNamesIsJudged() {
        provider(
                "chat",
                Map.of(
                        "type", "slack",
                        "address", "http://chat.example.invalid/" + SECRET,
                        "proxy", "http://169.254.169.254:80"));
        canary(rule("a", "", "chat"));

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessage("alert a was not sent: link-local and metadata addresses are refused");
    }

    @Test
    void aNameThatWouldLeadElsewhereIsNeverAskedFor() {
        provider(
                "chat",
                Map.of(
                        "type",
                        "slack",
                        "secretRef",
                        Map.of("name", "../../kube-system/secrets/x")));
        canary(rule("a", "", "../alertproviders/x"), rule("b", "", "chat"));

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessageContaining(
                        "alert a was not sent: alert provider \"../alertproviders/x\" cannot be a"
                                + " name")
                .hasMessageContaining(
                        "alert b was not sent: secret of alert provider chat.test:"
                                + " \"../../kube-system/secrets/x\" cannot be a name");
    }

    @Test
    void moreAlertsThanAllowedTellNobody() {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        uid =
                apply(
                        ResourceWatch.CANARIES,
                        "test",
                        "podinfo",
                        Map.of(
                                "analysis",
                                Map.of("alerts", Collections.nCopies(21, rule("a", "", "chat")))));

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessageContaining(
                        "spec.analysis.alerts has 21 entries, this installation allows 20");
        assertThat(received).isEmpty();
    }

    /** For people who look at a rollout: each receiver once, with what became of it. */
    @Test
    void whatBecameOfEachIsToldWithoutAnAddress() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        provider("loud", Map.of("type", "slack", "address", url("/loud")));
        provider("gone", Map.of("type", "slack", "address", url("/gone/" + SECRET)));
        provider("digest", Map.of("type", "slack", "address", url("/d"), "digest", "10m"));
        canary(
                rule("a", "", "chat"),
                rule("b", "error", "loud"),
                rule("c", "", "gone"),
                rule("d", "", "digest"),
                rule("e", "", "missing"));
        statuses.put("/gone/" + SECRET, 503);
        List<AlertResult> results = new ArrayList<>();
        var watched =
                alerts(
                        null,
                        false,
                        KeptRecords.inMemory(),
                        new AlertResults((_, result) -> results.add(result), () -> now));

        assertThatThrownBy(() -> watched.handle(CANARY, alert(1, Severity.INFO)))
                .isInstanceOf(NotDelivered.class);
        assertThatThrownBy(() -> watched.handle(CANARY, alert(1, Severity.INFO)))
                .isInstanceOf(NotDelivered.class);

        assertThat(results)
                .extracting(
                        it ->
                                "%s %s %s %s %d"
                                        .formatted(
                                                it.getAlert(),
                                                it.getProvider(),
                                                it.getType(),
                                                it.getOutcome(),
                                                it.getAttempts()))
                .containsExactly(
                        "d digest.test slack gathered 0",
                        "a chat.test slack delivered 1",
                        "c gone.test slack dead-lettered 6",
                        "e missing.test  dead-lettered 0",
                        // The record comes again: who has it is not told twice, and what became
                        // of it may not have been written before.
                        "a chat.test slack delivered 0",
                        "d digest.test slack gathered 0",
                        "c gone.test slack dead-lettered 6",
                        "e missing.test  dead-lettered 0");
        assertThat(results.get(4).getKey()).isEqualTo(results.get(1).getKey());
        assertThat(results.get(2).getBecause()).contains("503");
        assertThat(results.get(1).getSeverity()).isEqualTo(Severity.INFO);
        assertThat(results.toString()).doesNotContain(SECRET).doesNotContain("127.0.0.1");
    }

    /**
     * Killed between a receiver's answer and the word of it: nobody would know that it was told.
     */
    @Test
    void whatAnotherProcessToldIsSaidAgainWithTheSameKey() throws Exception {
        provider("chat", Map.of("type", "slack", "address", url("/chat")));
        canary(rule("a", "", "chat"));
        KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
        List<AlertResult> first = new ArrayList<>();
        List<AlertResult> second = new ArrayList<>();
        var again = about(2, Severity.INFO, "waiting", 7, 2_000);
        for (var results : List.of(first, second)) {
            now = now.plus(Duration.ofMinutes(5));
            var process =
                    alerts(
                            null,
                            false,
                            kept,
                            new AlertResults((_, result) -> results.add(result), () -> now));
            process.handle(CANARY, about(1, Severity.INFO, "waiting", 7, 2_000));
            process.handle(CANARY, again);
        }

        assertThat(received).hasSize(1);
        assertThat(first)
                .extracting(AlertResult::getOutcome)
                .containsExactly("delivered", "repeated");
        assertThat(second)
                .extracting(AlertResult::getOutcome)
                .containsExactly("delivered", "repeated");
        assertThat(second)
                .extracting(AlertResult::getKey)
                .isEqualTo(first.stream().map(AlertResult::getKey).toList());
        assertThat(second)
                .as("when it was told, not when it is said again")
                .extracting(AlertResult::getAt)
                .isEqualTo(first.stream().map(AlertResult::getAt).toList());
    }

    @Test
    void aReceiverWhoseTypeIsToldNoSuchAlertIsNoneThatWasForgotten() throws Exception {
        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        canary(rule("a", "", "pager"));
        List<AlertResult> results = new ArrayList<>();
        var watched =
                alerts(
                        null,
                        false,
                        KeptRecords.inMemory(),
                        new AlertResults((_, result) -> results.add(result), () -> now));

        watched.handle(CANARY, about(1, Severity.INFO, "started", 2, 0)); // no trouble

        assertThat(received).isEmpty();
        assertThat(results).extracting(AlertResult::getOutcome).containsExactly("not-told");
    }

    @Test
    void noAddressOrTokenIsInAnyExceptionOrLogLine() {
        secret("chat", Map.of("address", url("/x/" + SECRET), "token", SECRET));
        provider("chat", Map.of("type", "slack", "secretRef", Map.of("name", "chat")));
        provider("closed", Map.of("type", "slack", "address", "http://127.0.0.1:1/" + SECRET));
        canary(rule("a", "", "chat"), rule("b", "", "closed"));
        statuses.put("/x/" + SECRET, 403);
        answer = "you sent " + SECRET + " to " + url("/x/" + SECRET);

        assertThatThrownBy(() -> alerts.handle(CANARY, alert(1, Severity.INFO)))
                .hasMessageNotContaining(SECRET)
                .hasMessageContaining("you sent [hidden] to [hidden]")
                .hasMessageContaining("connect: connection refused after 6 attempts")
                .hasNoCause();
        assertThat(log.list)
                .hasSize(2)
                .allSatisfy(
                        line ->
                                assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                                        .doesNotContain(SECRET));
    }

    /** Of another process, which knows nothing of what this one told. */
    private Alerts alerts(@Nullable Destination global, boolean noCrossNamespaceRefs) {
        return alerts(global, noCrossNamespaceRefs, KeptRecords.inMemory());
    }

    private Alerts alerts(
            @Nullable Destination global,
            boolean noCrossNamespaceRefs,
            KeptRecords<AlertDeliveries> kept) {
        return alerts(global, noCrossNamespaceRefs, kept, AlertResults.NONE);
    }

    private Alerts alerts(
            @Nullable Destination global,
            boolean noCrossNamespaceRefs,
            KeptRecords<AlertDeliveries> kept,
            AlertResults results) {
        return new Alerts(
                canaries,
                new Providers(
                        providers,
                        client,
                        Notifiers.ALL,
                        Duration.ofSeconds(20),
                        null,
                        noCrossNamespaceRefs),
                new Releases(client),
                Duration.ofSeconds(20),
                20,
                delivery,
                new Alerts.Everybody(
                        global,
                        new EventWebhook(
                                URI.create(url("/events")),
                                outgoing,
                                Signer.none(),
                                () -> now,
                                this::pass),
                        "lab-cluster",
                        "https://serinus.example",
                        showEvidence),
                new Patience(Duration.ofMinutes(1), () -> passed, this::pass),
                kept,
                () -> now,
                metrics,
                results);
    }

    private double counted(String provider, String outcome) {
        return metrics.counter("serinus.alerts", "provider", provider, "outcome", outcome).count();
    }

    /** What a pager was told, as ACTION KEY. */
    private List<String> paged() {
        return received.stream()
                .map(
                        it ->
                                it.replaceAll(
                                        ".*\"event_action\":\"(.*?)\",\"dedup_key\":\"(.*?)\".*",
                                        "$1 $2"))
                .toList();
    }

    /** Each status of a commit that was set, in order. */
    private List<String> statesOfCommits() {
        return received.stream()
                .map(it -> it.replaceAll(".*/statuses/(\\w+) .*\"state\":\"(.*?)\".*", "$1 $2"))
                .toList();
    }

    private void pager(String severity) {
        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        canary(rule("a", severity, "pager"));
    }

    private void isNotDelivered(Alert alert) {
        assertThatThrownBy(() -> alerts.handle(CANARY, alert)).isInstanceOf(NotDelivered.class);
    }

    private void pass(Duration pause) {
        pauses.add(pause);
        passed += pause.toNanos();
        meanwhile.run();
        meanwhile = () -> {};
        now = now.plus(pause);
    }

    private Destination slack(String path) {
        return new Destination("slack", "ops", "lab-bot", url(path), SECRET, null);
    }

    private Alert alert(long sequence, Severity severity) {
        return Alert.newBuilder()
                .setCanary(CANARY.toString())
                .setUid(uid)
                .setGeneration(1)
                .setSequence(sequence)
                .setBody(
                        new ChatAlert(
                                severity,
                                "alert " + sequence,
                                List.of(new AlertField("Target", "Deployment/podinfo.test")),
                                null))
                .build();
    }

    @Test
    void aDryRunPagesNobody() throws Exception {
        secret("pager", Map.of("address", url("/v2/enqueue"), "token", SECRET));
        provider("pager", Map.of("type", "pagerduty", "secretRef", Map.of("name", "pager")));
        canary(rule("a", "", "pager"));
        var failed = about(1, Severity.ERROR, "failed", 2, 5_000);
        var chat = (ChatAlert) failed.getBody();
        var tried = AlertFacts.newBuilder(chat.getFacts()).setDryRun(true).build();

        alerts.handle(
                CANARY,
                Alert.newBuilder(failed)
                        .setBody(ChatAlert.newBuilder(chat).setFacts(tried).build())
                        .build());
        alerts.handle(CANARY, about(3, Severity.INFO, "succeeded", 3, 10_000));

        assertThat(received).isEmpty();
    }

    /** Of a run, with what its check found. */
    private Alert about(long sequence, Severity severity, String status, long run, int weight) {
        return about(
                sequence,
                severity,
                status,
                run,
                weight,
                new AlertEvidence("request-success-rate", 95.0, 99.0, null, true, "", null, ""));
    }

    private Alert about(
            long sequence,
            Severity severity,
            String status,
            long run,
            int weight,
            AlertEvidence... evidence) {
        var facts =
                AlertFacts.newBuilder()
                        .setStatus(status)
                        .setRun(run)
                        .setPhase("Progressing")
                        .setRevision("6867868d58")
                        .setCanaryBasisPoints(weight)
                        .setFailedChecks(1)
                        .setIteration(0)
                        .setAt(now)
                        .setEvidence(List.of(evidence))
                        .build();
        return Alert.newBuilder(alert(sequence, severity))
                .setBody(new ChatAlert(severity, status + " it is", List.of(), facts))
                .build();
    }

    private static void target(String commit, String image) {
        workload("podinfo", commit, image);
    }

    private static void workload(String name, String commit, String image) {
        client.apps()
                .deployments()
                .inNamespace("test")
                .resource(
                        new DeploymentBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withNewSpec()
                                .withNewTemplate()
                                .withNewMetadata()
                                .addToAnnotations(Releases.COMMIT, commit)
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("app")
                                .withImage(image)
                                .endContainer()
                                .endSpec()
                                .endTemplate()
                                .endSpec()
                                .build())
                .createOr(NonDeletingOperation::update);
    }

    private static Alert notice(long sequence) {
        return Alert.newBuilder()
                .setCanary(CANARY.toString())
                .setUid("uid")
                .setGeneration(1)
                .setSequence(sequence)
                .setBody(
                        new EventNotice(
                                "Initialization done! podinfo.test",
                                "Normal",
                                "Initialized",
                                "f5b8f6984",
                                1795321931708L,
                                0L,
                                null))
                .build();
    }

    private static Map<String, Object> rule(String name, String severity, String provider) {
        return Map.of("name", name, "severity", severity, "providerRef", Map.of("name", provider));
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies them
    private void canary(Map<String, Object>... rules) {
        uid =
                apply(
                        ResourceWatch.CANARIES,
                        "test",
                        "podinfo",
                        Map.of(
                                "targetRef",
                                Map.of("kind", "Deployment", "name", "podinfo"),
                                "analysis",
                                Map.of("alerts", List.of(rules))));
    }

    private void provider(String name, Map<String, Object> spec) {
        provider("test", name, spec);
    }

    private void provider(String namespace, String name, Map<String, Object> spec) {
        apply(ResourceWatch.ALERT_PROVIDERS, namespace, name, spec);
        await().until(() -> providers.get(namespace, name).isPresent());
    }

    private static String apply(
            ResourceDefinitionContext kind,
            String namespace,
            String name,
            Map<String, Object> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("flagger.app/v1beta1");
        object.setKind(kind.getKind());
        object.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        object.setAdditionalProperty("spec", spec);
        return client.genericKubernetesResources(kind)
                .resource(object)
                .create()
                .getMetadata()
                .getUid();
    }

    private static void secret(String name, Map<String, String> values) {
        var data = new HashMap<String, String>();
        values.forEach(
                (key, value) ->
                        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("test")
                                .withName(name)
                                .endMetadata()
                                .withData(data)
                                .build())
                .createOr(existing -> existing.update());
    }

    private List<String> paths() {
        return received.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.serinus");
    }
}
