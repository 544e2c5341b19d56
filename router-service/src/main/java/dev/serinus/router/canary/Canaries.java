package dev.serinus.router.canary;

import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.DryRun;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.cluster.ResourceWatch.Listener;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Canaries of the cluster that no other installation claims, kept current by one watch. A spec
 * that breaks a rule does not come into force: the last valid one stays.
 */
public final class Canaries implements AutoCloseable {

    /**
     * The garbage collector's finalizer on what is deleted without what it owns, until it is done.
     */
    public static final String ORPHAN = "orphan";

    private static final int LONGEST_ANNOTATION = 256;

    private final Installation installation;
    private final ResourceWatch<Known> watch;
    private final Map<String, Canary> inForce = new ConcurrentHashMap<>();
    private final Set<String> orphaning = ConcurrentHashMap.newKeySet();

    /**
     * Watches nothing yet.
     *
     * @param claims settled before {@link #start}
     */
    public Canaries(KubernetesClient client, Installation installation, Claims claims) {
        this.installation = installation;
        this.watch =
                ResourceWatch.<Known>only(
                                claims,
                                client,
                                ResourceWatch.CANARIES,
                                installation.namespace(),
                                this::known)
                        .onChange(this::forget);
    }

    /** Tells of each change; add listeners before {@link #start}. */
    public void onChange(Listener<Known> listener) {
        watch.onChange(listener);
    }

    public void start() {
        watch.start();
    }

    public boolean hasSynced() {
        return watch.hasSynced();
    }

    /** True once they were read whole, while they are watched. */
    public boolean isCurrent() {
        return watch.isCurrent();
    }

    /** All that are there. */
    public List<Known> all() {
        return watch.all().stream().map(seen -> seen.value()).toList();
    }

    /** The Canary as last seen; empty when there is none. */
    public Optional<Known> get(String namespace, String name) {
        return watch.get(namespace, name).map(seen -> seen.value());
    }

    /** Whether nothing of a Canary's is to be written, as it or the installation asks. */
    public boolean isTried(Canary canary) {
        return DryRun.isAsked(canary, installation);
    }

    /** True where nothing is written for any Canary. */
    public boolean writesNothing() {
        return installation.dryRun();
    }

    /** Waits for this Canary at this generation or a newer one. */
    public Optional<Known> await(
            String namespace, String name, String uid, long generation, Duration patience)
            throws InterruptedException {
        return watch.awaitGeneration(namespace, name, uid, generation, patience)
                .map(seen -> seen.value());
    }

    @Override
    public void close() {
        watch.close();
    }

    private void forget(@Nullable Observed<Known> before, @Nullable Observed<Known> after) {
        if (before != null && (after == null || !after.uid().equals(before.uid()))) {
            inForce.remove(before.uid());
            orphaning.remove(before.uid());
        }
    }

    private Known known(GenericKubernetesResource object) {
        var canary =
                switch (CanaryReader.read(object)) {
                    case Reading.Whole<Canary>(var whole) -> whole;
                    case Reading.Malformed<Canary>(var partial, _) -> partial;
                };
        var admission = Admissions.admit(canary, installation);
        trim(canary);
        String uid = canary.getMetadata().getUid();
        var finalizers = canary.getMetadata().getFinalizers();
        if (finalizers != null && finalizers.contains(ORPHAN)) {
            orphaning.add(uid);
        }
        boolean orphans = orphaning.contains(uid);
        return switch (admission) {
            case Admission.Admitted _ -> {
                inForce.put(uid, canary);
                yield new Known(canary, canary, List.of(), orphans);
            }
            case Admission.Refused(var problems) ->
                    new Known(canary, inForce.get(uid), problems, orphans);
        };
    }

    /** Takes away what the router never looks at; hooks and alerts also hold secrets. */
    private static void trim(Canary canary) {
        var meta = canary.getMetadata();
        canary.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withGeneration(meta.getGeneration())
                        .withResourceVersion(meta.getResourceVersion())
                        .withDeletionTimestamp(meta.getDeletionTimestamp())
                        .withFinalizers(meta.getFinalizers())
                        .withAnnotations(annotations(meta))
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
                            spec.suspend(),
                            spec.dryRun(),
                            null,
                            null,
                            null));
        }
    }

    /** None that a mesh or the router reads is long, and kubectl's copy of the manifest is one. */
    private static Map<String, String> annotations(ObjectMeta meta) {
        Map<String, String> kept =
                new HashMap<>(meta.getAnnotations() == null ? Map.of() : meta.getAnnotations());
        kept.values().removeIf(value -> value.length() > LONGEST_ANNOTATION);
        return kept;
    }

    private static CanaryAnalysis trimmed(CanaryAnalysis analysis) {
        return new CanaryAnalysis(
                analysis.interval(),
                analysis.delay(),
                analysis.iterations(),
                analysis.threshold(),
                analysis.maxWeight(),
                analysis.stepWeight(),
                analysis.stepWeights(),
                analysis.stepWeightPromotion(),
                analysis.mirror(),
                analysis.mirrorWeight(),
                analysis.stepMirrorWeight(),
                analysis.maxMirrorWeight(),
                analysis.canaryAnalysis(),
                analysis.primaryReadyThreshold(),
                analysis.canaryReadyThreshold(),
                analysis.match(),
                null,
                null,
                null,
                analysis.sessionAffinity(),
                analysis.onNoData(),
                analysis.onProviderError(),
                null,
                analysis.baseline(),
                null,
                null,
                null,
                null,
                analysis.canaryReplicas(),
                analysis.replicas());
    }
}
