package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.topic.CanaryKey;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Several applications that are released at once, again and again, with a hook before each release
 * and a chat in which its end is told: counts what was done and told.
 */
final class TrialReleases implements AutoCloseable {

    private static final String NAMESPACE = "shop";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    final Cluster cluster = new Cluster();
    private final String installation;
    private final List<String> names;
    private final Path logs;
    private final List<Told> hooks = new CopyOnWriteArrayList<>();
    private final List<Told> chat = new CopyOnWriteArrayList<>();
    private final HttpServer outside;

    /**
     * A call or a message that came.
     *
     * @param key by which its receiver knows it again
     */
    private record Told(String key, String body) {}

    /**
     * @param installation the cluster's name
     * @param logs where to look when something does not come
     */
    TrialReleases(String installation, List<String> names, Path logs) {
        this.installation = installation;
        this.names = names;
        this.logs = logs;
        try {
            outside =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        outside.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        outside.createContext(
                "/",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    boolean isChat = exchange.getRequestURI().getPath().equals("/chat");
                    String key =
                            exchange.getRequestHeaders()
                                    .getFirst(isChat ? "Idempotency-Key" : "webhook-id");
                    (isChat ? chat : hooks).add(new Told(String.valueOf(key), body));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        outside.start();
    }

    /** The applications and their Canaries; returns when all are initialised. */
    void begin(History history) {
        String url = "http://127.0.0.1:" + outside.getAddress().getPort();
        cluster.apply(Manifests.namespace(NAMESPACE));
        cluster.apply(
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat, namespace: %s}
                spec: {type: slack, channel: releases, address: "%s/chat"}
                """
                        .formatted(NAMESPACE, url));
        String telling =
                """
                webhooks:
                - {name: smoke, type: pre-rollout, url: "%s/hook", timeout: 20s}
                alerts:
                - {name: chat, severity: info, providerRef: {name: chat}}
                """
                        .formatted(url);
        for (String name : names) {
            cluster.apply(Manifests.deployment(NAMESPACE, name, 1));
            cluster.apply(Manifests.canary(NAMESPACE, name, telling));
        }
        await(history, 0, "Initialized");
    }

    /** Releases all at once; returns when the first hook before a release is called. */
    void releaseUntilHook(long run) {
        int before = hooks.size();
        newImages(run);
        Awaitility.await("a hook in run " + run + "; logs are in " + logs)
                .atMost(PATIENCE)
                .until(() -> hooks.size() > before);
    }

    private void newImages(long run) {
        names.forEach(name -> cluster.image(NAMESPACE, name, "podinfo:" + run + ".5.0"));
    }

    /** Releases all at once; returns when one of them has got its first share. */
    void release(History history, long run) {
        newImages(run);
        Awaitility.await("a first share in run " + run + "; logs are in " + logs)
                .atMost(PATIENCE)
                .until(() -> names.stream().anyMatch(it -> has(history, it, run, "WeightShifted")));
    }

    /** Returns when this has happened to all of them. */
    void await(History history, long run, String type) {
        Awaitility.await(type + " in run " + run + "; logs are in " + logs)
                .atMost(PATIENCE)
                .until(() -> names.stream().allMatch(name -> has(history, name, run, type)));
    }

    /** All of so many runs were promoted, with every step and event once, and told once. */
    void assertPromoted(History history, int runs) {
        assertPromoted(history, runs, told -> told);
    }

    /**
     * The same where one was killed that calls or tells. What it had under way was said by another
     * once more, and each receiver knows it by its key: so counted, all was said once.
     */
    void assertPromotedThoughKilled(History history, int runs) {
        assertPromoted(history, runs, TrialReleases::once);
    }

    private static List<Told> once(List<Told> told) {
        Map<String, Told> first = new LinkedHashMap<>();
        told.forEach(each -> first.putIfAbsent(each.key(), each));
        assertThat(first).as("each has a key").doesNotContainKey("null");
        return List.copyOf(first.values());
    }

    private void assertPromoted(History history, int runs, UnaryOperator<List<Told>> counted) {
        for (String name : names) {
            for (long run = 1; run <= runs; run++) {
                assertWhole(of(history, name, run), "%s, run %d".formatted(name, run));
            }
            Awaitility.await(name + " is told of")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    counted.apply(
                                                            about(
                                                                    chat,
                                                                    name,
                                                                    "promotion finished")))
                                            .hasSize(runs));
            assertThat(counted.apply(about(hooks, name, ""))).as("hooks of " + name).hasSize(runs);
        }
    }

    /** No step wrote an object twice. */
    static void assertEachStepWroteOnce(Writes writes) {
        writes.steps()
                .forEach(
                        (object, steps) -> {
                            Set<String> seen = new HashSet<>();
                            assertThat(steps.stream().filter(step -> !step.equals("null")))
                                    .as("effective writes to %s: %s", object, steps)
                                    .allMatch(seen::add);
                        });
    }

    private static boolean has(List<RolloutEvent> events, String type) {
        return events.stream().anyMatch(event -> event.getType().equals(type));
    }

    private boolean has(History history, String name, long run, String type) {
        return has(of(history, name, run), type);
    }

    private List<RolloutEvent> of(History history, String name, long run) {
        return history.of(new CanaryKey(installation, NAMESPACE, name)).stream()
                .filter(event -> event.getRun() == run)
                .toList();
    }

    private static void assertWhole(List<RolloutEvent> events, String which) {
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).getSequence()).as(which).isEqualTo(i + 1);
        }
        assertThat(events)
                .as(which)
                .extracting(RolloutEvent::getType)
                .containsOnlyOnce("Promoted")
                .doesNotContain("RolledBack", "PromotionFailed");
        assertThat(
                        events.stream()
                                .filter(event -> event.getType().equals("WeightShifted"))
                                .map(RolloutEvent::getCanaryWeight)
                                .distinct())
                .as(which)
                .containsExactly(25, 50, 75);
    }

    private static List<Told> about(List<Told> told, String name, String what) {
        return told.stream()
                .filter(it -> it.body().contains(name) && it.body().contains(what))
                .toList();
    }

    @Override
    public void close() {
        outside.stop(0);
        cluster.close();
    }
}
