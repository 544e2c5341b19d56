package dev.serinus.watcher;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KafkaIdentity;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.telemetry.LoopGauges;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;
import dev.serinus.watcher.metrics.MetricQueries;
import dev.serinus.watcher.metrics.MetricsServerCheck;
import dev.serinus.watcher.observe.AbsenceChecks;
import dev.serinus.watcher.observe.Heartbeats;
import dev.serinus.watcher.observe.Listing;
import dev.serinus.watcher.observe.MissingTemplates;
import dev.serinus.watcher.observe.Observer;
import dev.serinus.watcher.status.Announcements;
import dev.serinus.watcher.status.Notices;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;

/**
 * The watcher of one cluster: publishes changes, answers metric queries, writes announcements. It
 * publishes and answers once everything it watches was seen for the first time, and works on
 * through an API server or a broker that is away. Run one for each cluster.
 */
public final class WatcherService implements ServiceHealth, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatcherService.class);

    /** How often it is looked whether the first lists were read. */
    private static final Duration LOOK = Duration.ofMillis(20);

    /** How often it is told that they were not. */
    private static final Duration REMINDER = Duration.ofSeconds(30);

    private final Installation installation;
    private final KafkaSettings kafka;
    private final KubernetesClient client;
    private final WatcherConfig config;
    private final MeterRegistry meters;
    private final Claims claims;
    private final Cluster cluster;
    private final MissingTemplates missingTemplates;

    private @Nullable KafkaOutbox outbox;
    private @Nullable Observer observer;
    private @Nullable MetricQueries queries;
    private volatile @Nullable MetricsServerCheck metricsServer;
    private @Nullable Thread starting;
    private volatile @Nullable Thread beating;
    private volatile @Nullable RecordLoop<MetricQuery> queryLoop;
    private volatile @Nullable RecordLoop<Announcement> announcementLoop;

    public WatcherService(
            Installation installation,
            KafkaSettings kafka,
            KubernetesClient client,
            WatcherConfig config,
            MeterRegistry meters) {
        this.installation = installation;
        this.kafka = kafka;
        this.client = client;
        this.config = config;
        this.meters = meters;
        this.claims = new Claims(new Notices(client, InstantSource.system())::tell);
        this.cluster = new Cluster(client, installation, claims, config.secretChanges());
        this.missingTemplates = new MissingTemplates(cluster);
    }

    /** Begins, and returns at once. */
    public synchronized void start() {
        if (starting != null) {
            throw new IllegalStateException("the watcher was started before");
        }
        warnOfOtherNamespaces();
        String name = installation.cluster();
        var clock = InstantSource.system();
        var topics = new Topics(kafka);
        var out = new KafkaOutbox(kafka, Service.WATCHER.of(name));
        var observing =
                new Observer(
                        installation,
                        cluster,
                        new AbsenceChecks(client),
                        missingTemplates,
                        topics.changes(name),
                        out,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        clock,
                        meters);
        var answering =
                new MetricQueries(
                        installation,
                        cluster,
                        client,
                        topics.metricResults(name),
                        out,
                        new OutgoingClient(
                                config.guard(),
                                Proxies.of(config.environment()),
                                CallLimits.of(config.queriesAtOnce())
                                        .withRoomFor(config.largestAnswer())),
                        config.largestAnswer(),
                        config.backend(),
                        config.generationPatience(),
                        config.environment(),
                        Executors::newVirtualThreadPerTaskExecutor,
                        clock,
                        Thread::sleep,
                        meters);
        var announcing = new Announcements(cluster, client, clock, meters);
        outbox = out;
        observer = observing;
        queries = answering;
        var listing = new Listing(installation, cluster, topics.changes(name), out, clock);
        var heartbeats =
                new Heartbeats(
                        installation,
                        () -> cluster.unwatched().isEmpty(),
                        topics.changes(name),
                        out,
                        clock);
        FlaggerMetrics.register(installation, cluster, meters);
        meters.gauge("serinus.watcher.watches.down", cluster, it -> it.unwatched().size());
        starting =
                Thread.ofVirtual()
                        .name("watcher-start")
                        .start(
                                () -> {
                                    if (begin(listing)) {
                                        missingTemplates.open();
                                        observing.open();
                                        queryLoop =
                                                shown(
                                                        loop(topics, out, answering),
                                                        "metric-queries");
                                        announcementLoop =
                                                shown(
                                                        loop(topics, out, announcing),
                                                        "announcements");
                                        beating =
                                                Thread.ofVirtual()
                                                        .name("watcher-heartbeats")
                                                        .start(() -> beat(heartbeats));
                                        askForSecrets();
                                    }
                                });
    }

    /**
     * Looks from now on whether the installation's metrics server answers; once, after the start.
     */
    public synchronized void checkMetricsServer() {
        if (queries == null || metricsServer != null) {
            throw new IllegalStateException(
                    "the metrics server is looked at once, after the watcher was started");
        }
        metricsServer = queries.checkServer(installation, meters);
    }

    /** What that look found: that it does not answer, and why; null while it does. */
    public @Nullable String metricsTrouble() {
        var check = metricsServer;
        return check == null ? null : check.trouble();
    }

    private static void beat(Heartbeats heartbeats) {
        try {
            while (true) {
                Thread.sleep(heartbeats.tell());
            }
        } catch (InterruptedException _) {
            return; // closing
        }
    }

    private void askForSecrets() {
        try {
            while (config.secretChanges() == SecretChanges.ASKED) {
                Thread.sleep(config.secretInterval());
                cluster.configs().askForSecrets();
            }
        } catch (InterruptedException _) {
            return; // closing
        }
    }

    private void warnOfOtherNamespaces() {
        if (installation.namespace() == null && !installation.noCrossNamespaceRefs()) {
            LOG.atWarn()
                    .addKeyValue("cluster", installation.cluster())
                    .log(
                            "Canaries may use MetricTemplates of other namespaces, with the"
                                    + " credentials named there and variables of their own: set"
                                    + " SERINUS_NO_CROSS_NAMESPACE_REFS=true (or"
                                    + " --no-cross-namespace-refs) unless all namespaces trust each"
                                    + " other, or name who may use a template in its annotation"
                                    + " serinus.dev/allowed-namespaces");
        }
    }

    private <V> RecordLoop<V> shown(RecordLoop<V> loop, String records) {
        LoopGauges.bind(meters, loop, "watcher", records);
        return loop;
    }

    private RecordLoop<MetricQuery> loop(Topics topics, KafkaOutbox out, MetricQueries handler) {
        String name = installation.cluster();
        return RecordLoop.start(
                topics.metricQueries(name),
                Service.WATCHER.group(name, TopicKind.METRIC_QUERIES),
                name,
                kafka,
                out,
                handler);
    }

    private RecordLoop<Announcement> loop(Topics topics, KafkaOutbox out, Announcements handler) {
        String name = installation.cluster();
        return RecordLoop.start(
                topics.announcements(name),
                Service.WATCHER.group(name, TopicKind.ANNOUNCEMENTS),
                name,
                kafka,
                out,
                handler);
    }

    /**
     * Whose a Canary is can be told once Kafka is known, and what a watch lacks is evidence only
     * after its first list, so nothing is said before.
     */
    private boolean begin(Listing listing) {
        try {
            claims.settle(installation.cluster(), KafkaIdentity.of(kafka));
            cluster.start();
            awaitFirstLists();
            tell(listing);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void awaitFirstLists() throws InterruptedException {
        Duration untold = Duration.ZERO;
        while (!cluster.hasSynced()) {
            Thread.sleep(LOOK);
            untold = untold.plus(LOOK);
            if (untold.compareTo(REMINDER) >= 0) {
                untold = Duration.ZERO;
                LOG.atWarn()
                        .addKeyValue("cluster", installation.cluster())
                        .addKeyValue("resources", cluster.unread())
                        .log("waiting for the first list: is the API server there, may we list?");
            }
        }
        LOG.atInfo()
                .addKeyValue("cluster", installation.cluster())
                .addKeyValue("canaries", cluster.canaries().all().size())
                .log("everything watched was seen");
    }

    /** Without the list Canaries that went unseen stay known; that must not stop the others. */
    private void tell(Listing listing) throws InterruptedException {
        try {
            listing.tell();
        } catch (RuntimeException refused) {
            LOG.atError()
                    .addKeyValue("cluster", installation.cluster())
                    .addKeyValue("because", refused.toString())
                    .log("the list of Canaries cannot be told: those that went unseen stay known");
        }
    }

    /** False when a message loop has ended or hangs: starting the process again would help. */
    @Override
    public boolean alive() {
        var one = queryLoop;
        var other = announcementLoop;
        return (one == null || one.healthy()) && (other == null || other.healthy());
    }

    /** True once everything was seen, while all of it is watched and the message loops run. */
    @Override
    public boolean ready() {
        return announcementLoop != null && alive() && cluster.unwatched().isEmpty();
    }

    /** What it waits for before it is ready, for people. */
    @Override
    public String missing() {
        var unread = cluster.unread();
        if (!unread.isEmpty()) {
            return "not listed yet: " + String.join(", ", unread);
        }
        var unwatched = cluster.unwatched();
        return unwatched.isEmpty()
                ? "the message loops do not run"
                : "no watch stands on %s: is the API server there, does it still take our credentials?"
                        .formatted(String.join(", ", unwatched));
    }

    @Override
    public synchronized void close() {
        end(starting);
        end(beating);
        // First stop taking work, then what the work needs.
        closeAll(
                metricsServer,
                queryLoop,
                announcementLoop,
                observer,
                cluster,
                missingTemplates,
                queries,
                outbox);
    }

    private static void end(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void closeAll(@Nullable AutoCloseable... parts) {
        for (AutoCloseable part : parts) {
            if (part != null) {
                try {
                    part.close();
                } catch (Exception trouble) {
                    LOG.atWarn()
                            .addKeyValue("part", part.getClass().getSimpleName())
                            .addKeyValue("because", trouble.toString())
                            .log("could not be closed");
                }
            }
        }
    }
}
