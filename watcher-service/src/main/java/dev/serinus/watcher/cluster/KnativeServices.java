package dev.serinus.watcher.cluster;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.canary.StepAnnotation;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.KnativeService;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knative Services and their revisions. */
public final class KnativeServices {

    /**
     * What is kept of a Service.
     *
     * @param template digest of its {@code spec.template}
     * @param latest the revision that was made last; null before the first
     * @param primary the revision that its annotation names; null when it names none
     * @param observed whether Knative has seen its newest generation
     * @param written the step that changed it last; null when none did
     */
    public record Seen(
            String template,
            @Nullable String latest,
            @Nullable String primary,
            boolean observed,
            @Nullable StepAnnotation written) {

        static Seen of(GenericKubernetesResource object) {
            var json = JsonObjects.whole(object);
            var service = new KnativeService(json);
            var annotations = object.getMetadata().getAnnotations();
            return new Seen(
                    Revision.of(json.at("/spec/template")),
                    service.latestCreated().orElse(null),
                    service.primary(null).orElse(null),
                    service.isObserved(),
                    StepAnnotation.parse(
                                    annotations == null
                                            ? null
                                            : annotations.get(StepAnnotation.NAME))
                            .orElse(null));
        }
    }

    private final ResourceWatch<Seen> services;
    private final ResourceWatch<Workload> revisions;

    /** The template of each Service when Knative had seen all of it last. */
    private final Map<Ref, String> templates = new ConcurrentHashMap<>();

    KnativeServices(KubernetesClient client, @Nullable String namespace) {
        services =
                ResourceWatch.of(client, Knative.SERVICE.context(), namespace, Seen::of)
                        .onChange(this::keepTemplate);
        revisions =
                ResourceWatch.of(client, Knative.REVISION.context(), namespace, Workload::revision);
    }

    public ResourceWatch<Seen> services() {
        return services;
    }

    ResourceWatch<Workload> revisions() {
        return revisions;
    }

    private void keepTemplate(@Nullable Observed<Seen> before, @Nullable Observed<Seen> after) {
        if (after != null && after.value().observed()) {
            templates.put(ref(after), after.value().template());
        } else if (after == null && before != null) {
            templates.remove(ref(before));
        }
    }

    private static Ref ref(Observed<?> service) {
        return Knative.SERVICE.named(service.namespace(), service.name());
    }

    /** The Service of this name as last seen. */
    public Optional<Observed<Seen>> find(Ref service) {
        return services.get(service.namespace(), service.name());
    }

    /**
     * True when its latest revision is that of its template. Just after an edit it is still the one
     * before; a change of the traffic alone, which is ours, brings no revision.
     */
    public boolean isCurrent(Observed<Seen> service) {
        return service.value().observed()
                || service.value().template().equals(templates.get(ref(service)));
    }

    /** The revision that was made last for a Service; empty when it is not known. */
    public Optional<String> latest(Ref service) {
        return find(service).map(found -> found.value().latest());
    }
}
