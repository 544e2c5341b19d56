package dev.serinus.watcher.cluster;

import static java.util.Objects.requireNonNull;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * All that is watched in one cluster, in one namespace or in all of them. What a watch shows is
 * evidence; what it lacks is evidence only once it has read the first list.
 */
public final class Cluster implements AutoCloseable {

    /** Helm keeps whole charts in Secrets of this type. */
    private static final Map<String, String> LARGE_AND_NEVER_TRACKED =
            Map.of("type", "helm.sh/release.v1");

    private static final ResourceDefinitionContext DEPLOYMENTS =
            kind("apps", "Deployment", "deployments");
    private static final ResourceDefinitionContext DAEMON_SETS =
            kind("apps", "DaemonSet", "daemonsets");
    private static final ResourceDefinitionContext CONFIG_MAPS =
            kind("", "ConfigMap", "configmaps");
    private static final ResourceDefinitionContext SECRETS = kind("", "Secret", "secrets");

    /** A spec that was admitted, and the generation that brought it. */
    public record InForce(String uid, long generation, SpecSummary summary) {}

    private final Installation installation;
    private final ResourceWatch<WatchedCanary> canaries;
    private final ResourceWatch<Template> templates;
    private final Map<String, ResourceWatch<Workload>> workloads;
    private final Map<String, ResourceWatch<Config>> configs;
    private final Map<CanaryKey, InForce> inForce = new ConcurrentHashMap<>();

    /** All of them, by the plural of their kind. */
    private final Map<String, ResourceWatch<?>> watches = new TreeMap<>();

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
                                object -> WatchedCanary.of(object, installation, claims))
                        .onChange(this::keepInForce);
        templates =
                ResourceWatch.of(client, ResourceWatch.METRIC_TEMPLATES, namespace, Template::of);
        workloads =
                Map.of(
                        "Deployment",
                        ResourceWatch.of(client, DEPLOYMENTS, namespace, Workload::deployment),
                        "DaemonSet",
                        ResourceWatch.of(client, DAEMON_SETS, namespace, Workload::daemonSet));
        configs =
                installation.configTracking()
                        ? Map.of(
                                "configmap",
                                ResourceWatch.of(client, CONFIG_MAPS, namespace, Config::configMap),
                                "secret",
                                ResourceWatch.without(
                                        LARGE_AND_NEVER_TRACKED,
                                        client,
                                        SECRETS,
                                        namespace,
                                        Config::secret))
                        : Map.of();
        watches.put(ResourceWatch.CANARIES.getPlural(), canaries);
        watches.put(ResourceWatch.METRIC_TEMPLATES.getPlural(), templates);
        workloads.forEach((kind, watch) -> watches.put(kind.toLowerCase(Locale.ROOT) + "s", watch));
        configs.forEach((kind, watch) -> watches.put(kind + "s", watch));
    }

    /** Group, version and name of a kind of workload; empty for one that is not watched. */
    public static Optional<ResourceDefinitionContext> workloadKind(String kind) {
        return switch (kind) {
            case "Deployment" -> Optional.of(DEPLOYMENTS);
            case "DaemonSet" -> Optional.of(DAEMON_SETS);
            default -> Optional.empty();
        };
    }

    /** Group, version and name of a {@code configmap} or a {@code secret}. */
    public static ResourceDefinitionContext configKind(String kind) {
        return switch (kind) {
            case "configmap" -> CONFIG_MAPS;
            case "secret" -> SECRETS;
            default -> throw new IllegalStateException("no config that is watched: " + kind);
        };
    }

    /** True for what the watch of Secrets leaves out, so that it can never show it. */
    public static boolean isLeftOut(GenericKubernetesResource config) {
        var type = config.getAdditionalProperties().get("type");
        return LARGE_AND_NEVER_TRACKED.containsValue(type);
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
    public ResourceWatch<WatchedCanary> canaries() {
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
    public Optional<Observed<Workload>> workload(String kind, String namespace, String name) {
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
    public Optional<Observed<Config>> config(String kind, String namespace, String name) {
        var watch = configs.get(kind);
        return watch == null ? Optional.empty() : watch.get(namespace, name);
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
        return Optional.ofNullable(inForce.get(key));
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
        } else if (after.value().verdict()
                instanceof WatchedCanary.Verdict.Accepted(_, var summary)) {
            inForce.put(key(after), new InForce(after.uid(), after.generation(), summary));
        } else {
            inForce.computeIfPresent(
                    key(after), (_, old) -> old.uid().equals(after.uid()) ? old : null);
        }
    }
}
