package dev.serinus.bench.scale;

import dev.serinus.bench.apiserver.CanaryPhases;
import dev.serinus.bench.apiserver.RealCluster;
import dev.serinus.bench.apiserver.Request;
import dev.serinus.bench.apiserver.RequestCount;
import dev.serinus.bench.cluster.FinePrometheus;
import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Figure.Comparison;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.MeteredProcess;
import dev.serinus.testbed.binaries.Binaries;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What so many canaries cost: requests to the API server, CPU, memory and time. The all-in-one with
 * its broker is a process, the control plane is real, pods and Prometheus are pretended. The first
 * rollouts find a cold JVM.
 */
public final class ScaleCost {

    private static final String SECTION = "scale";
    private static final String COLD = "scale: all released at once, cold";
    private static final String WARM = "scale: all released at once, again";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Set<String> API_SERVER = Set.of("kube-apiserver", "etcd");

    /**
     * How much is measured.
     *
     * @param canaries 1 or more
     * @param interval of their analysis
     * @param calm what is waited until everything that follows an end is done
     * @param rest how long nothing happens while that is measured
     */
    public record Shape(int canaries, Duration interval, Duration calm, Duration rest) {}

    /** Starts all of Serinus with this kubeconfig and this Prometheus; ready when it returns. */
    @FunctionalInterface
    public interface Start {
        JavaProcess allInOne(Path kubeconfig, String metricsServer) throws InterruptedException;
    }

    private final RealCluster cluster;
    private final CanaryPhases phases;
    private final JavaProcess serinus;
    private final List<MeteredProcess> apiServer;
    private final Shape shape;
    private final Consumer<String> progress;
    private final List<String> canaries;
    private final List<Figure> figures = new ArrayList<>();

    private ScaleCost(
            RealCluster cluster,
            CanaryPhases phases,
            JavaProcess serinus,
            Shape shape,
            Consumer<String> progress) {
        this.cluster = cluster;
        this.phases = phases;
        this.serinus = serinus;
        this.apiServer =
                cluster.processes().stream()
                        .filter(each -> API_SERVER.contains(each.name()))
                        .toList();
        this.shape = shape;
        this.progress = progress;
        this.canaries =
                IntStream.range(0, shape.canaries()).mapToObj("app-%03d"::formatted).toList();
    }

    /**
     * Takes about four intervals for each of two rounds, twice the rest, and what the machine needs
     * to initialise the canaries.
     *
     * @throws IllegalStateException if a rollout does not go as it is played, or within ten minutes
     */
    public static List<Figure> measure(
            Start start, Shape shape, Path data, Consumer<String> progress)
            throws InterruptedException {
        try (var cluster =
                        new RealCluster(
                                Binaries.find().orElseThrow(),
                                data.resolve("scale"),
                                shape.interval(),
                                List.of(
                                        RealCluster.Metric.SUCCESS_RATE,
                                        RealCluster.Metric.DURATION));
                var provider = new FinePrometheus(_ -> {});
                var phases = cluster.phases();
                var serinus = start.allInOne(cluster.kubeconfig("serinus"), provider.url())) {
            return new ScaleCost(cluster, phases, serinus, shape, progress).measure();
        }
    }

    private List<Figure> measure() throws InterruptedException {
        Thread.sleep(shape.calm());
        initialise();
        atRest("at rest, before any rollout");
        round(COLD, 1, Flagger.CPU_COLD);
        round(WARM, 2, Flagger.CPU_WARM);
        atRest("at rest");
        var memory = serinus.memory();
        add(SECTION, "memory", memory.resident(), "MiB", 1, Flagger.MEMORY);
        figures.add(new Figure(SECTION, "memory, peak", memory.peak(), "MiB", 1));
        figures.add(new Figure(SECTION, "start-up", serinus.startUp().toMillis() / 1e3, "s", 1));
        return figures;
    }

    private void initialise() throws InterruptedException {
        var usage = new Usage();
        cluster.createAll(canaries);
        phases.awaitInitialised(canaries.size(), PATIENCE);
        double seconds = usage.seconds();
        progress.accept("  %d canaries initialised in %.0f s".formatted(canaries.size(), seconds));
        Thread.sleep(shape.calm());
        String section = "scale: new canaries";
        int n = canaries.size();
        add(section, "until all are initialised", seconds, "s", n, Flagger.INITIALISED);
        usage.tell(section, n);
        var requests = cluster.requests(usage.from);
        add(
                section,
                "API requests",
                (double) requests.size() / n,
                "/canary",
                requests.size(),
                Flagger.REQUESTS_PER_CANARY);
        figures.addAll(RequestCount.figures(section, requests, n, "/canary"));
    }

    private void round(String section, int version, Comparison cpu) throws InterruptedException {
        int before = phases.promoted();
        int n = canaries.size();
        var usage = new Usage();
        cluster.releaseAll(canaries, version);
        phases.awaitPromoted(
                before + n,
                shape.interval().multipliedBy(RealCluster.WEIGHTS.size() + 1).plus(PATIENCE));
        double seconds = usage.seconds();
        progress.accept("  %d rollouts in %.0f s".formatted(n, seconds));
        Thread.sleep(shape.calm());
        add(section, "all rollouts", seconds, "s", n, Flagger.ROLLOUTS);
        add(section, "CPU of Serinus", usage.serinus() / n, "ms/rollout", n, cpu);
        add(
                section,
                "CPU of API server and etcd",
                usage.apiServer() / n,
                "ms/rollout",
                n,
                Flagger.CPU_OF_API_SERVER);
        List<Request> requests = cluster.requests(usage.from);
        add(
                section,
                "API requests",
                (double) requests.size() / n,
                "/rollout",
                requests.size(),
                Flagger.REQUESTS_PER_ROLLOUT);
        figures.addAll(RequestCount.figures(section, requests, n));
    }

    private void atRest(String name) throws InterruptedException {
        Thread.sleep(shape.calm());
        var usage = new Usage();
        Thread.sleep(shape.rest());
        double seconds = usage.seconds();
        int requests = cluster.requests(usage.from).size();
        add(
                SECTION,
                name + ", API requests",
                60 * requests / seconds,
                "/min",
                requests,
                Flagger.REQUESTS_AT_REST);
        add(SECTION, name + ", CPU", usage.serinus() / seconds, "ms/s", 1, Flagger.CPU_AT_REST);
    }

    private void add(
            String section,
            String name,
            double value,
            String unit,
            long samples,
            Comparison beside) {
        figures.add(new Figure(section, name, value, unit, samples, beside));
    }

    /** What was used since it was made. */
    private final class Usage {

        private final Instant from = Instant.now();
        private final long began = System.nanoTime();
        private final double serinusBefore = milliseconds(serinus);
        private final double apiServerBefore = sum();

        double seconds() {
            return (System.nanoTime() - began) / 1e9;
        }

        /** Of CPU, in milliseconds. */
        double serinus() {
            return milliseconds(serinus) - serinusBefore;
        }

        /** Of CPU, in milliseconds, with etcd. */
        double apiServer() {
            return sum() - apiServerBefore;
        }

        void tell(String section, int n) {
            figures.add(new Figure(section, "CPU of Serinus", serinus() / n, "ms/canary", n));
            figures.add(
                    new Figure(
                            section,
                            "CPU of API server and etcd",
                            apiServer() / n,
                            "ms/canary",
                            n));
        }

        private double sum() {
            return apiServer.stream().mapToDouble(Usage::milliseconds).sum();
        }

        private static double milliseconds(MeteredProcess process) {
            return process.cpu().toNanos() / 1e6;
        }
    }
}
