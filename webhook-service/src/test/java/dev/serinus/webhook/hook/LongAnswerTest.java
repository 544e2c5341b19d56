package dev.serinus.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Signer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Hooks that answer later, and hooks that are called in another way, at a real HTTP server. */
class LongAnswerTest {

    private static final Signer SIGNER = Signer.of("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    private static final String TOKEN = "Bearer s3cr3t-token";

    private record Told(int status, String body, Map<String, String> headers) {
        static Told of(int status) {
            return new Told(status, "", Map.of());
        }
    }

    /** Of whoever has heard of our preference. */
    private static Told later(String address) {
        return new Told(
                202, "", Map.of("Location", address, "Preference-Applied", "respond-async"));
    }

    private final Deque<Told> answers = new ArrayDeque<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private HttpServer server;
    private OutgoingClient outgoing;
    private Instant now = Instant.parse("2026-11-30T04:00:00Z");
    private Map<String, String> secret = Map.of();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + (body.isEmpty() ? "" : " with a body"));
                    Map<String, String> sent = new TreeMap<>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> sent.put(name, values.getFirst()));
                    headers.add(sent);
                    Told told = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
                    told.headers().forEach(exchange.getResponseHeaders()::set);
                    byte[] text = told.body().getBytes(UTF_8);
                    exchange.sendResponseHeaders(
                            told.status(), text.length == 0 ? -1 : text.length);
                    if (text.length > 0) {
                        exchange.getResponseBody().write(text);
                    }
                    exchange.close();
                });
        server.start();
        outgoing = new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
    }

    @AfterEach
    void stop() {
        outgoing.close();
        server.stop(0);
    }

    @Test
    void aHookThatSaysWhereIsAskedThereUntilItHasItsAnswer() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/results/17", "Retry-After", "7")));
        answers.add(Told.of(202));
        answers.add(new Told(202, "", Map.of("Retry-After", "600")));
        answers.add(new Told(500, "2 of 10 failed", Map.of()));

        Verdict verdict = call(hook("POST", "10m", Map.of()));

        assertThat(asked)
                .containsExactly(
                        "POST /load with a body",
                        "GET /results/17",
                        "GET /results/17",
                        "GET /results/17");
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(7), Duration.ofSeconds(2), Duration.ofSeconds(30));
        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.status()).isEqualTo(500);
        assertThat(headers.getFirst())
                .containsEntry("Prefer", "respond-async, wait=5")
                .containsEntry("Serinus-timeout", "600");
        assertThat(headers.getLast().get("Webhook-id"))
                .isEqualTo(headers.getFirst().get("Webhook-id"));
        assertThat(signedWithoutBody(headers.getLast())).isTrue();
    }

    @Test
    void aHookThatSaysWhenIsAskedTheSameAgain() throws Exception {
        answers.add(
                new Told(
                        202,
                        "",
                        Map.of("Retry-After", "3", "Preference-Applied", "respond-async")));
        answers.add(Told.of(204));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(asked).containsExactly("POST /load with a body", "POST /load with a body");
        assertThat(headers.getFirst().get("Webhook-id"))
                .isEqualTo(headers.getLast().get("Webhook-id"));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void aHookThatBeganAnewAndKnowsItsAddressNoMoreIsAskedTheSameAgain(int forgotten)
            throws Exception {
        answers.add(later("/results/17"));
        answers.add(Told.of(202));
        answers.add(Told.of(forgotten));
        answers.add(later("/results/18"));
        answers.add(Told.of(200));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(asked)
                .containsExactly(
                        "POST /load with a body",
                        "GET /results/17",
                        "GET /results/17",
                        "POST /load with a body",
                        "GET /results/18");
        assertThat(headers.get(3).get("Webhook-id")).isEqualTo(headers.get(0).get("Webhook-id"));
    }

    @Test
    void whoeverNeverKnowsItsAddressIsNotAskedForEver() throws Exception {
        for (int each = 0; each < 20; each++) {
            answers.add(later("/results/17"));
            // Every two seconds, for ten.
            answers.addAll(Collections.nCopies(5, Told.of(404)));
        }

        Verdict verdict = call(hook("POST", "10m", Map.of()));

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.status()).isEqualTo(404);
        assertThat(asked).hasSize(4 * (1 + 5));
    }

    @Test
    void anAddressMayAppearAMomentAfterItWasNamed() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/results/17")));
        answers.add(Told.of(404));
        answers.add(Told.of(200));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(asked)
                .containsExactly("POST /load with a body", "GET /results/17", "GET /results/17");
    }

    @Test
    void whoeverWaitsForSecondsAloneWaitsForTheAnswerItself() throws Exception {
        answers.add(Told.of(200));

        assertThat(call(hook("POST", "9s", Map.of())).passed()).isTrue();
        assertThat(headers.getFirst()).doesNotContainKey("Prefer");
    }

    @Test
    void acceptedByWhoeverHasNotHeardOfThisIsAnAnswerAsInFlagger() throws Exception {
        for (var headers :
                List.of(
                        Map.<String, String>of(),
                        Map.of("Retry-After", "3"),
                        Map.of("Location", "https://ci.example.com/jobs/17"))) {
            asked.clear();
            answers.clear();
            answers.add(new Told(202, "", headers));

            assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void whoeverIsNotAskedToAnswerLaterStartsAJobAsInFlagger() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));

        assertThat(call(hook("POST", "9s", Map.of())).passed()).isTrue();
        assertThat(asked).containsExactly("POST /load with a body");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 405})
    void anAddressThatIsNotForUsLeavesTheAnswerAsInFlagger(int refused) throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));
        answers.add(Told.of(refused));

        Verdict verdict = call(hook("POST", "1m", Map.of()));

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.status()).isEqualTo(202);
        assertThat(asked).containsExactly("POST /load with a body", "GET /jobs/17");
    }

    @Test
    void aJobIsNotStartedAgainWhereItsAddressIsNeverKnown() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));
        answers.add(Told.of(404));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(asked).hasSize(1 + 5).startsWith("POST /load with a body", "GET /jobs/17");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10s", "11s", ""})
    void soItIsWithinTheUsualTimeOut(String timeout) throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));
        answers.add(Told.of(404));

        Verdict verdict = call(hook("POST", timeout, Map.of()));

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.status()).isEqualTo(202);
        assertThat(asked).containsOnlyOnce("POST /load with a body");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void whoeverIsBusyIsAskedForTheAnswerAgain(int busy) throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));
        answers.add(Told.of(busy));
        answers.add(Told.of(200));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(asked).containsExactly("POST /load with a body", "GET /jobs/17", "GET /jobs/17");
    }

    @Test
    void anAddressThatIsBusyAllTheTimeLeavesTheAnswerAsInFlagger() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/jobs/17")));
        answers.add(Told.of(503));

        Verdict verdict = call(hook("POST", "1m", Map.of()));

        assertThat(verdict.passed()).isTrue();
        assertThat(asked).containsOnlyOnce("POST /load with a body");
    }

    @Test
    void aRefusalOfWhoeverAnswersLaterIsItsAnswer() throws Exception {
        answers.add(later("/results/17"));
        answers.add(Told.of(403));

        assertThat(call(hook("POST", "1m", Map.of())).status()).isEqualTo(403);
    }

    @Test
    void allOfItHasTheTimeOfOneAttempt() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/results/17", "Retry-After", "4")));

        Verdict verdict = call(hook("POST", "10s", Map.of()));

        assertThat(verdict.because())
                .isEqualTo(
                        "POST giving up after 1 attempt(s): its answer was not there within 10s,"
                                + " the timeout of the hook");
        assertThat(pauses)
                .as("the last question comes a second before the end")
                .containsExactly(
                        Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(1));
    }

    @Test
    void eachAttemptSaysForHowLongSomebodyWaitsInItAndInThoseThatMayFollow() throws Exception {
        answers.add(Told.of(503));
        Hook once = hook("POST", "10s", Map.of());

        call(
                new Hook(
                        once.name(),
                        once.type(),
                        once.url(),
                        once.timeout(),
                        2,
                        false,
                        Map.of(),
                        "POST",
                        Map.of("Serinus-Timeout", "1"),
                        "hooks"));

        // 10 s, and twice a pause of 30 s at most and 10 s more.
        assertThat(headers)
                .extracting(sent -> sent.get("Serinus-timeout"))
                .containsExactly("90", "50", "10");
    }

    @Test
    void anEventIsToldOnce() throws Exception {
        answers.add(new Told(202, "", Map.of("Location", "/results/17")));

        assertThat(call(hook("POST", "10s", Map.of()), HookType.EVENT).passed()).isTrue();
        assertThat(asked).hasSize(1);
        assertThat(headers.getFirst()).doesNotContainKey("Prefer");
    }

    @Test
    void methodAndHeadersAreTheManifestsAndItsSecrets() throws Exception {
        answers.add(later("/results/17"));
        answers.add(new Told(403, "no: " + TOKEN, Map.of()));
        secret = Map.of("authorization", TOKEN);

        Verdict verdict =
                call(hook("PATCH", "1m", Map.of("X-Team", "shop", "Authorization", "Bearer old")));

        assertThat(asked).containsExactly("PATCH /load with a body", "GET /results/17");
        assertThat(headers)
                .allSatisfy(
                        sent ->
                                assertThat(sent)
                                        .containsEntry("X-team", "shop")
                                        .containsEntry("Authorization", TOKEN));
        assertThat(verdict.because()).isEqualTo("no: [hidden]");
    }

    @Test
    void itsMethodIsNamedWhereItGivesUp() throws Exception {
        answers.add(Told.of(503));

        assertThat(call(hook("PATCH", "1m", Map.of())).because())
                .isEqualTo("PATCH giving up after 1 attempt(s): status 503");
    }

    @Test
    void aGetHasNoBody() throws Exception {
        answers.add(Told.of(200));

        assertThat(call(hook("GET", "1m", Map.of())).passed()).isTrue();
        assertThat(asked).containsExactly("GET /load");
        assertThat(headers.getFirst()).doesNotContainKey("Content-type");
        assertThat(signedWithoutBody(headers.getFirst())).isTrue();
    }

    @Test
    void whatCannotBeSentIsSaidWithoutItsValue() throws Exception {
        answers.add(Told.of(200));
        secret = Map.of("Authorization", "s3cr3t\nX: y");

        assertThat(call(hook("POST", "1m", Map.of())).because())
                .isEqualTo(
                        "spec.analysis.webhooks[0] has a header that cannot be sent:"
                                + " Authorization");
        assertThat(asked).isEmpty();
    }

    @Test
    void aSecretThatIsNotThereIsNamed() throws Exception {
        answers.add(Told.of(200));

        assertThat(call(hook("POST", "1m", Map.of())).passed()).isTrue();
        assertThat(call(with(hook("POST", "1m", Map.of()), "other")).because())
                .isEqualTo(
                        "spec.analysis.webhooks[0].secretRef: there is no Secret other in namespace"
                                + " test");
    }

    private static boolean signedWithoutBody(Map<String, String> sent) {
        String id = sent.getOrDefault("Webhook-id", "");
        String seconds = sent.getOrDefault("Webhook-timestamp", "");
        Instant at = Instant.ofEpochSecond(Long.parseLong(seconds));
        return SIGNER.headers(id, at, "")
                .containsValue(sent.getOrDefault("Webhook-signature", "none"));
    }

    private Verdict call(Hook hook) throws InterruptedException {
        return call(hook, HookType.ROLLOUT);
    }

    private Verdict call(Hook hook, HookType type) throws InterruptedException {
        WebhookCall call = Calls.of(type, "load").setStep(new StepId("uid", 1L, 7L, 1)).build();
        return new HookCaller(
                        outgoing,
                        SIGNER,
                        () -> now,
                        pause -> {
                            pauses.add(pause);
                            now = now.plus(pause);
                        },
                        ManifestLimits.DEFAULTS,
                        false,
                        (_, name) -> name.equals("hooks") ? Optional.of(secret) : Optional.empty())
                .call(hook, Calls.CANARY, call);
    }

    private Hook hook(String method, String timeout, Map<String, String> more) {
        return new Hook(
                "load",
                HookType.ROLLOUT,
                "http://127.0.0.1:" + server.getAddress().getPort() + "/load",
                timeout,
                0,
                false,
                Map.of(),
                method,
                more,
                "hooks");
    }

    private static Hook with(Hook hook, String secret) {
        return new Hook(
                hook.name(),
                hook.type(),
                hook.url(),
                hook.timeout(),
                hook.retries(),
                hook.disableTLS(),
                hook.metadata(),
                hook.method(),
                hook.headers(),
                secret);
    }
}
