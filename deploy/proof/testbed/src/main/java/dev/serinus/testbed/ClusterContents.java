package dev.serinus.testbed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.util.List;
import java.util.Map;

/** What a new cluster gets: a node, resource definitions, the accounts of the services. */
record ClusterContents(KubernetesClient admin) {

    static final String NODE = "node-0";

    private static final PatchContext OURS =
            new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("serinus-testbed")
                    .withForce(true)
                    .build();

    void node() {
        var plenty =
                Map.of(
                        "cpu", new Quantity("64000"),
                        "memory", new Quantity("64000Gi"),
                        "pods", new Quantity("100000"));
        apply(
                new NodeBuilder()
                        .withNewMetadata()
                        .withName(NODE)
                        .addToLabels("kubernetes.io/os", "linux")
                        .addToAnnotations("kwok.x-k8s.io/node", "fake")
                        .endMetadata()
                        .withNewStatus()
                        .withAllocatable(plenty)
                        .withCapacity(plenty)
                        .endStatus()
                        .build());
    }

    void definitions(List<GenericKubernetesResource> definitions) {
        definitions.forEach(this::apply);
    }

    void rights() {
        apply(
                new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(User.NAMESPACE)
                        .endMetadata()
                        .build());
        Rights.read().forEach(this::apply);
    }

    /** True once the API server serves every kind that is defined, and the node takes pods. */
    boolean isComplete() {
        var definitions = admin.apiextensions().v1().customResourceDefinitions().list().getItems();
        var node = admin.nodes().withName(NODE).get();
        return definitions.stream()
                        .allMatch(
                                each ->
                                        each.getStatus().getConditions().stream()
                                                .anyMatch(
                                                        c ->
                                                                c.getType().equals("Established")
                                                                        && c.getStatus()
                                                                                .equals("True")))
                && node != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private void apply(HasMetadata object) {
        var _ = admin.resource(object).patch(OURS);
    }
}
