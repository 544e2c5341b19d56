package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderContext;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderSettings;
import dev.serinus.watcher.metrics.provider.ProviderSetup;
import dev.serinus.watcher.metrics.provider.Providers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

class SharedQuestionsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey BASKET = new CanaryKey("west", "shop", "basket");
    private static final CanaryKey BLOG = new CanaryKey("west", "press", "blog");
    private static final ProviderSettings SETTINGS =
            ProviderSettings.prometheus("http://prometheus:9090");

    private final DrivenTime time = new DrivenTime();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SharedQuestions questions = new SharedQuestions(time::now, time::sleep, meters);
    private final SlowProvider provider = new SlowProvider();

    /** A clock that the test moves; who sleeps wakes when it has come so far. */
    private static final class DrivenTime {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z"); // guarded by this
        private int sleeping; // guarded by this

        synchronized Instant now() {
            return now;
        }

        synchronized void sleep(Duration pause) throws InterruptedException {
            Instant end = now.plus(pause);
            sleeping++;
            notifyAll();
            try {
                while (now.isBefore(end)) {
                    wait();
                }
            } finally {
                sleeping--;
                notifyAll();
            }
        }

        synchronized void pass(Duration pause) {
            now = now.plus(pause);
            notifyAll();
        }

        synchronized void awaitSleeping(int count) throws InterruptedException {
            while (sleeping != count) {
                wait();
            }
        }
    }

    /** Answers how often it was asked, when it is let. */
    private static final class SlowProvider implements MetricsProvider {
        private final AtomicInteger asked = new AtomicInteger();
        private final BlockingQueue<CountDownLatch> waiting = new LinkedBlockingQueue<>();

        @Override
        public Answer ask(String query) throws InterruptedException {
            int which = asked.incrementAndGet();
            var turn = new CountDownLatch(1);
            waiting.add(turn);
            turn.await();
            return Answer.of(Instant.EPOCH, which);
        }

        @Override
        public Answer available() {
            return Answer.of(Instant.EPOCH, asked.incrementAndGet());
        }

        @Override
        public Optional<Answer> range(String query, Instant from, Instant to, Duration step) {
            return Optional.of(Answer.of(to, asked.incrementAndGet()));
        }

        /** The next that is being asked, to be let go on. */
        CountDownLatch next() throws InterruptedException {
            var turn = waiting.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(turn).as("a question under way").isNotNull();
            return turn == null ? new CountDownLatch(0) : turn;
        }
    }

    private static Future<Answer> start(ExecutorService threads, Callable<Answer> asking) {
        return threads.submit(asking);
    }

    private MetricsProvider step(CanaryKey canary) {
        return questions.fromNow().of(canary, SETTINGS, provider);
    }

    @Test
    void aRangeIsAskedOfTheProviderItself() throws Exception {
        Instant from = Instant.EPOCH;
        var answer =
                step(new CanaryKey("west", "test", "shop"))
                        .range("up", from, from.plusSeconds(60), Duration.ofSeconds(10));

        assertThat(answer).contains(Answer.of(from.plusSeconds(60), 1));
    }

    private static double value(Future<Answer> answer) throws Exception {
        return ((Answer.Samples) answer.get(SOON.toSeconds(), TimeUnit.SECONDS)).value();
    }

    private double shared() {
        return meters.counter("serinus.watcher.metric.questions", "how", "shared").count();
    }

    @Test
    void anAnswerThatBeganBeforeAStepAskedIsNotUsedForIt() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> step(CART).ask("up"));
            var turn = provider.next();

            var second = start(threads, () -> step(BASKET).ask("up"));
            time.awaitSleeping(1);
            turn.countDown();
            assertThat(value(first)).isEqualTo(1);
            time.pass(SharedQuestions.PACE);
            provider.next().countDown();

            assertThat(value(second)).isEqualTo(2);
            assertThat(shared()).isZero();
        }
    }

    @Test
    void stepsThatHadAskedBeforeItBeganShareAnAnswer() throws Exception {
        var cart = step(CART);
        var basket = step(BASKET);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> cart.ask("up"));
            var turn = provider.next();
            var second = start(threads, () -> basket.ask("up"));
            turn.countDown();

            assertThat(value(first)).isEqualTo(1);
            assertThat(value(second)).isEqualTo(1);
            assertThat(basket.ask("up")).as("also later").isEqualTo(first.get());
            assertThat(provider.asked).hasValue(1);
            assertThat(shared()).isEqualTo(2);
        }
    }

    @Test
    void allThatComeWithinASecondAreAnsweredByOne() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> step(CART).ask("up"));
            provider.next().countDown();
            assertThat(value(first)).isEqualTo(1);

            List<Future<Answer>> more = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                var asked = step(new CanaryKey("west", "shop", "canary-" + i));
                more.add(start(threads, () -> asked.ask("up")));
            }
            time.awaitSleeping(1);
            time.pass(SharedQuestions.PACE);
            provider.next().countDown();

            for (var each : more) {
                assertThat(value(each)).isEqualTo(2);
            }
        }
    }

    @Test
    void whatDiffersIsAskedAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var other = ProviderSettings.prometheus("http://prometheus:9091");
            List<Future<Answer>> all = new ArrayList<>();
            all.add(start(threads, () -> step(CART).ask("up")));
            all.add(start(threads, () -> step(CART).ask("down")));
            all.add(start(threads, () -> step(BLOG).ask("up")));
            all.add(start(threads, () -> questions.fromNow().of(CART, other, provider).ask("up")));
            for (int i = 0; i < all.size(); i++) {
                provider.next().countDown();
            }

            for (var each : all) {
                value(each);
            }
            assertThat(step(CART).available()).isInstanceOf(Answer.Samples.class);
            assertThat(provider.asked).hasValue(5);
        }
    }

    @Test
    void whoAsksAfterTheSecondNeedNotWait() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> step(CART).ask("up"));
            provider.next().countDown();
            assertThat(value(first)).isEqualTo(1);
            time.pass(SharedQuestions.PACE);

            var second = start(threads, () -> step(CART).ask("up"));
            provider.next().countDown();

            assertThat(value(second)).isEqualTo(2);
        }
    }

    @Test
    void aClockThatGoesBackKeepsNobodyLongerThanASecond() throws Exception {
        step(CART).available();
        time.pass(Duration.ofHours(-1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var later = start(threads, () -> step(CART).available());
            time.awaitSleeping(1);
            time.pass(SharedQuestions.PACE);

            assertThat(value(later)).isEqualTo(2);
        }
    }

    @Test
    void whatFailsFailsForAllThatWaitForIt() throws Exception {
        var asked = new AtomicInteger();
        var goOn = new CountDownLatch(1);
        MetricsProvider failing =
                new MetricsProvider() {
                    @Override
                    public Answer ask(String query) throws InterruptedException {
                        asked.incrementAndGet();
                        goOn.await();
                        throw new IllegalArgumentException("a header cannot be sent");
                    }

                    @Override
                    public Answer available() {
                        throw new UnsupportedOperationException();
                    }
                };
        var cart = questions.fromNow().of(CART, SETTINGS, failing);
        var basket = questions.fromNow().of(BASKET, SETTINGS, failing);
        List<RuntimeException> told = new ArrayList<>();
        Runnable follow =
                () -> {
                    try {
                        basket.ask("up");
                    } catch (RuntimeException failed) {
                        told.add(failed);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> cart.ask("up"));
            assertTimeoutPreemptively(
                    SOON,
                    () -> {
                        while (asked.get() == 0) {
                            Thread.onSpinWait();
                        }
                    });
            var second = Thread.ofVirtual().start(follow);
            assertTimeoutPreemptively(
                    SOON,
                    () -> {
                        while (second.getState() != Thread.State.WAITING) {
                            Thread.onSpinWait();
                        }
                    });
            goOn.countDown();

            assertThatThrownBy(() -> first.get(SOON.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertTimeoutPreemptively(SOON, () -> second.join());
            assertThat(told).singleElement().extracting(Throwable::getCause).isNotNull();
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void whenTheOneThatAsksGivesUpAnotherAsks() throws Exception {
        var cart = step(CART);
        var basket = step(BASKET);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = start(threads, () -> cart.ask("up"));
            provider.next();
            var second = start(threads, () -> basket.ask("up"));

            first.cancel(true);
            time.awaitSleeping(1);
            time.pass(SharedQuestions.PACE);
            provider.next().countDown();

            assertThat(value(second)).isEqualTo(2);
        }
    }

    /** The answer of one canary would be another's. */
    @Test
    void aKindThatTellsWhoAsksIsAskedByEach() {
        var none =
                new ProviderSettings(
                        "webhook",
                        "http://shop.example",
                        Map.of(),
                        Map.of(),
                        false,
                        false,
                        null,
                        "1m");
        ProviderHttp nobody =
                _ -> {
                    throw new ProviderHttp.NoReply("nobody is there");
                };
        try (KubernetesClient kubernetes = new KubernetesClientBuilder().build()) {
            var providers =
                    new Providers(
                                    Providers.ALL,
                                    (_, settings) ->
                                            new ProviderContext(
                                                    settings,
                                                    nobody,
                                                    nobody,
                                                    kubernetes,
                                                    _ -> true,
                                                    time::now,
                                                    time::sleep,
                                                    Map.of()))
                            .by(
                                    (_, _, _) -> {
                                        throw new AssertionError("it must not be shared");
                                    });

            assertThat(providers.provide(CART, none)).isInstanceOf(ProviderSetup.Ready.class);
        }
    }

    @Test
    void everyWayOfAskingIsShared() throws Exception {
        var shared = questions.fromNow().of(CART, SETTINGS, provider).getClass();

        for (Method way : MetricsProvider.class.getMethods()) {
            assertThat(shared.getMethod(way.getName(), way.getParameterTypes()).getDeclaringClass())
                    .as("a default of the interface would hide what the provider can: " + way)
                    .isEqualTo(shared);
        }
    }

    /** A real Prometheus's part: counts what it is asked. */
    private static final class CountingServer implements AutoCloseable {
        private final AtomicInteger requests = new AtomicInteger();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;

        CountingServer() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
            server.setExecutor(threads);
            server.createContext(
                    "/",
                    exchange -> {
                        requests.incrementAndGet();
                        byte[] body =
                                """
                                {"status": "success", "data": {"resultType": "vector",
                                 "result": [{"metric": {}, "value": [1772359200, "42"]}]}}
                                """
                                        .getBytes(UTF_8);
                        try (exchange) {
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                        }
                    });
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** Requests in an interval of ten seconds, in which 500 canaries ask one after the other. */
    private int requests(@Nullable SharedQuestions sharing) throws Exception {
        int canaries = 500;
        var limits = CallLimits.of(2000);
        try (KubernetesClient kubernetes = new KubernetesClientBuilder().build();
                var server = new CountingServer();
                var client = new OutgoingClient(new AddressGuard(false), Proxies.none(), limits);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var providers =
                    new Providers(
                            Providers.ALL,
                            (canary, settings) -> {
                                var http =
                                        new GuardedHttp(
                                                client,
                                                BackendsTest.unlimited(),
                                                null,
                                                canary,
                                                100_000);
                                return new ProviderContext(
                                        settings,
                                        http,
                                        http,
                                        kubernetes,
                                        _ -> true,
                                        time::now,
                                        time::sleep,
                                        Map.of());
                            });
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < canaries; i++) {
                var canary = new CanaryKey("west", "shop", "canary-" + i);
                var step = sharing == null ? providers : providers.by(sharing.fromNow());
                var setup = step.provide(canary, ProviderSettings.prometheus(server.address()));
                var provider = ((ProviderSetup.Ready) setup).provider();
                var asking = new CountDownLatch(1);
                answers.add(
                        start(
                                threads,
                                () -> {
                                    asking.countDown();
                                    return provider.ask("sum(rate(orders_total[1m]))");
                                }));
                asking.await();
                time.pass(Duration.ofMillis(20));
            }
            while (!answers.stream().allMatch(Future::isDone)) {
                time.pass(Duration.ofMillis(1));
                LockSupport.parkNanos(100_000); // let those who woke go on
            }
            for (var each : answers) {
                assertThat(value(each)).isEqualTo(42);
            }
            return server.requests.get();
        }
    }

    @Test
    void fiveHundredCanariesWithOneTemplateAskOncePerSecond() {
        assertTimeoutPreemptively(
                Duration.ofMinutes(2),
                () -> {
                    int without = requests(null);
                    int with = requests(questions);

                    System.out.printf(
                            "500 canaries, one template, an interval of 10 s: %d requests, shared"
                                    + " %d%n",
                            without, with);
                    assertThat(without).isEqualTo(500);
                    assertThat(with).isBetween(2, 12);
                });
    }
}
