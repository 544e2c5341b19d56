package dev.serinus.router.canary;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.cluster.ResourceWatch.Listener;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/** The Canaries of the cluster, kept current by one watch. */
public final class Canaries implements AutoCloseable {

    private final ResourceWatch<Reading<Canary>> watch;

    public Canaries(KubernetesClient client, @Nullable String namespace) {
        this.watch = ResourceWatch.of(client, ResourceWatch.CANARIES, namespace, Canaries::trimmed);
    }

    /** Tells of each change; add listeners before {@link #start}. */
    public void onChange(Listener<Reading<Canary>> listener) {
        watch.onChange(listener);
    }

    public void start() {
        watch.start();
    }

    public boolean hasSynced() {
        return watch.hasSynced();
    }

    /** The Canary as last seen; empty when there is none. */
    public Optional<Reading<Canary>> get(String namespace, String name) {
        return watch.get(namespace, name).map(seen -> seen.value());
    }

    /** Waits for this Canary at this generation or a newer one. */
    public Optional<Reading<Canary>> await(
            String namespace, String name, String uid, long generation, Duration patience)
            throws InterruptedException {
        return watch.awaitGeneration(namespace, name, uid, generation, patience)
                .map(seen -> seen.value());
    }

    @Override
    public void close() {
        watch.close();
    }

    /** The Canary of a reading, complete or not. */
    public static Canary of(Reading<Canary> reading) {
        return switch (reading) {
            case Reading.Whole<Canary>(var canary) -> canary;
            case Reading.Malformed<Canary>(var canary, _) -> canary;
        };
    }

    /** Without what the router never looks at: hooks and alerts also hold secrets. */
    private static Reading<Canary> trimmed(GenericKubernetesResource object) {
        return switch (CanaryReader.read(object)) {
            case Reading.Whole<Canary>(var canary) -> new Reading.Whole<>(trimmed(canary));
            case Reading.Malformed<Canary>(var canary, var problems) ->
                    new Reading.Malformed<>(trimmed(canary), problems);
        };
    }

    private static Canary trimmed(Canary canary) {
        var meta = canary.getMetadata();
        canary.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withGeneration(meta.getGeneration())
                        .withDeletionTimestamp(meta.getDeletionTimestamp())
                        .withFinalizers(meta.getFinalizers())
                        .build());
        var spec = canary.getSpec();
        if (spec != null) {
            canary.setSpec(
                    new CanarySpec(
                            spec.provider(),
                            null,
                            spec.targetRef(),
                            spec.autoscalerRef(),
                            spec.ingressRef(),
                            spec.routeRef(),
                            spec.upstreamRef(),
                            spec.service(),
                            trimmed(spec.analysis()),
                            spec.progressDeadlineSeconds(),
                            spec.skipAnalysis(),
                            spec.revertOnDeletion(),
                            spec.suspend()));
        }
        return canary;
    }

    private static CanaryAnalysis trimmed(CanaryAnalysis analysis) {
        return new CanaryAnalysis(
                analysis.interval(),
                analysis.iterations(),
                analysis.threshold(),
                analysis.maxWeight(),
                analysis.stepWeight(),
                analysis.stepWeights(),
                analysis.stepWeightPromotion(),
                analysis.mirror(),
                analysis.mirrorWeight(),
                analysis.primaryReadyThreshold(),
                analysis.canaryReadyThreshold(),
                analysis.match(),
                null,
                null,
                null,
                analysis.sessionAffinity(),
                analysis.onNoData(),
                analysis.onProviderError());
    }
}
