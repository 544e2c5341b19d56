package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.testbed.junit.OnTestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Set;

/** What a real API server says of all that the chart renders, in namespaces with pod security. */
@OnTestBed
@WithHelm
@Tag("long")
class ApiServerAcceptsIT {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** Of operators that the test bed does not have; and definitions, which it has already. */
    private static final Set<String> NOT_ASKED =
            Set.of(
                    "PodMonitor",
                    "ServiceMonitor",
                    "PrometheusRule",
                    "AuthorizationPolicy",
                    "CustomResourceDefinition");

    @BeforeAll
    static void namespaces(KubernetesClient admin) {
        for (String name : Set.of(Rendered.NAMESPACE, "shop", "grafana")) {
            var _ =
                    admin.resource(
                                    new NamespaceBuilder()
                                            .withNewMetadata()
                                            .withName(name)
                                            .addToLabels(
                                                    "pod-security.kubernetes.io/enforce",
                                                    "restricted")
                                            .endMetadata()
                                            .build())
                            .serverSideApply();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyObjectIsTakenWithAllOfItsFields(
            RenderedChartTest.Values values, KubernetesClient admin) {
        for (JsonNode object : values.rendered().objects()) {
            if (!NOT_ASKED.contains(object.path("kind").asText())) {
                accept(admin, object);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPodIsAdmittedWherePodSecurityIsRestricted(
            RenderedChartTest.Values values, KubernetesClient admin) {
        for (JsonNode workload : values.rendered().workloads()) {
            ObjectNode pod =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("apiVersion", "v1")
                            .put("kind", "Pod");
            pod.putObject("metadata")
                    .put("name", workload.at("/metadata/name").asText())
                    .put("namespace", Rendered.NAMESPACE);
            ObjectNode spec = workload.at("/spec/template/spec").deepCopy();
            // What a StatefulSet would add.
            workload.at("/spec/volumeClaimTemplates")
                    .forEach(
                            claim ->
                                    spec.withArray("/volumes")
                                            .addObject()
                                            .put("name", claim.at("/metadata/name").asText())
                                            .putObject("emptyDir"));
            pod.set("spec", spec);
            accept(admin, pod);
        }
    }

    private static void accept(KubernetesClient admin, JsonNode object) {
        var resource = YAML.convertValue(object, GenericKubernetesResource.class);
        assertThatCode(
                        () ->
                                admin.resource(resource)
                                        .dryRun()
                                        .fieldValidation(FieldValidateable.Validation.STRICT)
                                        .create())
                .as("%s %s", object.path("kind"), object.at("/metadata/name"))
                .doesNotThrowAnyException();
    }
}
