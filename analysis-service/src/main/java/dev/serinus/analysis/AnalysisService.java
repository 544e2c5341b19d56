package dev.serinus.analysis;

import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.action.ActionTopic;
import dev.serinus.analysis.api.HubState;
import dev.serinus.analysis.api.OnRequest;
import dev.serinus.analysis.audit.AuditTopic;
import dev.serinus.analysis.fleet.Fleet;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.fleet.HeartbeatReader;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.analysis.stream.AnalysisStreams;
import dev.serinus.analysis.telemetry.ClusterGauges;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ServiceHealth;

import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The analysis service without a framework: what its own process, the all-in-one and the tests
 * start. It talks to Kafka and to nobody else, but to a collector of traces where one is named.
 */
public final class AnalysisService implements ServiceHealth, AutoCloseable {

    /** How long an answer to an action waits for its decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AnalysisStreams streams;
    private final Fleet fleet;
    private final HeartbeatReader heartbeats;
    private final ActionTopic topic;
    private final ActionDesk actions;
    private final AuditTopic audit;
    private final OnRequest onRequest;
    private final Traces traces;

    public AnalysisService(
            KafkaSettings kafka,
            AnalysisConfig config,
            InstantSource time,
            MeterRegistry registry) {
        this(kafka, config, time, registry, Traces.OFF);
    }

    /** The same with a trace of each rollout; they are closed with it. */
    public AnalysisService(
            KafkaSettings kafka,
            AnalysisConfig config,
            InstantSource time,
            MeterRegistry registry,
            Traces traces) {
        this.traces = traces;
        var metrics = new DecisionMetrics(registry, config.clusterLabel(), time, traces);
        fleet = new Fleet(kafka, config.history());
        audit = new AuditTopic(kafka);
        var heard = fleet.view().heard();
        var rules = FleetFile.following(config.fleetFile(), time);
        var silence =
                new ClusterGauges(
                        registry,
                        () -> heard.silent(time.instant(), rules.get().silentAfter()).isPresent());
        heartbeats =
                new HeartbeatReader(
                        kafka,
                        time,
                        heard,
                        () -> silence.show(heard.all(time.instant(), rules.get().silentAfter())));
        streams = new AnalysisStreams(kafka, config, metrics, time, heard);
        onRequest = OnRequest.of(kafka, audit, rules).with(this::state);
        topic = new ActionTopic(kafka);
        actions = new ActionDesk(fleet.view(), topic, time, PATIENCE, fleet::caughtUp);
    }

    /** Returns at once; {@link #ready} tells when decisions are taken. */
    public void start() {
        fleet.start();
        heartbeats.start();
        streams.start();
    }

    /** True while decisions are taken and the read API knows the fleet. */
    @Override
    public boolean ready() {
        return streams.running() && fleet.caughtUp();
    }

    /**
     * Unlike readiness without decisions while Kafka is away: what was read is served also then.
     */
    private HubState state() {
        boolean decides = ready() && streams.hearsKafka();
        String waitsFor = ready() ? "Kafka does not answer" : missing();
        return new HubState(decides, decides ? "" : waitsFor, streams.behind(), fleet.behind());
    }

    /** False when only a new process can help. */
    @Override
    public boolean alive() {
        return streams.alive();
    }

    @Override
    public String missing() {
        return streams.running()
                ? "the rollouts of the fleet were not read yet"
                : streams.missing();
    }

    /** The rollouts of all clusters, as the public topics tell them. */
    public FleetView fleet() {
        return fleet.view();
    }

    /** Takes what people ask for. */
    public ActionDesk actions() {
        return actions;
    }

    /** What is looked up in Kafka when somebody asks. */
    public OnRequest onRequest() {
        return onRequest;
    }

    @Override
    public void close() {
        // Each is closed, also where another cannot be: the last one named goes first.
        try (traces;
                fleet;
                heartbeats;
                streams;
                audit;
                topic) {
            // nothing but closing
        }
    }
}
