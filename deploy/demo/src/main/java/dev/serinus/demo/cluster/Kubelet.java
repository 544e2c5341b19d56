package dev.serinus.demo.cluster;

import static java.util.Objects.requireNonNullElse;

import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Stands for the Deployment controller, the scheduler and the kubelet at once: runs the pods that
 * each Deployment asks for, as real HTTP servers, and reports in its status how far they are.
 */
public final class Kubelet implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Kubelet.class);

    private final KubernetesClient client;
    private final Pods endpoints;
    private final Samples samples;
    private final Duration startup;
    private final SplittableRandom chance;
    private final Map<String, RunningPods> running = new HashMap<>();
    private final SharedIndexInformer<Deployment> deployments;

    /** Everything happens on this one thread, so that nothing here needs a lock. */
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("kubelet").factory());

    private Kubelet(
            KubernetesClient client,
            Pods endpoints,
            Samples samples,
            Duration startup,
            SplittableRandom chance) {
        this.client = client;
        this.endpoints = endpoints;
        this.samples = samples;
        this.startup = startup;
        this.chance = chance;
        this.deployments =
                client.apps()
                        .deployments()
                        .inAnyNamespace()
                        .inform(
                                new ResourceEventHandler<>() {
                                    @Override
                                    public void onAdd(Deployment added) {
                                        soon(() -> reconcile(added));
                                    }

                                    @Override
                                    public void onUpdate(Deployment before, Deployment after) {
                                        soon(() -> reconcile(after));
                                    }

                                    @Override
                                    public void onDelete(Deployment gone, boolean unknown) {
                                        soon(() -> pods(gone).stopAll());
                                    }
                                });
    }

    /**
     * Runs what this cluster's Deployments ask for; a pod takes {@code startup} to become ready.
     */
    public static Kubelet start(
            KubernetesClient client,
            Pods endpoints,
            Samples samples,
            Duration startup,
            SplittableRandom chance) {
        return new Kubelet(client, endpoints, samples, startup, chance);
    }

    private void soon(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closing) {
            log.atDebug().log("kubelet is closing");
        }
    }

    private void reconcile(Deployment seen) {
        try {
            var resource = client.resource(seen);
            Deployment now = resource.get();
            if (now == null) {
                return;
            }
            int wanted = requireNonNullElse(now.getSpec().getReplicas(), 1);
            var count =
                    pods(now)
                            .reconcile(
                                    now.getSpec().getTemplate(),
                                    wanted,
                                    startup,
                                    () -> soon(() -> reconcile(now)));
            report(now, wanted, count);
        } catch (KubernetesClientException difficult) {
            log.atInfo()
                    .addKeyValue("deployment", seen.getMetadata().getName())
                    .addKeyValue("because", difficult.getMessage())
                    .log("deployment is looked at again");
            var _ = thread.schedule(() -> reconcile(seen), 200, TimeUnit.MILLISECONDS);
        }
    }

    private void report(Deployment now, int wanted, RunningPods.Count count) {
        DeploymentStatus status = status(now, wanted, count);
        if (!status.equals(now.getStatus())) {
            now.setStatus(status);
            client.resource(now).updateStatus();
        }
    }

    private static DeploymentStatus status(Deployment now, int wanted, RunningPods.Count count) {
        boolean available = count.available() >= wanted;
        boolean complete = available && count.all() == wanted;
        return new DeploymentStatusBuilder()
                .withObservedGeneration(now.getMetadata().getGeneration())
                .withReplicas(count.all())
                .withUpdatedReplicas(count.updated())
                .withReadyReplicas(count.available())
                .withAvailableReplicas(count.available())
                .withUnavailableReplicas(Math.max(0, wanted - count.available()))
                .addToConditions(
                        condition(
                                now,
                                "Available",
                                available ? "True" : "False",
                                available
                                        ? "MinimumReplicasAvailable"
                                        : "MinimumReplicasUnavailable"))
                .addToConditions(
                        condition(
                                now,
                                "Progressing",
                                "True",
                                complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"))
                .build();
    }

    // The times change only with what the condition says.
    private static DeploymentCondition condition(
            Deployment now, String type, String status, String reason) {
        if (now.getStatus() != null) {
            for (DeploymentCondition before : now.getStatus().getConditions()) {
                if (before.getType().equals(type)
                        && before.getStatus().equals(status)
                        && before.getReason().equals(reason)) {
                    return before;
                }
            }
        }
        String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withLastUpdateTime(at)
                .withLastTransitionTime(at)
                .build();
    }

    private RunningPods pods(Deployment deployment) {
        var metadata = deployment.getMetadata();
        return running.computeIfAbsent(
                metadata.getNamespace() + "/" + metadata.getName(),
                _ ->
                        new RunningPods(
                                metadata.getNamespace(),
                                metadata.getName(),
                                endpoints,
                                samples,
                                thread,
                                chance.split()));
    }

    @Override
    public void close() {
        deployments.close();
        soon(() -> running.values().forEach(RunningPods::close));
        thread.shutdown();
    }
}
