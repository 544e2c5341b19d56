package dev.serinus.analysis.stream;

import static java.util.stream.Collectors.toSet;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.analysis.fleet.BrokerResponses;
import dev.serinus.analysis.fleet.HeardClusters;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.runtime.Backoff;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.Service;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The running Streams application: started once, closed once. */
public final class AnalysisStreams implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AnalysisStreams.class);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final Instance instance;
    private final Admin admin;
    private final Topology topology;
    private final TopologyChange change;
    private final KafkaStreams streams;
    private final ThreadRestarts restarts;
    private final Thread start;

    /** Why the group is not joined yet; empty where nothing is known to be in the way. */
    private volatile String trouble = "";

    private volatile boolean dead;

    public AnalysisStreams(
            KafkaSettings kafka,
            AnalysisConfig config,
            DecisionMetrics metrics,
            InstantSource time,
            HeardClusters heard) {
        var rules = rules(config, time);
        instance = Instance.in(config.stateDir());
        admin = Admin.create(StreamsSettings.client(kafka, config.applicationId() + "-topics"));
        Topics topics = new Topics(kafka);
        Clusters clusters =
                new BrokerClusters(
                        admin,
                        time,
                        cluster -> {
                            topics.expect(cluster);
                            return topics.tell(cluster, Service.ANALYSIS);
                        });
        SizeLimits limits = SizeLimits.of(kafka);
        topology =
                AnalysisTopology.of(
                        kafka,
                        clusters,
                        limits,
                        metrics,
                        time,
                        rules,
                        new HeardSilence(heard, time, rules.config()));
        var settings = StreamsSettings.of(kafka, config, instance.id(), clusters, limits);
        change =
                new TopologyChange(
                        admin,
                        config.applicationId(),
                        new StreamsConfig(settings)
                                .getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)
                                .shortValue());
        streams = new KafkaStreams(topology, settings, new SteadyClients(instance.id()));
        start = Thread.ofVirtual().name("analysis-start").unstarted(this::join);
        restarts = new ThreadRestarts(time);
        streams.setUncaughtExceptionHandler(restarts);
        streams.setStateListener(
                (now, before) ->
                        log.atInfo()
                                .addKeyValue("from", before)
                                .addKeyValue("to", now)
                                .log("streams changed state"));
    }

    private static FleetRulesSource rules(AnalysisConfig config, InstantSource time) {
        return new FleetRulesSource(
                FleetFile.following(config.fleetFile(), time), config.fleetFile() != null);
    }

    /** Returns at once, also while Kafka is away. */
    public void start() {
        start.start();
    }

    private void join() {
        var pause = new Backoff();
        try {
            while (!isJoined()) {
                pause.next();
            }
        } catch (InterruptedException closing) {
            log.atInfo().log("closed before the group was joined");
        }
    }

    /** False for what may heal: a broker that is away, a right that is missing, a full volume. */
    private boolean isJoined() throws InterruptedException {
        try {
            String now = TopologyChange.of(topology);
            if (!instance.joinedWith(now)) {
                change.prepare(topology, instance.id());
                instance.joinsWith(now);
            }
        } catch (ExecutionException | TimeoutException | RuntimeException refused) {
            trouble = "what this version keeps is not prepared: " + because(refused);
            log.atWarn()
                    .addKeyValue("because", because(refused))
                    .log("the changelogs of this version are not prepared yet, trying again");
            return false;
        }
        trouble = "";
        try {
            streams.start();
        } catch (RuntimeException | Error failed) { // it cannot be started twice
            trouble = "the stream threads did not start: " + because(failed);
            dead = true;
            log.atError().setCause(failed).log("the stream threads did not start");
        }
        return true;
    }

    private static String because(Throwable refused) {
        if (refused instanceof UncheckedIOException unusable) {
            return unusable.getMessage() + ": " + unusable.getCause();
        }
        Throwable cause = refused.getCause() == null ? refused : refused.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** What is missing before decisions are taken, in a sentence for people. */
    public String missing() {
        String found = trouble;
        return "no decisions are taken yet: " + (found.isEmpty() ? "Kafka is not joined" : found);
    }

    /** True while decisions are taken. */
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING && restarts.recovered();
    }

    /** False where Kafka has not answered for up to a minute, whatever state is left. */
    public boolean hearsKafka() {
        return BrokerResponses.come(streams.metrics().values());
    }

    /**
     * How many records of the inputs were not taken yet, of the partitions of this instance, as its
     * consumers knew last; empty while no decisions are taken, Kafka does not answer, or nothing is
     * known of one of them.
     */
    public OptionalLong behind() {
        if (!running() || !hearsKafka()) {
            return OptionalLong.empty();
        }
        return InputLag.of(
                streams.metrics().values(),
                streams.metadataForLocalThreads().stream()
                        .flatMap(thread -> thread.activeTasks().stream())
                        .flatMap(task -> task.topicPartitions().stream())
                        .collect(toSet()));
    }

    /** False once it will not run again in this process. */
    public boolean alive() {
        return !dead && !streams.state().hasCompletedShutdown();
    }

    /**
     * Stops after the decision at hand. The member does not leave its group: it is expected back
     * within the session time-out, and after that its canaries move to the others.
     */
    @Override
    public void close() {
        endStart();
        try {
            streams.close(GOODBYE);
        } finally {
            try {
                admin.close(Duration.ofSeconds(1));
            } finally {
                instance.close();
            }
        }
    }

    private void endStart() {
        start.interrupt();
        if (start.getState() == Thread.State.NEW) {
            return;
        }
        try {
            start.join(GOODBYE);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
