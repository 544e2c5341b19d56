package dev.serinus.trials.real;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Does what the controllers of Contour, App Mesh and Keptn do that take all of a namespace. */
final class OtherControllers implements AutoCloseable {

    private final KubernetesClient admin;
    private final String namespace;
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;

    OtherControllers(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.namespace = namespace;
        this.informers =
                Stream.of(
                                kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies"),
                                kind("appmesh.k8s.aws", "v1beta2", "VirtualNode", "virtualnodes"),
                                kind(
                                        "appmesh.k8s.aws",
                                        "v1beta2",
                                        "VirtualRouter",
                                        "virtualrouters"),
                                kind("metrics.keptn.sh", "v1beta1", "Analysis", "analyses"))
                        .map(this::taking)
                        .toList();
    }

    private static ResourceDefinitionContext kind(
            String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    private SharedIndexInformer<GenericKubernetesResource> taking(ResourceDefinitionContext kind) {
        return admin.genericKubernetesResources(kind)
                .inNamespace(namespace)
                .inform(new Taken(kind));
    }

    private final class Taken implements ResourceEventHandler<GenericKubernetesResource> {
        private final ResourceDefinitionContext kind;

        Taken(ResourceDefinitionContext kind) {
            this.kind = kind;
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            try {
                var _ =
                        admin.genericKubernetesResources(kind)
                                .inNamespace(namespace)
                                .withName(object.getMetadata().getName())
                                .subresource("status")
                                .edit(
                                        newest -> {
                                            newest.setAdditionalProperty("status", status(newest));
                                            return newest;
                                        });
            } catch (KubernetesClientException overtaken) {
                // A newer version of it, or its end, is on its way here.
            }
        }

        private Map<String, Object> status(GenericKubernetesResource object) {
            long generation = object.getMetadata().getGeneration();
            return switch (kind.getKind()) {
                case "HTTPProxy" ->
                        Map.of(
                                "currentStatus",
                                "valid",
                                "conditions",
                                List.of(
                                        Map.of(
                                                "type", "Valid",
                                                "status", "True",
                                                "observedGeneration", generation,
                                                "lastTransitionTime", "2026-01-01T00:00:00Z",
                                                "reason", "Valid",
                                                "message", "Valid HTTPProxy")));
                case "Analysis" -> Map.of("state", "Completed", "pass", true);
                default ->
                        Map.of(
                                "observedGeneration",
                                generation,
                                "conditions",
                                List.of(
                                        Map.of(
                                                "type",
                                                kind.getKind() + "Active",
                                                "status",
                                                "True")));
            };
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            if (!Objects.equals(
                    before.getMetadata().getGeneration(), object.getMetadata().getGeneration())) {
                onAdd(object);
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            // Nothing is left to be taken.
        }
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }
}
