package dev.serinus.bench.load;

import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Watcher, router, webhook and notifier without a cluster: they read and answer with the very
 * message loop and outbox that the services use, and do nothing in between.
 */
public final class PlayedEdges implements AutoCloseable {

    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Stopwatch stopwatch = new Stopwatch();
    private final Map<CanaryKey, PlayedCanary> canaries = new ConcurrentHashMap<>();
    private final KafkaOutbox watcher;
    private final KafkaOutbox router;
    private final KafkaOutbox webhook;
    private final Topic<CanaryKey, Change> changes;
    private final Topic<CanaryKey, MetricResult> metricResults;
    private final Topic<CanaryKey, WebhookResult> webhookResults;
    private final Topic<CanaryKey, RouterResult> routerResults;
    private final List<RecordLoop<?>> loops;

    public PlayedEdges(KafkaSettings kafka) {
        var topics = new Topics(kafka);
        changes = topics.changes(SerinusProcesses.CLUSTER);
        metricResults = topics.metricResults(SerinusProcesses.CLUSTER);
        webhookResults = topics.webhookResults(SerinusProcesses.CLUSTER);
        routerResults = topics.routerResults(SerinusProcesses.CLUSTER);
        watcher = new KafkaOutbox(kafka, "played-watcher");
        router = new KafkaOutbox(kafka, "played-router");
        webhook = new KafkaOutbox(kafka, "played-webhook");
        loops =
                List.of(
                        RecordLoop.start(
                                topics.routerCommands(SerinusProcesses.CLUSTER),
                                "played-router",
                                SerinusProcesses.CLUSTER,
                                kafka,
                                router,
                                this::route),
                        RecordLoop.start(
                                topics.metricQueries(SerinusProcesses.CLUSTER),
                                "played-watcher-queries",
                                SerinusProcesses.CLUSTER,
                                kafka,
                                watcher,
                                (key, query) -> tell(key, canary -> canary.measured(query))),
                        RecordLoop.start(
                                topics.announcements(SerinusProcesses.CLUSTER),
                                "played-watcher-announcements",
                                SerinusProcesses.CLUSTER,
                                kafka,
                                watcher,
                                (_, _) -> {}),
                        RecordLoop.start(
                                topics.webhookCalls(SerinusProcesses.CLUSTER),
                                "played-webhook",
                                SerinusProcesses.CLUSTER,
                                kafka,
                                webhook,
                                (key, call) -> tell(key, canary -> canary.called(call))),
                        RecordLoop.start(
                                topics.alerts(SerinusProcesses.CLUSTER),
                                "played-notifier",
                                SerinusProcesses.CLUSTER,
                                kafka,
                                webhook,
                                (_, _) -> {}));
    }

    public Stopwatch stopwatch() {
        return stopwatch;
    }

    /** A canary is created, and its primary made. */
    public void create(CanaryKey key, Duration interval) throws InterruptedException {
        canaries.put(key, new PlayedCanary(key, interval));
        tell(key, PlayedCanary::created);
    }

    /** Somebody releases a new version. */
    public void release(CanaryKey key) throws InterruptedException {
        tell(key, PlayedCanary::released);
    }

    private void route(CanaryKey key, RouterCommand command) throws InterruptedException {
        stopwatch.commanded(key, command, System.nanoTime());
        tell(key, canary -> canary.carriedOut(command));
    }

    /** One at a time for each canary: what is told must not be overtaken by what is told next. */
    private void tell(CanaryKey key, Function<PlayedCanary, List<EdgeFact>> facts)
            throws InterruptedException {
        PlayedCanary canary = canary(key);
        synchronized (canary) {
            for (EdgeFact fact : facts.apply(canary)) {
                stopwatch.told(key, fact.cause(), System.nanoTime());
                switch (fact) {
                    case EdgeFact.Changed(var value) -> watcher.send(changes, key, value);
                    case EdgeFact.Measured(var value) -> watcher.send(metricResults, key, value);
                    case EdgeFact.Called(var value) -> webhook.send(webhookResults, key, value);
                    case EdgeFact.Routed(var value) -> router.send(routerResults, key, value);
                }
            }
        }
    }

    private PlayedCanary canary(CanaryKey key) {
        @Nullable PlayedCanary canary = canaries.get(key);
        if (canary == null) {
            throw new IllegalStateException("analysis knows of " + key + ", which nobody created");
        }
        return canary;
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.close(GOODBYE));
        watcher.close();
        router.close();
        webhook.close();
    }
}
