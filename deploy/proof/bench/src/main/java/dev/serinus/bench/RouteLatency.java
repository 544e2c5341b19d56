package dev.serinus.bench;

import dev.serinus.bench.apiserver.Answer;
import dev.serinus.bench.apiserver.RealCluster;
import dev.serinus.bench.apiserver.Request;
import dev.serinus.bench.apiserver.RequestCount;
import dev.serinus.bench.apiserver.RouteWrites;
import dev.serinus.bench.cluster.FinePrometheus;
import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Percentiles;
import dev.serinus.bench.load.RolloutEnds;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.CpuMeter;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.MeteredProcess;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.testbed.binaries.Binaries;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * From a metric's last answer to the route that is written on a real API server, with nothing
 * played: broker and services are processes, each with the rights of its own account.
 */
final class RouteLatency {

    private static final String COLD = "testbed: the first rollouts after the start";
    private static final String WARM = "testbed: rollouts on a real API server";
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As the built-in query for Istio names its workload. */
    private static final Pattern TARGET = Pattern.compile("destination_workload=~\"([^\"]+)\"");

    private final RealCluster cluster;
    private final RolloutEnds ends;
    private final Queue<Answer> answers;
    private final List<MeteredProcess> measured;
    private final List<String> canaries;
    private final BenchOptions options;
    private final Consumer<String> progress;
    private int version;

    private RouteLatency(
            RealCluster cluster,
            RolloutEnds ends,
            Queue<Answer> answers,
            List<MeteredProcess> measured,
            BenchOptions options,
            Consumer<String> progress) {
        this.cluster = cluster;
        this.ends = ends;
        this.answers = answers;
        this.measured = measured;
        this.canaries =
                IntStream.range(0, options.canaries()).mapToObj("app-%03d"::formatted).toList();
        this.options = options;
        this.progress = progress;
    }

    static List<Figure> measure(
            SerinusProcesses site, BenchOptions options, Path data, Consumer<String> progress)
            throws InterruptedException {
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        List<JavaProcess> running = new ArrayList<>();
        try (var cluster =
                        new RealCluster(
                                Binaries.find().orElseThrow(),
                                data.resolve("testbed"),
                                options.testbedInterval(),
                                List.of(RealCluster.Metric.SUCCESS_RATE));
                var provider = new FinePrometheus(query -> answers.add(answer(query)));
                var broker = site.broker()) {
            broker.provision(SerinusProcesses.CLUSTER);
            try (var ends = new RolloutEnds(broker.kafka())) {
                startServices(site, broker, cluster, provider.url(), running);
                List<MeteredProcess> measured = new ArrayList<>(running);
                measured.add(broker.process());
                measured.addAll(cluster.processes());
                return new RouteLatency(cluster, ends, answers, measured, options, progress)
                        .measure();
            } finally {
                running.reversed().forEach(JavaProcess::close);
            }
        }
    }

    private static Answer answer(String query) {
        var target = TARGET.matcher(query);
        if (!target.find()) {
            throw new IllegalStateException("a query that names no workload: " + query);
        }
        return new Answer(target.group(1), Instant.now());
    }

    private static void startServices(
            SerinusProcesses site,
            Broker broker,
            RealCluster cluster,
            String provider,
            List<JavaProcess> to)
            throws InterruptedException {
        for (String service : SerinusProcesses.SERVICES) {
            to.add(
                    service.equals("analysis")
                            ? site.analysis(broker)
                            : site.service(service, broker, cluster.kubeconfig(service), provider));
        }
    }

    private List<Figure> measure() throws InterruptedException {
        long began = System.nanoTime();
        cluster.createAll(canaries);
        ends.awaitInitialized(
                canaries.stream()
                        .map(
                                name ->
                                        new CanaryKey(
                                                SerinusProcesses.CLUSTER,
                                                cluster.namespace(),
                                                name))
                        .toList(),
                START);
        progress.accept(
                "  %d canaries initialised in %d s"
                        .formatted(canaries.size(), (System.nanoTime() - began) / 1_000_000_000));
        List<Figure> figures = new ArrayList<>(round(COLD));
        figures.addAll(round(WARM));
        return figures;
    }

    /** Releases all in the same moment, waits for their promotions, and tells what happened. */
    private List<Figure> round(String section) throws InterruptedException {
        version++;
        answers.clear();
        long before = ends.rollouts();
        var cpu = new CpuMeter(measured);
        Instant from = Instant.now();
        long began = System.nanoTime();
        cluster.releaseAll(canaries, version);
        ends.awaitRollouts(
                () -> before + canaries.size(),
                options.testbedInterval()
                        .multipliedBy(RealCluster.WEIGHTS.size() + 1)
                        .plus(PATIENCE));
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Request> requests = cluster.requests(from);
        progress.accept("  %d rollouts in %.0f s".formatted(canaries.size(), seconds));

        List<Figure> figures = new ArrayList<>(latency(section, requests));
        figures.add(new Figure(section, "all rollouts", seconds, "s", canaries.size()));
        figures.addAll(cpu.perRollout(section, canaries.size()));
        figures.addAll(RequestCount.figures(section, requests, canaries.size()));
        return figures;
    }

    private List<Figure> latency(String section, List<Request> requests) {
        var samples = RouteWrites.after(List.copyOf(answers), requests);
        int steps = canaries.size() * (RealCluster.WEIGHTS.size() - 1);
        if (samples.size() != steps) {
            throw new IllegalStateException(
                    "%d routes were written after an answer instead of %d, and figures would mean nothing"
                            .formatted(samples.size(), steps));
        }
        List<Figure> figures = new ArrayList<>();
        figures.addAll(
                percentiles(section, "last answer to written route", samples, s -> s.whole()));
        figures.addAll(
                percentiles(section, "  until the API server had it", samples, s -> s.serinus()));
        figures.addAll(percentiles(section, "  in the API server", samples, s -> s.apiServer()));
        return figures;
    }

    private static List<Figure> percentiles(
            String section,
            String name,
            List<RouteWrites.Sample> samples,
            Function<RouteWrites.Sample, Duration> which) {
        return Percentiles.of(samples.stream().map(which).map(Duration::toNanos).toList())
                .figures(section, name);
    }
}
