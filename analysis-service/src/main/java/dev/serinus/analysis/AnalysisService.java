package dev.serinus.analysis;

import dev.serinus.analysis.fleet.Fleet;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.stream.AnalysisStreams;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ServiceHealth;

import io.micrometer.core.instrument.MeterRegistry;

import java.time.InstantSource;

/**
 * The analysis service without a framework: what its own process, the all-in-one and the tests
 * start. It talks to Kafka and to nobody else.
 */
public final class AnalysisService implements ServiceHealth, AutoCloseable {

    private final AnalysisStreams streams;
    private final Fleet fleet;

    public AnalysisService(
            KafkaSettings kafka,
            AnalysisConfig config,
            InstantSource time,
            MeterRegistry registry) {
        var metrics = new DecisionMetrics(registry, config.clusterLabel(), time);
        streams = new AnalysisStreams(kafka, config, metrics, time);
        fleet = new Fleet(kafka, config.history());
    }

    /** Returns at once; {@link #ready} tells when decisions are taken. */
    public void start() {
        fleet.start();
        streams.start();
    }

    /** True while decisions are taken and the read API knows the fleet. */
    @Override
    public boolean ready() {
        return streams.running() && fleet.caughtUp();
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
                : "no decisions are taken yet: Kafka is not joined";
    }

    /** The rollouts of all clusters, as the public topics tell them. */
    public FleetView fleet() {
        return fleet.view();
    }

    @Override
    public void close() {
        streams.close();
        fleet.close();
    }
}
