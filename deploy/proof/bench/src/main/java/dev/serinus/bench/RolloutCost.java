package dev.serinus.bench;

import dev.serinus.bench.cluster.Cluster;
import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.load.RolloutEnds;
import dev.serinus.bench.process.CpuMeter;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.Memory;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.schemas.topic.CanaryKey;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a rollout costs in CPU with nothing played: the five services and the broker as processes,
 * against the embedded API server.
 */
final class RolloutCost {

    private static final String SECTION = "cpu: all five services, a cluster";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final RolloutEnds ends;
    private final List<String> canaries;
    private int version;

    private RolloutCost(Cluster cluster, RolloutEnds ends, int canaries) {
        this.cluster = cluster;
        this.ends = ends;
        this.canaries = IntStream.range(0, canaries).mapToObj(n -> "app-" + n).toList();
    }

    static List<Figure> measure(SerinusProcesses site, BenchOptions options, Path data)
            throws InterruptedException {
        List<JavaProcess> running = new ArrayList<>();
        try (var cluster = new Cluster();
                var broker = site.broker()) {
            running.add(broker.process());
            broker.provision(SerinusProcesses.CLUSTER);
            Path kubeconfig = cluster.kubeconfig(data);
            try (var ends = new RolloutEnds(broker.kafka())) {
                for (String service : SerinusProcesses.SERVICES) {
                    running.add(site.service(service, broker, kubeconfig, cluster.metricsServer()));
                }
                return new RolloutCost(cluster, ends, options.canariesOfCluster())
                        .measure(running, options);
            } finally {
                running.reversed().forEach(JavaProcess::close); // the broker last
            }
        }
    }

    private List<Figure> measure(List<JavaProcess> running, BenchOptions options)
            throws InterruptedException {
        canaries.forEach(cluster::create);
        ends.awaitInitialized(
                canaries.stream()
                        .map(
                                name ->
                                        new CanaryKey(
                                                SerinusProcesses.CLUSTER,
                                                cluster.namespace(),
                                                name))
                        .toList(),
                PATIENCE);
        round(); // warms everything up
        var cpu = new CpuMeter(running);
        long began = System.nanoTime();
        for (int i = 0; i < options.rounds(); i++) {
            round();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long rollouts = (long) options.rounds() * canaries.size();

        List<Figure> figures = new ArrayList<>(cpu.perRollout(SECTION, rollouts));
        figures.add(new Figure(SECTION, "rollouts", rollouts / seconds, "rollouts/s", rollouts));
        Thread.sleep(options.calm());
        var rest = new CpuMeter(running);
        Thread.sleep(options.calm().multipliedBy(2));
        figures.addAll(rest.perSecond(SECTION, "at rest"));
        for (JavaProcess each : running) {
            Memory memory = each.memory();
            figures.add(
                    new Figure(
                            SECTION,
                            each.name() + ", memory after it",
                            memory.resident(),
                            "MiB",
                            1));
        }
        return figures;
    }

    private void round() throws InterruptedException {
        long before = ends.rollouts();
        version++;
        canaries.forEach(name -> cluster.release(name, version));
        ends.awaitRollouts(() -> before + canaries.size(), PATIENCE);
    }
}
