package dev.serinus.trials.real;

import static org.awaitility.Awaitility.await;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.analysis.AnalysisService;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.notifier.NotifierConfig;
import dev.serinus.notifier.NotifierService;
import dev.serinus.router.RouterConfig;
import dev.serinus.router.RouterService;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.Provisioning;
import dev.serinus.schemas.topic.Service;
import dev.serinus.testbed.User;
import dev.serinus.watcher.WatcherConfig;
import dev.serinus.watcher.WatcherService;
import dev.serinus.watcher.cluster.SecretChanges;
import dev.serinus.webhook.WebhookConfig;
import dev.serinus.webhook.WebhookService;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The five services in this JVM, each under its own account. */
final class SeparateServices implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final KafkaSettings kafka;

    /** {@code accounts} makes a client for each user; it is closed with the service. */
    SeparateServices(
            Function<User, KubernetesClient> accounts, Installation installation, Path data)
            throws Exception {
        var broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
        running.push(broker);
        kafka = KafkaSettings.at(broker.bootstrapServers());
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            Provisioning.ensureTopics(admin, List.of(installation.cluster()), 3, (short) 1);
        }
        begin(accounts, _ -> kafka, installation, data);
    }

    /** Each service has settings of its own for a Kafka that is somebody else's. */
    SeparateServices(
            Function<User, KubernetesClient> accounts,
            Function<Service, KafkaSettings> kafka,
            Installation installation,
            Path data) {
        this.kafka = kafka.apply(Service.ANALYSIS);
        begin(accounts, kafka, installation, data);
    }

    private void begin(
            Function<User, KubernetesClient> accounts,
            Function<Service, KafkaSettings> kafka,
            Installation installation,
            Path data) {
        var meters = new SimpleMeterRegistry();
        var analysis =
                new AnalysisService(
                        kafka.apply(Service.ANALYSIS),
                        AnalysisConfig.in(data.resolve("analysis")),
                        InstantSource.system(),
                        meters);
        start(analysis, analysis::start, analysis::ready);
        var watcher =
                new WatcherService(
                        installation,
                        kafka.apply(Service.WATCHER),
                        client(accounts, User.WATCHER),
                        WatcherConfig.DEFAULTS.with(SecretChanges.ASKED, Duration.ofSeconds(1)),
                        meters);
        start(watcher, watcher::start, watcher::ready);
        var router =
                new RouterService(
                        installation,
                        kafka.apply(Service.ROUTER),
                        client(accounts, User.ROUTER),
                        RouterConfig.defaults(),
                        meters);
        start(router, router::start, router::ready);
        var webhook =
                new WebhookService(
                        installation,
                        kafka.apply(Service.WEBHOOK),
                        client(accounts, User.WEBHOOK),
                        WebhookConfig.defaults(),
                        meters);
        start(webhook, webhook::start, webhook::ready);
        var notifier =
                new NotifierService(
                        installation,
                        kafka.apply(Service.NOTIFIER),
                        client(accounts, User.NOTIFIER),
                        NotifierConfig.defaults(),
                        meters);
        start(notifier, notifier::start, notifier::ready);
    }

    /** What joins them. */
    KafkaSettings kafka() {
        return kafka;
    }

    private KubernetesClient client(Function<User, KubernetesClient> accounts, User user) {
        var client = accounts.apply(user);
        running.push(client);
        return client;
    }

    private void start(AutoCloseable service, Runnable start, BooleanSupplier ready) {
        running.push(service);
        start.run();
        await().atMost(Duration.ofMinutes(5)).until(ready::getAsBoolean);
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception trouble) {
                throw new IllegalStateException("a service does not end", trouble);
            }
        }
    }
}
