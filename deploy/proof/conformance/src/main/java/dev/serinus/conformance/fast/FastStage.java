package dev.serinus.conformance.fast;

import dev.serinus.conformance.cluster.SimulatedCluster;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.run.Player;
import dev.serinus.conformance.run.Stage;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Sink;
import dev.serinus.conformance.sink.Sinks;
import dev.serinus.conformance.time.Timeline;

import java.time.Instant;

/**
 * Plays each scenario with Serinus in a cluster of its own, in memory and on a clock of its own:
 * the same scenario takes the same course each time.
 */
public final class FastStage implements Stage {

    /** Nobody listens there: requests reach the sink without a network. */
    private static final SinkAddress SINK =
            new SinkAddress("http://127.0.0.1:23080", "https://127.0.0.1:23082");

    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final Library library;

    public FastStage(Library library) {
        this.library = library;
    }

    @Override
    public Recording play(String name) throws InterruptedException {
        Scenario scenario = library.scenario(name, SINK);
        var recorder = new Recorder();
        try (var timeline = new Timeline(START)) {
            var cluster = new SimulatedCluster(timeline, recorder::request);
            var world = new FastWorld(timeline, cluster, recorder, scenario);
            var sinks = new Sinks();
            sinks.add(name, new Sink(scenario, recorder, world::now));
            new Services(timeline, cluster, scenario, SINK, sinks).start();
            return new Player(scenario, world, recorder).play("serinus");
        }
    }

    @Override
    public int atOnce() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void close() {}
}
