package dev.serinus.dataplane.cluster;

import dev.serinus.demo.cluster.Behaviour;
import dev.serinus.demo.cluster.Pod;
import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The kubelet of the pods that are annotated {@code lab/ready: never}, which the test bed leaves
 * alone: each gets an address and a server there, and is ready once that listens. A pod that is
 * deleted answers a while longer, as one with a pause before its end does.
 */
public final class RunningPods implements AutoCloseable {

    /** As long as a preStop pause that is usual behind proxies. */
    private static final Duration PAUSE_BEFORE_END = Duration.ofSeconds(5);

    private static final int PORT = 9898;

    private final KubernetesClient client;
    private final Samples samples;
    private final SplittableRandom chance = new SplittableRandom(2026);
    private final Map<String, Pod> running = new HashMap<>();
    private int addresses;

    /** Everything happens on this one thread, so that nothing here needs a lock. */
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("kubelet").factory());

    private final SharedIndexInformer<io.fabric8.kubernetes.api.model.Pod> informer;

    public RunningPods(KubernetesClient client, Samples samples) {
        this.client = client;
        this.samples = samples;
        this.informer = client.pods().inAnyNamespace().inform(new Events());
    }

    private final class Events
            implements ResourceEventHandler<io.fabric8.kubernetes.api.model.Pod> {
        @Override
        public void onAdd(io.fabric8.kubernetes.api.model.Pod pod) {
            soon(() -> follow(pod));
        }

        @Override
        public void onUpdate(
                io.fabric8.kubernetes.api.model.Pod before,
                io.fabric8.kubernetes.api.model.Pod pod) {
            soon(() -> follow(pod));
        }

        @Override
        public void onDelete(io.fabric8.kubernetes.api.model.Pod pod, boolean unknown) {
            soon(() -> end(pod));
        }
    }

    private void soon(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closing) {
            // Nobody is served any more.
        }
    }

    private void follow(io.fabric8.kubernetes.api.model.Pod seen) {
        if (seen.getMetadata().getDeletionTimestamp() != null) {
            end(seen);
        } else if (seen.getSpec().getNodeName() != null
                && !running.containsKey(seen.getMetadata().getUid())) {
            begin(seen);
        }
    }

    private void begin(io.fabric8.kubernetes.api.model.Pod seen) {
        var metadata = seen.getMetadata();
        addresses++;
        String address = "10.244.%d.%d".formatted(addresses / 250, addresses % 250 + 1);
        var pod =
                new Pod(
                        metadata.getNamespace(),
                        metadata.getName(),
                        metadata.getLabels(),
                        Behaviour.of(seen.getSpec()),
                        chance.split(),
                        new InetSocketAddress(address, PORT));
        running.put(metadata.getUid(), pod);
        samples.add(pod.meter());
        try {
            var _ =
                    client.pods()
                            .inNamespace(metadata.getNamespace())
                            .withName(metadata.getName())
                            .editStatus(newest -> ready(newest, address));
        } catch (KubernetesClientException gone) {
            // Its end is on its way here.
        }
    }

    private static io.fabric8.kubernetes.api.model.Pod ready(
            io.fabric8.kubernetes.api.model.Pod pod, String address) {
        String now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        return pod.edit()
                .editOrNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .withStartTime(now)
                .withConditions(
                        Stream.of("PodScheduled", "Initialized", "ContainersReady", "Ready")
                                .map(
                                        type ->
                                                new PodConditionBuilder()
                                                        .withType(type)
                                                        .withStatus("True")
                                                        .withLastTransitionTime(now)
                                                        .build())
                                .toList())
                .endStatus()
                .build();
    }

    private void end(io.fabric8.kubernetes.api.model.Pod seen) {
        var pod = running.remove(seen.getMetadata().getUid());
        if (pod != null) {
            var _ =
                    thread.schedule(
                            () -> {
                                pod.close();
                                samples.remove(pod.meter(), Clock.systemUTC().instant());
                            },
                            PAUSE_BEFORE_END.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        informer.close();
        soon(() -> List.copyOf(running.values()).forEach(Pod::close));
        thread.shutdown();
    }
}
