package dev.serinus.bench.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The phases that the Canaries of a namespace show, by one watch: the same for whichever controller
 * writes them, and no work for the broker of the one that is measured.
 */
public final class CanaryPhases implements AutoCloseable {

    private static final ResourceDefinitionContext CANARIES =
            new ResourceDefinitionContext.Builder()
                    .withGroup("flagger.app")
                    .withVersion("v1beta1")
                    .withKind("Canary")
                    .withPlural("canaries")
                    .withNamespaced(true)
                    .build();

    private final Map<String, String> phases = new HashMap<>(); // guarded by this, as all below
    private int initialised;
    private int promoted;
    private String trouble = "";
    private final KubernetesClient client;
    private final SharedIndexInformer<GenericKubernetesResource> watch;

    /** The client is closed with this. */
    CanaryPhases(KubernetesClient client, String namespace) {
        this.client = client;
        watch =
                client.genericKubernetesResources(CANARIES)
                        .inNamespace(namespace)
                        .inform(new Events());
    }

    /** Returns once so many Canaries were initialised. */
    public void awaitInitialised(int count, Duration limit) throws InterruptedException {
        await(() -> initialised >= count, "initialised", () -> initialised, limit);
    }

    /** How many rollouts ended well so far. */
    public synchronized int promoted() {
        return promoted;
    }

    /** Returns once so many rollouts ended well. */
    public void awaitPromoted(int count, Duration limit) throws InterruptedException {
        await(() -> promoted >= count, "promoted", () -> promoted, limit);
    }

    private synchronized void seen(String name, @Nullable String phase) {
        if (phase == null || phase.equals(phases.put(name, phase))) {
            return;
        }
        switch (phase) {
            case "Initialized" -> initialised++;
            case "Succeeded" -> promoted++;
            case "Failed" -> trouble = name + " failed";
            default -> {
                return;
            }
        }
        notifyAll();
    }

    private synchronized void await(Ended ended, String what, Count soFar, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!ended.isSo() && trouble.isEmpty()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new IllegalStateException(
                        "not all %s within %d s, only %d"
                                .formatted(what, limit.toSeconds(), soFar.of()));
            }
            wait(left);
        }
        if (!trouble.isEmpty()) {
            throw new IllegalStateException(
                    "a rollout did not go as it was played, and figures would mean nothing: "
                            + trouble);
        }
    }

    @FunctionalInterface
    private interface Ended {
        boolean isSo();
    }

    @FunctionalInterface
    private interface Count {
        int of();
    }

    private final class Events implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource canary) {
            seen(canary.getMetadata().getName(), phase(canary));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource canary) {
            onAdd(canary);
        }

        @Override
        public void onDelete(GenericKubernetesResource canary, boolean finalStateUnknown) {
            // Nobody deletes one while figures are taken.
        }

        private static @Nullable String phase(GenericKubernetesResource canary) {
            return canary.getAdditionalProperties().get("status") instanceof Map<?, ?> status
                    ? Objects.toString(status.get("phase"), null)
                    : null;
        }
    }

    @Override
    public void close() {
        watch.close();
        client.close();
    }
}
