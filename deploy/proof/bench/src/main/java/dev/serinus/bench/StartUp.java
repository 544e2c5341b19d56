package dev.serinus.bench;

import dev.serinus.bench.cluster.Cluster;
import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Percentiles;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.Memory;
import dev.serinus.bench.process.SerinusProcesses;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long each process takes to be ready, and what memory it needs while nothing happens. */
final class StartUp {

    private final String section;

    private final SerinusProcesses site;
    private final BenchOptions options;
    private final List<Figure> figures = new ArrayList<>();

    private StartUp(SerinusProcesses site, BenchOptions options, String how) {
        section = "start-up" + how;
        this.site = site;
        this.options = options;
    }

    /** {@code how} they start, after the section's name. */
    static List<Figure> measure(SerinusProcesses site, BenchOptions options, String how, Path data)
            throws InterruptedException {
        return new StartUp(site, options, how).measure(data);
    }

    private List<Figure> measure(Path data) throws InterruptedException {
        try (var cluster = new Cluster()) {
            Path kubeconfig = cluster.kubeconfig(data);
            several(SerinusProcesses.BROKER, () -> site.broker().process());
            try (Broker broker = site.broker()) {
                broker.provision(SerinusProcesses.CLUSTER);
                for (String service : SerinusProcesses.SERVICES) {
                    several(
                            service,
                            () ->
                                    site.service(
                                            service, broker, kubeconfig, cluster.metricsServer()));
                }
            }
            several(
                    SerinusProcesses.ALL_IN_ONE,
                    () -> site.allInOne(kubeconfig, cluster.metricsServer()));
        }
        return figures;
    }

    private interface Start {
        JavaProcess process() throws InterruptedException;
    }

    /** One after the other, so that none takes the others' CPU. */
    private void several(String name, Start start) throws InterruptedException {
        List<Long> times = new ArrayList<>();
        for (int i = 1; i <= options.starts(); i++) {
            try (JavaProcess process = start.process()) {
                times.add(process.startUp().toNanos());
                if (i == options.starts()) {
                    Thread.sleep(options.calm());
                    tell(name, Percentiles.of(times), process.memory());
                }
            }
        }
    }

    private void tell(String name, Percentiles times, Memory memory) {
        int n = times.samples();
        figures.add(
                new Figure(section, name + ", ready, p50", times.at(50).toNanos() / 1e9, "s", n));
        figures.add(
                new Figure(section, name + ", ready, max", times.at(100).toNanos() / 1e9, "s", n));
        figures.add(new Figure(section, name + ", memory at rest", memory.resident(), "MiB", 1));
        figures.add(new Figure(section, name + ", memory peak", memory.peak(), "MiB", 1));
    }
}
