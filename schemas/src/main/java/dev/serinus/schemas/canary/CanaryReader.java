package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * Reads resources of flagger.app from JSON. All that Flagger's CRDs accept is read and kept as
 * written; unknown fields are passed over (nothing we read is ever written back whole). Never
 * throws because of the content.
 */
public final class CanaryReader {
    private static final ResourceReader.Canaries CANARIES = new ResourceReader.Canaries();
    private static final ResourceReader.MetricTemplates TEMPLATES =
            new ResourceReader.MetricTemplates();
    private static final ResourceReader.AlertProviders PROVIDERS =
            new ResourceReader.AlertProviders();

    private CanaryReader() {}

    /** Reads a Canary from its JSON tree. */
    public static Reading<Canary> read(JsonNode object) {
        return reading(CANARIES.read(object));
    }

    /** Reads a Canary that came as any object. */
    public static Reading<Canary> read(GenericKubernetesResource object) {
        return reading(CANARIES.read(tree(object)));
    }

    /** Reads a MetricTemplate from its JSON tree. */
    public static Reading<MetricTemplate> readMetricTemplate(JsonNode object) {
        return reading(TEMPLATES.read(object));
    }

    /** Reads a MetricTemplate that came as any object. */
    public static Reading<MetricTemplate> readMetricTemplate(GenericKubernetesResource object) {
        return reading(TEMPLATES.read(tree(object)));
    }

    /** Reads an AlertProvider from its JSON tree. */
    public static Reading<AlertProvider> readAlertProvider(JsonNode object) {
        return reading(PROVIDERS.read(object));
    }

    /** Reads an AlertProvider that came as any object. */
    public static Reading<AlertProvider> readAlertProvider(GenericKubernetesResource object) {
        return reading(PROVIDERS.read(tree(object)));
    }

    private static <T extends FlaggerResource<?, ?>> Reading<T> reading(T resource) {
        return resource.problems().isEmpty()
                ? new Reading.Whole<>(resource)
                : new Reading.Malformed<>(resource, resource.problems());
    }

    private static JsonNode tree(GenericKubernetesResource object) {
        ObjectNode tree = ResourceReader.MAPPER.valueToTree(object.getAdditionalProperties());
        return tree.set("metadata", ResourceReader.MAPPER.valueToTree(object.getMetadata()));
    }
}
