package dev.serinus.notifier.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Alerts of several Canaries to a provider with a digest; time is driven by the test. */
@EnableKubernetesMockClient(crud = true, https = false)
class DigestsTest {

    /** What the receiver was sent. */
    private record Sent(String key, JsonNode body) {

        String text() {
            return body.at("/attachments/0/text").asText();
        }

        List<String> lines() {
            return body.at("/attachments/0/fields")
                    .valueStream()
                    .map(it -> it.get("title").asText() + ": " + it.get("value").asText())
                    .toList();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Map<String, String> uids = new HashMap<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final KeptRecords<AlertDeliveries> kept = KeptRecords.inMemory();
    private Instant now = Instant.parse("2026-11-30T04:00:00Z");
    private volatile int status = 200;
    private long sequence;
    private HttpServer server;
    private ResourceWatch<AlertedCanary> canaries;
    private ResourceWatch<Provider> providers;
    private OutgoingClient outgoing;
    private Alerts alerts;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
                    sent.add(new Sent(key, JSON.readTree(exchange.getRequestBody())));
                    byte[] answer = "ok".getBytes(UTF_8);
                    exchange.sendResponseHeaders(status, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        canaries =
                ResourceWatch.of(client, ResourceWatch.CANARIES, null, AlertedCanary::of).start();
        providers =
                ResourceWatch.of(client, ResourceWatch.ALERT_PROVIDERS, null, Provider::of).start();
        outgoing = new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
        alerts = alerts();
    }

    @AfterEach
    void stop() {
        canaries.close();
        providers.close();
        outgoing.close();
        server.stop(0);
        for (var kind : List.of(ResourceWatch.CANARIES, ResourceWatch.ALERT_PROVIDERS)) {
            client.genericKubernetesResources(kind).inAnyNamespace().delete();
        }
    }

    private Alerts alerts() {
        return new Alerts(
                canaries,
                found(),
                new Releases(client),
                Duration.ofSeconds(30),
                20,
                delivery(),
                everybody(),
                new Patience(Duration.ZERO, () -> 0, _ -> {}),
                kept,
                () -> now,
                metrics,
                AlertResults.NONE);
    }

    private Providers found() {
        return new Providers(providers, client, Notifiers.ALL, Duration.ofSeconds(30), null, false);
    }

    private Delivery delivery() {
        return new Delivery(outgoing, () -> now, Notifiers.ALL);
    }

    private static Alerts.Everybody everybody() {
        return new Alerts.Everybody(null, null, null, "https://serinus.example", true);
    }

    private Digests digests(KeptRecords<AlertDeliveries> records) {
        return new Digests(
                "lab",
                providers,
                found(),
                delivery(),
                everybody(),
                records,
                _ -> true,
                () -> now,
                metrics);
    }

    /** One look of a process that has just begun. */
    private void look() throws InterruptedException {
        look(digests(kept));
    }

    private static void look(Digests digests) throws InterruptedException {
        for (CanaryKey provider : digests.candidates()) {
            digests.tell(provider);
        }
    }

    private void provider(Map<String, Object> spec) {
        Map<String, Object> all = new HashMap<>(spec);
        all.putIfAbsent("type", "slack");
        all.put("address", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        apply(ResourceWatch.ALERT_PROVIDERS, "chat", all);
        await().until(
                        () ->
                                providers
                                        .get("test", "chat")
                                        .filter(
                                                it ->
                                                        it.value()
                                                                .digest()
                                                                .equals(
                                                                        all.getOrDefault(
                                                                                "digest", "")))
                                        .isPresent());
    }

    private void tell(String canary, Severity severity, String text) throws InterruptedException {
        if (!uids.containsKey(canary)) {
            var rule = Map.of("name", "all", "providerRef", Map.of("name", "chat"));
            uids.put(
                    canary,
                    apply(
                            ResourceWatch.CANARIES,
                            canary,
                            Map.of("analysis", Map.of("alerts", List.of(rule)))));
        }
        var key = new CanaryKey("lab", "test", canary);
        alerts.handle(
                key,
                Alert.newBuilder()
                        .setCanary(key.toString())
                        .setUid(uids.get(canary))
                        .setGeneration(1)
                        .setSequence(++sequence)
                        .setBody(new ChatAlert(severity, text, List.of(), null))
                        .build());
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static String apply(
            ResourceDefinitionContext kind, String name, Map<String, Object> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("flagger.app/v1beta1");
        object.setKind(kind.getKind());
        object.setMetadata(new ObjectMetaBuilder().withNamespace("test").withName(name).build());
        object.setAdditionalProperty("spec", spec);
        return client.genericKubernetesResources(kind)
                .resource(object)
                .createOr(NonDeletingOperation::update)
                .getMetadata()
                .getUid();
    }

    @Test
    void whatIsNoErrorIsToldAsOneMessageWithTheNewestStateOfEach() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "cart begins");
        pass(Duration.ofMinutes(4));
        tell("cart", Severity.WARN, "cart\nwaits");
        tell("shop", Severity.INFO, "shop begins");
        pass(Duration.ofMinutes(5));
        look();
        assertThat(sent).as("nine minutes after the first").isEmpty();
        pass(Duration.ofMinutes(1));

        look();

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().text())
                .isEqualTo(
                        "What became of 2 canaries since <!date^1796011200^{date_num}"
                                + " {time_secs}|2026-11-30T04:00:00Z>");
        assertThat(sent.getFirst().lines())
                .containsExactly(
                        "cart.test: cart waits (the last of 2 messages)", "shop.test: shop begins");
        assertThat(sent.getFirst().body().at("/attachments/0/color").asText()).isEqualTo("warning");
        assertThat(
                        metrics.counter(
                                        "serinus.alerts",
                                        "provider",
                                        "slack",
                                        "outcome",
                                        "gathered")
                                .count())
                .isEqualTo(3);
        pass(Duration.ofHours(1));
        look();
        assertThat(sent).as("told once").hasSize(1);
    }

    @Test
    void anErrorIsToldAtOnceAndInPlaceOfWhatWasGathered() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "cart begins");
        tell("shop", Severity.INFO, "shop begins");

        tell("cart", Severity.ERROR, "cart failed");

        assertThat(sent).extracting(Sent::text).containsExactly("cart failed");
        pass(Duration.ofMinutes(10));
        look();
        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().lines()).containsExactly("shop.test: shop begins");
    }

    @Test
    void whatComesAfterADigestIsInTheNext() throws Exception {
        provider(Map.of("digest", "1m"));
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(1));
        look();

        tell("cart", Severity.INFO, "two");
        look();
        assertThat(sent).hasSize(1);
        pass(Duration.ofMinutes(1));
        look();

        assertThat(sent)
                .extracting(Sent::lines)
                .containsExactly(List.of("cart.test: one"), List.of("cart.test: two"));
        assertThat(sent).extracting(Sent::key).doesNotHaveDuplicates();
    }

    @Test
    void aRecordThatComesAgainIsGatheredOnce() throws Exception {
        provider(Map.of("digest", "1m"));
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(1));
        look();

        sequence--;
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(1));
        look();

        assertThat(sent).hasSize(1);
    }

    /** It dies between the receiver's answer and its note of it. */
    @Test
    void whoGoesOnAfterAKillSendsTheSameMessageWithTheSameKey() throws Exception {
        provider(Map.of("digest", "1m"));
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(1));
        KeptRecords<AlertDeliveries> dying =
                new KeptRecords<>() {
                    @Override
                    public Optional<AlertDeliveries> get(CanaryKey key)
                            throws InterruptedException {
                        return kept.get(key);
                    }

                    @Override
                    public void put(CanaryKey key, AlertDeliveries value)
                            throws InterruptedException {
                        if (value.getDigest() == null) {
                            throw new InterruptedException("killed");
                        }
                        kept.put(key, value);
                    }

                    @Override
                    public Map<CanaryKey, AlertDeliveries> known() {
                        return kept.known();
                    }
                };
        assertThatThrownBy(() -> look(digests(dying))).isInstanceOf(InterruptedException.class);
        tell("shop", Severity.INFO, "later");

        look();

        assertThat(sent).hasSize(2);
        assertThat(sent.getLast()).isEqualTo(sent.getFirst());
        pass(Duration.ofMinutes(1));
        look();
        assertThat(sent).hasSize(3);
        assertThat(sent.getLast().lines()).containsExactly("shop.test: later");
    }

    @Test
    void aReceiverThatDoesNotTakeItIsAskedAgainAndNothingIsLost() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(10));
        status = 503;
        var process = digests(kept);
        look(process);
        pass(Duration.ofSeconds(29));
        look(process);
        assertThat(sent).as("not before half a minute is over").hasSize(1);
        pass(Duration.ofSeconds(1));
        status = 200;

        look(process);

        assertThat(sent).hasSize(2);
        assertThat(sent.getLast()).isEqualTo(sent.getFirst());
        pass(Duration.ofHours(1));
        look(process);
        assertThat(sent).hasSize(2);
    }

    @Test
    void aLongListIsCutAndSaysSo() throws Exception {
        provider(Map.of("digest", "1m"));
        for (int canary = 10; canary < 33; canary++) {
            tell("c" + canary, Severity.INFO, "x".repeat(1_000));
            pass(Duration.ofMillis(1));
        }
        pass(Duration.ofMinutes(1));

        look();

        assertThat(sent.getFirst().text()).startsWith("What became of 23 canaries since");
        assertThat(sent.getFirst().lines())
                .hasSize(21)
                .startsWith("c32.test: " + "x".repeat(149) + "…")
                .endsWith("…: and 3 more");
    }

    /** It is away when one fails, and is told so by whatever it takes next. */
    @Test
    void anErrorThatNobodyTookIsInTheDigestAndNothingOlderIs() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "cart begins");
        tell("shop", Severity.INFO, "shop begins");
        pass(Duration.ofMinutes(10));
        status = 503;
        var process = digests(kept);
        look(process);
        pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> tell("cart", Severity.ERROR, "cart failed"))
                .isInstanceOf(NotDelivered.class);
        pass(Duration.ofMinutes(20));
        status = 200;
        sent.clear();

        look(process);
        look(process);

        assertThat(sent)
                .extracting(Sent::lines)
                .containsExactly(
                        List.of("shop.test: shop begins"),
                        List.of("cart.test: Not delivered at 2026-11-30T04:11:00Z: cart failed"));
        assertThat(sent).extracting(Sent::key).doesNotHaveDuplicates();
        tell("cart", Severity.ERROR, "cart failed again");
        assertThat(sent.getLast().lines()).as("told once").isEmpty();
    }

    @Test
    void whatWasMissedStandsBeforeWhatIsNewer() throws Exception {
        provider(Map.of("digest", "10m"));
        status = 503;
        assertThatThrownBy(() -> tell("cart", Severity.ERROR, "cart failed"))
                .isInstanceOf(NotDelivered.class);
        status = 200;
        sent.clear();
        pass(Duration.ofMinutes(1));
        tell("cart", Severity.INFO, "cart begins again");
        tell("shop", Severity.INFO, "shop begins");
        pass(Duration.ofMinutes(10));

        look();

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().text()).startsWith("What became of 2 canaries since");
        assertThat(sent.getFirst().lines())
                .containsExactly(
                        "cart.test: Not delivered at 2026-11-30T04:00:00Z: cart failed",
                        "cart.test: cart begins again (the last of 2 messages)",
                        "shop.test: shop begins");
    }

    @Test
    void aDigestOnItsWaySaysNothingOfOneThatFailedSince() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "cart begins");
        pass(Duration.ofMinutes(10));
        status = 503;
        look();
        status = 200;
        sent.clear();
        tell("cart", Severity.ERROR, "cart failed");

        look();
        pass(Duration.ofHours(1));
        look();

        assertThat(sent).extracting(Sent::text).containsExactly("cart failed");
    }

    /** The next process has another clock. */
    @Test
    void nothingIsLostWhereAClockGoesBack() throws Exception {
        provider(Map.of("digest", "1m"));
        pass(Duration.ofSeconds(5));
        tell("cart", Severity.INFO, "one");
        pass(Duration.ofMinutes(1));
        look();
        tell("cart", Severity.ERROR, "failed");
        sent.clear();
        now = Instant.parse("2026-11-30T04:00:03Z");

        tell("cart", Severity.INFO, "two");
        pass(Duration.ofMinutes(5));
        look();

        assertThat(sent).extracting(Sent::lines).containsExactly(List.of("cart.test: two"));
    }

    /** A request for each provider would keep the alerts of all waiting. */
    @Test
    void oneLookAtWhatIsKeptIsEnoughForAllProvidersThatHaveNothingToTell() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "one");
        var asked = new AtomicInteger();
        KeptRecords<AlertDeliveries> counting =
                new KeptRecords<>() {
                    @Override
                    public Optional<AlertDeliveries> get(CanaryKey key)
                            throws InterruptedException {
                        asked.incrementAndGet();
                        return kept.get(key);
                    }

                    @Override
                    public void put(CanaryKey key, AlertDeliveries value)
                            throws InterruptedException {
                        kept.put(key, value);
                    }

                    @Override
                    public Map<CanaryKey, AlertDeliveries> known() {
                        return kept.known();
                    }
                };

        look(digests(counting));
        assertThat(asked).as("not due yet").hasValue(1);
        pass(Duration.ofMinutes(10));
        look();
        tell("cart", Severity.ERROR, "failed");
        provider(Map.of());
        asked.set(0);
        look(digests(counting));

        assertThat(asked).as("nobody has a digest, and nothing waits").hasValue(0);
        assertThat(kept.known().values())
                .allSatisfy(each -> assertThat(each.getGathered()).isEmpty());
    }

    @Test
    void twoEntriesThatLeadToOneProviderCountAMessageOnce() throws Exception {
        provider(Map.of("digest", "1m"));
        var rules =
                List.of(
                        Map.of("name", "all", "providerRef", Map.of("name", "chat")),
                        Map.of("name", "too", "providerRef", Map.of("name", "chat")));
        uids.put(
                "cart",
                apply(ResourceWatch.CANARIES, "cart", Map.of("analysis", Map.of("alerts", rules))));
        tell("cart", Severity.INFO, "one");
        tell("cart", Severity.INFO, "two");
        pass(Duration.ofMinutes(1));

        look();

        assertThat(sent.getFirst().lines())
                .containsExactly("cart.test: two (the last of 2 messages)");
    }

    @Test
    void aDigestThatIsRefusedKeepsNothingNewFromBeingTold() throws Exception {
        provider(Map.of("digest", "10m"));
        tell("cart", Severity.INFO, "cart begins");
        pass(Duration.ofMinutes(10));
        status = 400;
        var process = digests(kept);
        look(process);
        tell("shop", Severity.INFO, "shop begins");
        pass(Duration.ofMinutes(10));
        look(process);
        pass(Duration.ofMinutes(10));
        look(process);
        tell("till", Severity.INFO, "till begins");
        status = 200;
        pass(Duration.ofMinutes(10));

        look(process);
        pass(Duration.ofMinutes(10));
        look(process);

        assertThat(sent)
                .extracting(Sent::lines)
                .containsExactly(
                        List.of("cart.test: cart begins"),
                        List.of("shop.test: shop begins", "cart.test: cart begins"),
                        List.of("shop.test: shop begins", "cart.test: cart begins"),
                        List.of("till.test: till begins", "…: and 2 more"));
        assertThat(sent.get(0).key()).isNotEqualTo(sent.get(1).key());
        assertThat(sent.get(1).key()).isEqualTo(sent.get(2).key());
        assertThat(sent.getLast().text()).startsWith("What became of 3 canaries since");
        assertThat(outcomes("slack", "retried")).isEqualTo(3);
        assertThat(outcomes("slack", "failed")).as("it is told after all").isZero();
    }

    @Test
    void aProviderThatIsGoneIsGivenUpOnce() throws Exception {
        provider(Map.of("digest", "1m"));
        tell("cart", Severity.INFO, "one");
        client.genericKubernetesResources(ResourceWatch.ALERT_PROVIDERS).inAnyNamespace().delete();
        await().until(() -> providers.get("test", "chat").isEmpty());
        pass(Duration.ofMinutes(1));

        look();
        pass(Duration.ofMinutes(10));
        look();

        assertThat(outcomes("none", "failed")).isEqualTo(1);
        assertThat(digests(kept).candidates()).isEmpty();
    }

    private double outcomes(String type, String outcome) {
        return metrics.counter("serinus.alerts", "provider", type, "outcome", outcome).count();
    }

    /** The digest is taken out of the manifest, or the provider goes and comes back. */
    @Test
    void whatWaitsIsToldAtOnceWhereThereIsNoDigestAnyMore() throws Exception {
        provider(Map.of("digest", "24h"));
        tell("cart", Severity.INFO, "one");
        look();
        assertThat(sent).isEmpty();
        provider(Map.of());

        look();

        assertThat(sent).hasSize(1);
    }

    @Test
    void whatAnotherProcessOwnsIsLeftToIt() throws Exception {
        provider(Map.of("digest", "1m"));
        tell("cart", Severity.INFO, "one");
        var theirs =
                new Digests(
                        "lab",
                        providers,
                        found(),
                        delivery(),
                        everybody(),
                        kept,
                        _ -> false,
                        () -> now,
                        metrics);
        pass(Duration.ofMinutes(1));

        assertThat(theirs.candidates()).isEmpty();
        assertThat(digests(kept).candidates())
                .containsExactly(new CanaryKey("lab", "test", "alertprovider:chat"));
    }

    @Test
    void aPagerWithADigestTellsWhatIsWrong() {
        provider(Map.of("type", "pagerduty", "digest", "10m"));

        assertThatThrownBy(() -> tell("cart", Severity.ERROR, "failed"))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("chat.test: spec.digest has to be left out");
    }
}
