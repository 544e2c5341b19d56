package dev.serinus.watcher.cluster;

import static java.util.Objects.requireNonNull;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.cluster.Seen;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * All that is watched in one cluster, in one namespace or in all of them. What a watch shows is
 * evidence; what it lacks is evidence only once it has read the first list.
 */
public final class Cluster implements AutoCloseable {

    /** Helm keeps whole charts in Secrets of this type. */
    private static final Map<String, String> LARGE_AND_NEVER_TRACKED =
            Map.of("type", "helm.sh/release.v1");

    /** A spec that was admitted, and the generation that brought it. */
    public record InForce(String uid, long generation, Basis basis) {}

    private final Installation installation;
    private final ResourceWatch<Subject> canaries;
    private final ResourceWatch<Template> templates;
    private final Map<String, ResourceWatch<Workload>> workloads;
    private final Map<String, ResourceWatch<Config>> configs;
    private final Map<CanaryKey, InForce> inForce = new ConcurrentHashMap<>();

    /**
     * Watches nothing yet.
     *
     * @param claims settled before {@link #start}
     */
    public Cluster(KubernetesClient client, Installation installation, Claims claims) {
        this.installation = installation;
        String namespace = installation.namespace();
        canaries =
                ResourceWatch.only(
                                claims,
                                client,
                                ResourceWatch.CANARIES,
                                namespace,
                                object -> Subject.of(object, installation))
                        .onChange(this::keepInForce);
        templates =
                ResourceWatch.of(client, ResourceWatch.METRIC_TEMPLATES, namespace, Template::of);
        workloads =
                Map.of(
                        "Deployment",
                        ResourceWatch.of(
                                client,
                                kind("apps", "Deployment", "deployments"),
                                namespace,
                                Workload::deployment),
                        "DaemonSet",
                        ResourceWatch.of(
                                client,
                                kind("apps", "DaemonSet", "daemonsets"),
                                namespace,
                                Workload::daemonSet));
        configs =
                installation.configTracking()
                        ? Map.of(
                                "configmap",
                                ResourceWatch.of(
                                        client,
                                        kind("", "ConfigMap", "configmaps"),
                                        namespace,
                                        Config::configMap),
                                "secret",
                                ResourceWatch.without(
                                        LARGE_AND_NEVER_TRACKED,
                                        client,
                                        kind("", "Secret", "secrets"),
                                        namespace,
                                        Config::secret))
                        : Map.of();
    }

    /** Group, version and name of a kind of workload; empty for one that is not watched. */
    public static Optional<ResourceDefinitionContext> workloadKind(String kind) {
        return switch (kind) {
            case "Deployment" -> Optional.of(kind("apps", kind, "deployments"));
            case "DaemonSet" -> Optional.of(kind("apps", kind, "daemonsets"));
            default -> Optional.empty();
        };
    }

    private static ResourceDefinitionContext kind(String group, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** Canaries of this installation, whether they obey the rules or not. */
    public ResourceWatch<Subject> canaries() {
        return canaries;
    }

    /** MetricTemplates. */
    public ResourceWatch<Template> templates() {
        return templates;
    }

    /** Workloads by kind. */
    public Map<String, ResourceWatch<Workload>> workloads() {
        return workloads;
    }

    /** A workload as last seen; a kind that is not watched has none. */
    public Optional<Seen<Workload>> workload(String kind, String namespace, String name) {
        var watch = workloads.get(kind);
        return watch == null ? Optional.empty() : watch.get(namespace, name);
    }

    /**
     * Hashes of ConfigMaps and Secrets, by {@code configmap} and {@code secret}; empty without
     * tracking.
     */
    public Map<String, ResourceWatch<Config>> configs() {
        return configs;
    }

    /** The hashes of a ConfigMap or Secret as last seen; without tracking there are none. */
    public Optional<Seen<Config>> config(String kind, String namespace, String name) {
        var watch = configs.get(kind);
        return watch == null ? Optional.empty() : watch.get(namespace, name);
    }

    /** The Canary of this key as last seen. */
    public Optional<Seen<Subject>> canary(CanaryKey key) {
        return canaries.get(key.namespace(), key.name());
    }

    /**
     * What the watcher works with for this Canary: the last spec that was admitted. A spec that
     * breaks rules changes nothing.
     */
    public Optional<InForce> inForce(CanaryKey key) {
        return Optional.ofNullable(inForce.get(key));
    }

    /** The key of a Canary of this cluster. */
    public CanaryKey key(Seen<?> canary) {
        return new CanaryKey(installation.cluster(), canary.namespace(), canary.name());
    }

    /** Begins to list and watch everything, and returns at once. */
    public void start() {
        watches().forEach(ResourceWatch::start);
    }

    /** True once every first list was read whole. */
    public boolean hasSynced() {
        return watches().allMatch(ResourceWatch::hasSynced);
    }

    /** True while every watch stands. */
    public boolean isWatching() {
        return watches().allMatch(ResourceWatch::isWatching);
    }

    @Override
    public void close() {
        watches().forEach(ResourceWatch::close);
    }

    private Stream<ResourceWatch<?>> watches() {
        return Stream.<Collection<? extends ResourceWatch<?>>>of(
                        List.of(canaries, templates), workloads.values(), configs.values())
                .flatMap(Collection::stream);
    }

    private void keepInForce(@Nullable Seen<Subject> before, @Nullable Seen<Subject> after) {
        if (after == null) {
            inForce.remove(key(requireNonNull(before)));
        } else if (after.value().verdict() instanceof Subject.Verdict.Accepted(_, var basis)) {
            inForce.put(key(after), new InForce(after.uid(), after.generation(), basis));
        } else {
            inForce.computeIfPresent(
                    key(after), (_, old) -> old.uid().equals(after.uid()) ? old : null);
        }
    }
}
