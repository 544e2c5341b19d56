package dev.serinus.trials.real;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Does what a gateway's controller does that takes every route of a namespace. */
public final class Acceptance
        implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

    private static final String VERSION = "gateway.networking.k8s.io/v1";

    private final KubernetesClient admin;
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;

    public Acceptance(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.informers =
                Stream.of("HTTPRoute", "GRPCRoute")
                        .map(
                                kind ->
                                        admin.genericKubernetesResources(VERSION, kind)
                                                .inNamespace(namespace)
                                                .inform(this))
                        .toList();
    }

    @Override
    public void onAdd(GenericKubernetesResource route) {
        List<Object> parents = Objects.requireNonNull(route.get("spec", "parentRefs"));
        var status = parents.stream().map(parent -> taken(route, parent)).toList();
        try {
            var _ =
                    admin.resource(route)
                            .editStatus(
                                    newest -> {
                                        newest.setAdditionalProperty(
                                                "status", Map.of("parents", status));
                                        return newest;
                                    });
        } catch (KubernetesClientException overtaken) {
            // A newer version of the route, or its end, is on its way here.
        }
    }

    private static Map<String, Object> taken(GenericKubernetesResource route, Object parent) {
        var accepted =
                Map.of(
                        "type",
                        "Accepted",
                        "status",
                        "True",
                        "reason",
                        "Accepted",
                        "message",
                        "",
                        "lastTransitionTime",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        "observedGeneration",
                        route.getMetadata().getGeneration());
        return Map.of(
                "controllerName",
                "serinus.dev/trial",
                "parentRef",
                parent,
                "conditions",
                List.of(accepted));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource route) {
        if (!before.getMetadata().getGeneration().equals(route.getMetadata().getGeneration())) {
            onAdd(route);
        }
    }

    @Override
    public void onDelete(GenericKubernetesResource route, boolean finalStateUnknown) {
        // What is gone needs no status.
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }
}
