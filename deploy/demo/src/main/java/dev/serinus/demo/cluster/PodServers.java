package dev.serinus.demo.cluster;

import dev.serinus.demo.measure.PodMeter;
import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Gives each pod of a real cluster, whose kubelets are pretended, a server that answers for it:
 * there when the pod is, among the endpoints while it is ready and not being deleted.
 */
public final class PodServers implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final PodHosting hosting;
    private final Pods endpoints;
    private final Samples samples;
    private final SplittableRandom chance;
    private final Map<String, Pod> running = new HashMap<>();
    private final Map<String, Pod> serving = new HashMap<>();
    private final Set<String> answering = ConcurrentHashMap.newKeySet();
    private final Map<String, PodMeter> meters = new ConcurrentHashMap<>();

    /** Everything happens on this one thread, so that nothing here needs a lock. */
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("sandboxes").factory());

    private final SharedIndexInformer<io.fabric8.kubernetes.api.model.Pod> pods;

    /** For the pods of all namespaces, from now on. */
    public PodServers(
            KubernetesClient client,
            PodHosting hosting,
            Pods endpoints,
            Samples samples,
            SplittableRandom chance) {
        this.hosting = hosting;
        this.endpoints = endpoints;
        this.samples = samples;
        this.chance = chance;
        this.pods = client.pods().inAnyNamespace().inform(new Events());
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

    /** Names of the pods that answer, also of those that were deleted and are not at their end. */
    public Set<String> answering() {
        return Set.copyOf(answering);
    }

    /** How many requests such pods have answered, also those that have ended. */
    public long answered(Predicate<String> pods) {
        return meters.entrySet().stream()
                .filter(it -> pods.test(it.getKey()))
                .mapToLong(it -> it.getValue().answered())
                .sum();
    }

    private void soon(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closing) {
            // Nobody is served any more.
        }
    }

    private void after(Duration pause, Runnable work) {
        try {
            var _ = thread.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            // Nobody is served any more.
        }
    }

    private void follow(io.fabric8.kubernetes.api.model.Pod seen) {
        var metadata = seen.getMetadata();
        if (metadata.getDeletionTimestamp() != null) {
            end(seen);
            return;
        }
        if (!running.containsKey(metadata.getUid())) {
            begin(seen);
        }
        var pod = running.get(metadata.getUid());
        if (pod != null && isReady(seen) && serving.putIfAbsent(metadata.getUid(), pod) == null) {
            endpoints.add(metadata.getNamespace(), pod);
        }
    }

    private void begin(io.fabric8.kubernetes.api.model.Pod seen) {
        var place = hosting.place(seen);
        if (place.isEmpty()) {
            return;
        }
        var metadata = seen.getMetadata();
        var pod =
                new Pod(
                        metadata.getNamespace(),
                        metadata.getName(),
                        metadata.getLabels(),
                        Behaviour.of(seen.getSpec()),
                        chance.split(),
                        place.get());
        running.put(metadata.getUid(), pod);
        answering.add(pod.name());
        meters.put(pod.name(), pod.meter());
        samples.add(pod.meter());
        hosting.listening(pod, seen);
    }

    private static boolean isReady(io.fabric8.kubernetes.api.model.Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    // First out of the endpoints, then, when the requests in flight are answered, off.
    private void end(io.fabric8.kubernetes.api.model.Pod seen) {
        var metadata = seen.getMetadata();
        var served = serving.remove(metadata.getUid());
        if (served != null) {
            endpoints.remove(metadata.getNamespace(), served);
        }
        var pod = running.remove(metadata.getUid());
        if (pod != null) {
            after(hosting.pause(), () -> stop(pod));
        }
    }

    private void stop(Pod pod) {
        if (!hosting.mayEnd(pod)) {
            after(LOOK, () -> stop(pod));
            return;
        }
        pod.close();
        answering.remove(pod.name());
        samples.remove(pod.meter(), Clock.systemUTC().instant());
    }

    @Override
    public void close() {
        pods.close();
        soon(() -> List.copyOf(running.values()).forEach(Pod::close));
        thread.shutdown();
    }
}
