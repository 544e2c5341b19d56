package dev.serinus.trials;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Every effective write to the objects of one kind, as the API server's own watch tells it: by
 * object and step.
 */
final class Writes implements AutoCloseable {

    private final Map<String, Object> specs = new LinkedHashMap<>();
    private final Map<String, List<String>> steps = new LinkedHashMap<>();
    private final Watch watch;

    Writes(KubernetesClient client, String group, String version, String kind, String plural) {
        var context =
                new ResourceDefinitionContext.Builder()
                        .withGroup(group)
                        .withVersion(version)
                        .withKind(kind)
                        .withPlural(plural)
                        .withNamespaced(true)
                        .build();
        watch =
                client.genericKubernetesResources(context)
                        .inAnyNamespace()
                        .watch(
                                new Watcher<>() {
                                    @Override
                                    public void eventReceived(
                                            Action action, GenericKubernetesResource object) {
                                        seen(object);
                                    }

                                    @Override
                                    public void onClose(WatcherException cause) {}
                                });
    }

    private synchronized void seen(GenericKubernetesResource object) {
        String name = object.getKind() + "/" + object.getMetadata().getName();
        Object spec = ours(object);
        if (!Objects.equals(specs.put(name, spec), spec)) {
            String step = object.getMetadata().getAnnotations().get("serinus.dev/step");
            steps.computeIfAbsent(name, _ -> new ArrayList<>()).add(String.valueOf(step));
        }
    }

    /**
     * The part of an object that only Serinus writes: of the target it is the size, the rest is its
     * user's.
     */
    private static @Nullable Object ours(GenericKubernetesResource object) {
        Object spec = object.getAdditionalProperties().get("spec");
        boolean target =
                object.getKind().equals("Deployment")
                        && !object.getMetadata().getName().endsWith("-primary");
        return target && spec instanceof Map<?, ?> all ? all.get("replicas") : spec;
    }

    /** For each object the steps of its changes, in the API server's order. */
    synchronized Map<String, List<String>> steps() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        steps.forEach((object, all) -> copy.put(object, List.copyOf(all)));
        return copy;
    }

    @Override
    public void close() {
        watch.close();
    }
}
