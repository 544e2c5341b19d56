package dev.serinus.bench;

import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Percentiles;
import dev.serinus.bench.load.LastNeededFact;
import dev.serinus.bench.load.PlayedEdges;
import dev.serinus.bench.load.RolloutEnds;
import dev.serinus.bench.load.RolloutShape;
import dev.serinus.bench.load.Stopwatch.Sample;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.CpuMeter;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.Memory;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * From the last answer a decision needed to the command in the router's hands, with analysis and
 * broker as processes of their own and the edges played here.
 */
final class Latency {

    private static final String PACED = "latency: rollouts spread over one interval";
    private static final String BURST = "latency: all released in the same moment";
    private static final String SATURATED = "throughput: as many as possible";
    private static final String REST = "at rest after it";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final BenchOptions options;
    private final Broker broker;
    private final JavaProcess analysis;
    private final PlayedEdges edges;
    private final RolloutEnds ends;
    private final List<Figure> figures = new ArrayList<>();

    private Latency(
            BenchOptions options,
            Broker broker,
            JavaProcess analysis,
            PlayedEdges edges,
            RolloutEnds ends) {
        this.options = options;
        this.broker = broker;
        this.analysis = analysis;
        this.edges = edges;
        this.ends = ends;
    }

    static List<Figure> measure(SerinusProcesses site, BenchOptions options)
            throws InterruptedException {
        try (var broker = site.broker()) {
            broker.provision(SerinusProcesses.CLUSTER);
            try (var analysis = site.analysis(broker);
                    var edges = new PlayedEdges(broker.kafka());
                    var ends = new RolloutEnds(broker.kafka())) {
                var latency = new Latency(options, broker, analysis, edges, ends);
                latency.run();
                return latency.figures;
            }
        }
    }

    private void run() throws InterruptedException {
        List<CanaryKey> fast = create("fast", Duration.ofMillis(1));
        saturate(fast); // warms everything up
        edges.stopwatch().take();
        measureSaturated(fast);

        List<CanaryKey> paced = create("paced", options.interval());
        edges.stopwatch().take();
        var cpu = new CpuMeter(List.of(analysis, broker.process()));
        long began = System.nanoTime();
        long commands = edges.stopwatch().commands();
        for (int round = 0; round < options.rounds(); round++) {
            round(paced, options.interval().dividedBy(paced.size()));
        }
        long rollouts = (long) options.rounds() * paced.size();
        tellLatency(PACED, edges.stopwatch().take());
        tellRates(PACED, rollouts, edges.stopwatch().commands() - commands, began);
        figures.addAll(cpu.perRollout(PACED, rollouts));

        round(paced, Duration.ZERO);
        tellLatency(BURST, edges.stopwatch().take());
        rest();
    }

    private List<CanaryKey> create(String name, Duration interval) throws InterruptedException {
        List<CanaryKey> canaries =
                IntStream.range(0, options.canaries())
                        .mapToObj(
                                n ->
                                        new CanaryKey(
                                                SerinusProcesses.CLUSTER, "bench", name + "-" + n))
                        .toList();
        for (CanaryKey canary : canaries) {
            edges.create(canary, interval);
        }
        ends.awaitInitialized(canaries, PATIENCE);
        return canaries;
    }

    /** Releases each canary once and waits for the end of all rollouts. */
    private void round(List<CanaryKey> canaries, Duration spacing) throws InterruptedException {
        long before = ends.rollouts();
        long began = System.nanoTime();
        for (int i = 0; i < canaries.size(); i++) {
            long due = began + spacing.toNanos() * i;
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            CanaryKey canary = canaries.get(i);
            // The acknowledgement of one release must not hold up the next.
            Thread.ofVirtual().start(() -> release(canary));
        }
        ends.awaitRollouts(
                () -> before + canaries.size(),
                options.interval().multipliedBy(RolloutShape.INTERVALS + 1).plus(PATIENCE));
    }

    /** Releases each canary again as soon as it was promoted, for a while; the last ones end. */
    private void saturate(List<CanaryKey> canaries) throws InterruptedException {
        long end = System.nanoTime() + options.saturation().toNanos();
        long before = ends.rollouts();
        var started = new AtomicLong(canaries.size());
        ends.onPromoted(
                canary -> {
                    if (System.nanoTime() < end) {
                        started.incrementAndGet();
                        Thread.ofVirtual().start(() -> release(canary));
                    }
                });
        canaries.forEach(canary -> Thread.ofVirtual().start(() -> release(canary)));
        Thread.sleep(options.saturation());
        ends.onPromoted(_ -> {});
        ends.awaitRollouts(() -> before + started.get(), PATIENCE);
    }

    private void release(CanaryKey canary) {
        try {
            edges.release(canary);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void measureSaturated(List<CanaryKey> canaries) throws InterruptedException {
        var cpu = new CpuMeter(List.of(analysis, broker.process()));
        long began = System.nanoTime();
        long rollouts = ends.rollouts();
        long commands = edges.stopwatch().commands();
        saturate(canaries);
        long ended = ends.rollouts() - rollouts;
        tellRates(SATURATED, ended, edges.stopwatch().commands() - commands, began);
        tellLatency(SATURATED, edges.stopwatch().take());
        figures.addAll(cpu.perRollout(SATURATED, ended));
    }

    private void tellLatency(String section, List<Sample> samples) {
        figures.addAll(
                Percentiles.of(nanos(samples, _ -> true))
                        .figures(section, "last answer to router command"));
        for (LastNeededFact cause : LastNeededFact.values()) {
            List<Long> some = nanos(samples, sample -> sample.cause() == cause);
            if (!some.isEmpty()) {
                var times = Percentiles.of(some);
                figures.add(
                        new Figure(
                                section,
                                "  of these after a " + cause.text() + ", p50",
                                times.at(50).toNanos() / 1e6,
                                "ms",
                                times.samples()));
            }
        }
    }

    private static List<Long> nanos(List<Sample> samples, Predicate<Sample> which) {
        return samples.stream().filter(which).map(Sample::nanos).toList();
    }

    private void tellRates(String section, long rollouts, long commands, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        figures.add(new Figure(section, "rollouts", rollouts / seconds, "rollouts/s", rollouts));
        figures.add(
                new Figure(section, "router commands", commands / seconds, "commands/s", commands));
    }

    private void rest() throws InterruptedException {
        Thread.sleep(options.calm());
        var cpu = new CpuMeter(List.of(analysis, broker.process()));
        Thread.sleep(options.calm().multipliedBy(2));
        figures.addAll(cpu.perSecond(REST, "at rest"));
        for (JavaProcess each : List.of(analysis, broker.process())) {
            Memory memory = each.memory();
            figures.add(new Figure(REST, each.name() + ", memory", memory.resident(), "MiB", 1));
            figures.add(new Figure(REST, each.name() + ", memory peak", memory.peak(), "MiB", 1));
        }
    }
}
