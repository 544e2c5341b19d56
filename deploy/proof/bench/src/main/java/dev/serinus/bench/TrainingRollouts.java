package dev.serinus.bench;

import dev.serinus.bench.cluster.Cluster;
import dev.serinus.bench.load.RolloutEnds;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.bench.process.TrainedProcess;
import dev.serinus.bench.process.TrainingSite;
import dev.serinus.schemas.topic.CanaryKey;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rollouts that processes are trained by: one with the five services, one with all in one. Each
 * goes through its steps to its promotion against an embedded API server and a Prometheus.
 */
public final class TrainingRollouts {

    private static final String CANARY = "trained";

    /**
     * A JVM that writes its cache as it ends takes some ten seconds, and more on a busy machine.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path data;
    private final Consumer<String> progress;

    /**
     * @param data a directory that may be filled
     * @param progress is told in a few words what is done next
     */
    public TrainingRollouts(Path data, Consumer<String> progress) {
        this.data = data;
        this.progress = progress;
    }

    /**
     * Starts the five services, plays a rollout and ends them.
     *
     * @throws IllegalStateException if the rollout is not promoted, or a service does not end
     */
    public void withServices(TrainingSite site, Broker broker) throws InterruptedException {
        progress.accept("a rollout with the five services ...");
        List<TrainedProcess> running = new ArrayList<>();
        try (var cluster = new Cluster()) {
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
                for (TrainedProcess each : running.reversed()) {
                    keep(each);
                }
            } finally {
                running.reversed().forEach(TrainedProcess::close);
            }
        }
    }

    /**
     * Starts the all-in-one, plays a rollout and ends it.
     *
     * @throws IllegalStateException if the rollout is not promoted, or it does not end
     */
    public void withAllInOne(TrainingSite site) throws InterruptedException {
        progress.accept("a rollout with all in one ...");
        try (var cluster = new Cluster();
                TrainedProcess all =
                        site.allInOne(cluster.kubeconfig(data), cluster.metricsServer())) {
            cluster.create(CANARY);
            cluster.awaitPrimary(CANARY, 0, PATIENCE);
            cluster.release(CANARY, 1);
            cluster.awaitPrimary(CANARY, 1, PATIENCE);
            keep(all);
        }
    }

    void keep(TrainedProcess process) throws InterruptedException {
        progress.accept("writing the cache of " + process.name() + " ...");
        process.end(PATIENCE);
    }
}
