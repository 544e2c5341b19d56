package dev.serinus.trials.real;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Does what Knative does with the Services of a namespace: a revision for each template, ready at
 * once, and traffic as it is asked for.
 */
final class KnativeController
        implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {

    private static final ResourceDefinitionContext SERVICE = kind("Service", "services");
    private static final ResourceDefinitionContext REVISION = kind("Revision", "revisions");

    private final KubernetesClient admin;
    private final String namespace;
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    KnativeController(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.namespace = namespace;
        this.informer =
                admin.genericKubernetesResources(SERVICE).inNamespace(namespace).inform(this);
    }

    private static ResourceDefinitionContext kind(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("serving.knative.dev")
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    @Override
    public void onAdd(GenericKubernetesResource service) {
        try {
            Map<String, Object> status = status(service, latest(service));
            if (!status.equals(service.get("status"))) {
                var _ =
                        admin.genericKubernetesResources(SERVICE)
                                .inNamespace(namespace)
                                .withName(service.getMetadata().getName())
                                .edit(
                                        newest -> {
                                            newest.setAdditionalProperty("status", status);
                                            return newest;
                                        });
            }
        } catch (KubernetesClientException overtaken) {
            // A newer version of it, or its end, is on its way here.
        }
    }

    /** The revision of its template, which is made if the last one is of another. */
    private String latest(GenericKubernetesResource service) {
        String name = service.getMetadata().getName();
        Map<String, Object> template =
                Objects.requireNonNull(service.get("spec", "template", "spec"));
        @Nullable String last = service.get("status", "latestCreatedRevisionName");
        var found = last == null ? null : revision(last);
        if (last != null && (found == null || template.equals(found.get("spec")))) {
            return last;
        }
        int number = last == null ? 1 : Integer.parseInt(last.substring(name.length() + 1)) + 1;
        var revision = new GenericKubernetesResource();
        revision.setApiVersion("serving.knative.dev/v1");
        revision.setKind("Revision");
        revision.setMetadata(
                new ObjectMetaBuilder().withName("%s-%05d".formatted(name, number)).build());
        revision.setAdditionalProperty("spec", template);
        revision.setAdditionalProperty(
                "status",
                Map.of(
                        "observedGeneration",
                        1,
                        "conditions",
                        List.of(Map.of("type", "Ready", "status", "True"))));
        return admin.genericKubernetesResources(REVISION)
                .inNamespace(namespace)
                .resource(revision)
                .createOr(NonDeletingOperation::update)
                .getMetadata()
                .getName();
    }

    private @Nullable GenericKubernetesResource revision(String name) {
        return admin.genericKubernetesResources(REVISION)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static Map<String, Object> status(GenericKubernetesResource service, String latest) {
        @Nullable List<Map<String, Object>> asked = service.get("spec", "traffic");
        List<Map<String, Object>> traffic = new ArrayList<>();
        for (var entry : asked == null ? everything() : asked) {
            Map<String, Object> served = new HashMap<>(entry);
            if (Boolean.TRUE.equals(entry.get("latestRevision"))) {
                served.put("revisionName", latest);
            }
            traffic.add(served);
        }
        return Map.of(
                "latestCreatedRevisionName",
                latest,
                "latestReadyRevisionName",
                latest,
                "traffic",
                traffic);
    }

    private static List<Map<String, Object>> everything() {
        return List.of(Map.of("latestRevision", true, "percent", 100));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource service) {
        onAdd(service);
    }

    @Override
    public void onDelete(GenericKubernetesResource service, boolean finalStateUnknown) {
        // Nothing is left to be served.
    }

    @Override
    public void close() {
        informer.close();
    }
}
