package dev.serinus.bench;

import dev.serinus.bench.cluster.Cluster;
import dev.serinus.bench.load.RolloutEnds;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.JavaProcess;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.schemas.topic.CanaryKey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One rollout with everything that can be started, of which each JVM keeps what it loaded, linked
 * and learnt: its ahead-of-time cache, with which it starts in a third of the time.
 */
final class Training {

    /** The processes that have a cache afterwards. */
    static final List<String> PROCESSES =
            Stream.of(
                            Stream.of(SerinusProcesses.BROKER),
                            SerinusProcesses.SERVICES.stream(),
                            Stream.of(SerinusProcesses.ALL_IN_ONE))
                    .flatMap(each -> each)
                    .toList();

    private static final String CANARY = "trained";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path data;
    private final Path caches;
    private final Consumer<String> progress;

    /**
     * @param data a directory that may be filled
     * @param caches where the caches are written
     */
    Training(Path data, Path caches, Consumer<String> progress) {
        this.data = data;
        this.caches = caches;
        this.progress = progress;
    }

    /** What was written before is replaced. */
    void run(SerinusProcesses untrained) throws InterruptedException {
        prepare();
        try (SerinusProcesses site = untrained.with(AotCaches.recorded(caches))) {
            services(site);
            allInOne(site);
        }
        for (String process : PROCESSES) {
            if (!Files.exists(AotCaches.file(caches, process))) {
                throw new IllegalStateException(
                        "%s ended in good order and left no cache in %s"
                                .formatted(process, caches));
            }
        }
    }

    private void prepare() {
        try {
            Files.createDirectories(caches);
            for (String process : PROCESSES) {
                Files.deleteIfExists(AotCaches.file(caches, process));
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException("no caches can be written to " + caches, cannot);
        }
    }

    private void services(SerinusProcesses site) throws InterruptedException {
        progress.accept("a rollout with the five services ...");
        List<JavaProcess> running = new ArrayList<>();
        try (var cluster = new Cluster();
                Broker broker = site.broker()) {
            try {
                broker.provision(SerinusProcesses.CLUSTER);
                Path kubeconfig = cluster.kubeconfig(data);
                for (String service : SerinusProcesses.SERVICES) {
                    running.add(site.service(service, broker, kubeconfig, cluster.metricsServer()));
                }
                try (var ends = new RolloutEnds(broker.kafka())) {
                    cluster.create(CANARY);
                    ends.awaitInitialized(
                            List.of(
                                    new CanaryKey(
                                            SerinusProcesses.CLUSTER, cluster.namespace(), CANARY)),
                            PATIENCE);
                    cluster.release(CANARY, 1);
                    ends.awaitRollouts(() -> 1, PATIENCE);
                }
                for (JavaProcess each : running.reversed()) {
                    keep(each);
                }
                keep(broker.process());
            } finally {
                running.reversed().forEach(JavaProcess::close);
            }
        }
    }

    private void allInOne(SerinusProcesses site) throws InterruptedException {
        progress.accept("a rollout with all in one ...");
        try (var cluster = new Cluster();
                JavaProcess all =
                        site.allInOne(cluster.kubeconfig(data), cluster.metricsServer())) {
            cluster.create(CANARY);
            cluster.awaitPrimary(CANARY, 0, PATIENCE);
            cluster.release(CANARY, 1);
            cluster.awaitPrimary(CANARY, 1, PATIENCE);
            keep(all);
        }
    }

    private void keep(JavaProcess process) throws InterruptedException {
        progress.accept("writing the cache of " + process.name() + " ...");
        process.end(PATIENCE);
    }
}
