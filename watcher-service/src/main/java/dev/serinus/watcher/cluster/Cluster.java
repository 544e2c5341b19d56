package dev.serinus.watcher.cluster;

import static java.util.Objects.requireNonNull;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.TargetKind;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * All that is watched in one cluster, in one namespace or in all of them. What a watch shows is
 * evidence; what it lacks is evidence only once it has read the first list.
 */
public final class Cluster implements AutoCloseable {

    /** A spec that was admitted, and the generation that brought it. */
    public record InForce(String uid, long generation, SpecSummary summary) {}

    private final Installation installation;
    private final ResourceWatch<WatchedCanary> canaries;
    private final ResourceWatch<Template> templates;
    private final Map<Kind, ResourceWatch<Workload>> workloads;
    private final KnativeServices knative;
    private final Claims claims;

    /** Watched from when the first Canary needs them: most installations have none that does. */
    private final Map<Kind, ResourceWatch<?>> onDemand;

    private final Set<Kind> demanded = ConcurrentHashMap.newKeySet();
    private final TrackedConfigs configs;
    private final Map<CanaryKey, InForce> inForce = new ConcurrentHashMap<>();

    /** All of them, by the plural of their kind. */
    private final Map<String, ResourceWatch<?>> watches = new TreeMap<>();

    /**
     * Watches nothing yet.
     *
     * @param claims settled before {@link #start}
     */
    public Cluster(
            KubernetesClient client,
            Installation installation,
            Claims claims,
            SecretChanges secrets) {
        this.installation = installation;
        this.claims = claims;
        String namespace = installation.namespace();
        canaries =
                ResourceWatch.only(
                                claims,
                                client,
                                ResourceWatch.CANARIES,
                                namespace,
                                object -> WatchedCanary.of(object, installation, claims))
                        .onChange(this::keepInForce);
        templates =
                ResourceWatch.of(client, ResourceWatch.METRIC_TEMPLATES, namespace, Template::of);
        knative = new KnativeServices(client, namespace);
        var services =
                ResourceWatch.of(client, Kind.SERVICE.context(), namespace, Workload::service);
        onDemand =
                Map.of(
                        Kind.SERVICE,
                        services,
                        Knative.SERVICE,
                        knative.services(),
                        Knative.REVISION,
                        knative.revisions());
        workloads =
                Map.of(
                        Kind.SERVICE,
                        services,
                        Knative.REVISION,
                        knative.revisions(),
                        Kind.DEPLOYMENT,
                        ResourceWatch.of(
                                client, Kind.DEPLOYMENT.context(), namespace, Workload::deployment),
                        Kind.DAEMON_SET,
                        ResourceWatch.of(
                                client, Kind.DAEMON_SET.context(), namespace, Workload::daemonSet));
        configs = new TrackedConfigs(client, installation, secrets);
        watches.put(ResourceWatch.CANARIES.getPlural(), canaries);
        watches.put(ResourceWatch.METRIC_TEMPLATES.getPlural(), templates);
        workloads.entrySet().stream()
                .filter(each -> !onDemand.containsKey(each.getKey()))
                .forEach(each -> watches.put(each.getKey().plural(), each.getValue()));
        configs.watches().forEach((kind, watch) -> watches.put(kind.plural(), watch));
    }

    /** Which Canaries are this installation's to steer. */
    public Claims claims() {
        return claims;
    }

    /**
     * The sides of a Canary, whose kinds are watched from now on; empty for a target that cannot be
     * released.
     */
    public Optional<ReleasedSides> sides(CanaryKey key, SpecSummary summary) {
        return TargetKind.of(summary.target())
                .map(
                        kind -> {
                            watch(kind);
                            return new ReleasedSides(
                                    this,
                                    key,
                                    kind,
                                    kind.kind().named(key.namespace(), summary.target().name()),
                                    summary.baseline());
                        });
    }

    private void watch(TargetKind kind) {
        switch (kind) {
            case DEPLOYMENT, DAEMON_SET -> {}
            case SERVICE -> watch(Kind.SERVICE);
            case KNATIVE_SERVICE -> {
                watch(Knative.SERVICE);
                watch(Knative.REVISION);
            }
        }
    }

    private void watch(Kind kind) {
        if (demanded.add(kind)) {
            requireNonNull(onDemand.get(kind)).start();
        }
    }

    /** Canaries of this installation, whether they obey the rules or not. */
    public ResourceWatch<WatchedCanary> canaries() {
        return canaries;
    }

    /** MetricTemplates. */
    public ResourceWatch<Template> templates() {
        return templates;
    }

    /** Those of every kind that serves; some are not watched before somebody asks for them. */
    public Map<Kind, ResourceWatch<Workload>> workloads() {
        return workloads;
    }

    /** Knative Services. */
    public KnativeServices knative() {
        return knative;
    }

    /** A workload as last seen; a kind that is not watched has none. */
    public Optional<Observed<Workload>> workload(Ref workload) {
        var watch = workloads.get(workload.kind());
        return watch == null ? Optional.empty() : watch.get(workload.namespace(), workload.name());
    }

    /** ConfigMaps and Secrets that pods read. */
    public TrackedConfigs configs() {
        return configs;
    }

    /** The Canary of this key as last seen. */
    public Optional<Observed<WatchedCanary>> canary(CanaryKey key) {
        return canaries.get(key.namespace(), key.name());
    }

    /**
     * What the watcher works with for this Canary: the last spec that was admitted. A spec that
     * breaks rules changes nothing.
     */
    public Optional<InForce> inForce(CanaryKey key) {
        // Whoever has seen the Canary may ask before it was kept here.
        return canary(key)
                .flatMap(Cluster::accepted)
                .or(() -> Optional.ofNullable(inForce.get(key)));
    }

    private static Optional<InForce> accepted(Observed<WatchedCanary> seen) {
        return seen.value().verdict()
                        instanceof WatchedCanary.Verdict.Accepted(_, var summary, _, _)
                ? Optional.of(new InForce(seen.uid(), seen.generation(), summary))
                : Optional.empty();
    }

    /** The key of a Canary of this cluster. */
    public CanaryKey key(Observed<?> canary) {
        return new CanaryKey(installation.cluster(), canary.namespace(), canary.name());
    }

    /** Begins to list and watch everything, and returns at once. */
    public void start() {
        watches.values().forEach(ResourceWatch::start);
    }

    /** True once every first list was read whole. */
    public boolean hasSynced() {
        return watches.values().stream().allMatch(ResourceWatch::hasSynced);
    }

    /** The kinds, by their plurals, whose first list was not read whole yet. */
    public List<String> unread() {
        return plurals(watch -> !watch.hasSynced());
    }

    /** The kinds, by their plurals, whose watch does not stand: what they show may be old. */
    public List<String> unwatched() {
        return plurals(watch -> !watch.isWatching());
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
        onDemand.values().forEach(ResourceWatch::close);
    }

    private List<String> plurals(Predicate<ResourceWatch<?>> wanted) {
        return watches.entrySet().stream()
                .filter(each -> wanted.test(each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void keepInForce(
            @Nullable Observed<WatchedCanary> before, @Nullable Observed<WatchedCanary> after) {
        if (after == null) {
            inForce.remove(key(requireNonNull(before)));
            return;
        }
        accepted(after)
                .ifPresentOrElse(
                        now -> inForce.put(key(after), now),
                        () ->
                                inForce.computeIfPresent(
                                        key(after),
                                        (_, old) -> old.uid().equals(after.uid()) ? old : null));
    }
}
