package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.mesh.Kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What stands in some texts beside our own resources, by what Canaries know of it. There may be
 * thousands of both, so that each is found by a name.
 */
final class Beside {

    /** Among more names than that nobody looks for one that may be meant. */
    private static final int MOST_COMPARED = 100;

    private static final List<String> WORKLOADS = List.of("Deployment", "DaemonSet");
    private static final List<String> OTHERS = List.of("StatefulSet", "CronJob", "Job");
    private static final List<String> SCALERS = List.of("HorizontalPodAutoscaler", "ScaledObject");

    /** What of a kustomization changes what is judged here; the rest adds to it. */
    private static final List<String> CHANGES =
            List.of(
                    "patches",
                    "patchesStrategicMerge",
                    "patchesJson6902",
                    "replicas",
                    "labels",
                    "commonLabels",
                    "namePrefix",
                    "nameSuffix",
                    "namespace",
                    "targetNamespace",
                    "components",
                    "replacements",
                    "transformers",
                    "postBuild");

    private final Map<String, List<Manifest>> named = new HashMap<>();
    private final Map<String, List<String>> names = new HashMap<>();
    private final Map<String, List<Manifest>> sizing = new HashMap<>();
    private final Map<String, List<Manifest>> sharing = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private boolean changed;

    /**
     * @param namespaceOf also of those that name none
     */
    Beside(List<Manifest> found, Function<Manifest, String> namespaceOf) {
        for (Manifest each : found) {
            if (isChanging(each)) {
                changed = true;
            }
            String namespace = namespaceOf.apply(each);
            String kind = each.kind();
            add(named, key(kind, namespace, each.name()), each);
            if (WORKLOADS.contains(kind) || OTHERS.contains(kind) || SCALERS.contains(kind)) {
                running.add(namespace);
            }
            if (WORKLOADS.contains(kind)) {
                names.computeIfAbsent(key(kind, namespace, ""), _ -> new ArrayList<>())
                        .add(each.name());
                String label =
                        each.object()
                                .at("/spec/template/metadata/labels")
                                .path(Kubernetes.SHARED_LABEL)
                                .asText();
                add(sharing, key("", namespace, label), each);
            } else if (SCALERS.contains(kind)) {
                String sized = each.object().at("/spec/scaleTargetRef/name").asText();
                add(sizing, key("", namespace, sized), each);
            }
        }
    }

    private static void add(Map<String, List<Manifest>> all, String key, Manifest each) {
        all.computeIfAbsent(key, _ -> new ArrayList<>()).add(each);
    }

    private static boolean isChanging(Manifest each) {
        boolean named =
                each.kind().equals("Kustomization")
                        || each.file().endsWith("kustomization.yaml")
                        || each.file().endsWith("kustomization.yml");
        return named
                && Stream.of(each.object(), each.object().path("spec"))
                        .anyMatch(it -> CHANGES.stream().anyMatch(it::has));
    }

    /** True where a kustomization among them changes what is applied. */
    boolean isChanged() {
        return changed;
    }

    /** All of this name: more than one where overlays are among them. */
    List<Manifest> named(String kind, String namespace, String name) {
        return named.getOrDefault(key(kind, namespace, name), List.of());
    }

    /** True where these texts have what runs in a namespace, so that a target may be expected. */
    boolean hasWorkloads(String namespace) {
        return running.contains(namespace);
    }

    /** A workload whose name is nearly this one. */
    Optional<String> nearest(String kind, String namespace, String name) {
        List<String> all = names.getOrDefault(key(kind, namespace, ""), List.of());
        return all.size() > MOST_COMPARED ? Optional.empty() : Slips.nearest(name, all);
    }

    /** Autoscalers of workloads of this name. */
    List<Manifest> sizing(String namespace, String name) {
        return sizing.getOrDefault(key("", namespace, name), List.of());
    }

    /** Workloads whose pods have the label of a Canary of this name, each once. */
    Set<Manifest> sharing(String namespace, String canary) {
        return new LinkedHashSet<>(sharing.getOrDefault(key("", namespace, canary), List.of()));
    }

    /** True where what is looked at is put in later, as by Flux. */
    static boolean isPutInLater(JsonNode workload) {
        return Stream.of("/spec/selector", "/spec/replicas", "/spec/template/metadata")
                        .map(workload::at)
                        .anyMatch(it -> it.toString().contains("${"))
                || workload.at("/spec/template/spec/containers")
                        .valueStream()
                        .anyMatch(it -> it.path("ports").toString().contains("${"));
    }

    private static String key(String kind, String namespace, String name) {
        return kind + " " + namespace + "/" + name;
    }
}
