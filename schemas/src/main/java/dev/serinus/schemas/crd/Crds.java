package dev.serinus.schemas.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.AlertProvider;
import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.CanaryStatus;
import dev.serinus.schemas.canary.FlaggerResource;
import dev.serinus.schemas.canary.MetricTemplate;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.hook.HookType;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The CustomResourceDefinitions of Canary, MetricTemplate and AlertProvider, generated from the
 * records that read them. They accept all that Flagger's accept, and the optional fields that
 * Serinus adds.
 */
public final class Crds {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Crds() {}

    /** The three definitions as a stream of YAML documents for {@code kubectl apply -f -}. */
    public static String yaml() {
        return trees().stream().map(YAML::asYaml).collect(Collectors.joining());
    }

    /** The three definitions, to be created by a client. */
    public static List<CustomResourceDefinition> all() {
        return trees().stream()
                .map(tree -> YAML.convertValue(tree, CustomResourceDefinition.class))
                .toList();
    }

    /** The schema of the spec of each of the three, by kind. */
    public static Map<String, JsonNode> specs() {
        return trees().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                tree -> tree.at("/spec/names/kind").asText(),
                                tree ->
                                        tree.at(
                                                "/spec/versions/0/schema/openAPIV3Schema"
                                                        + "/properties/spec")));
    }

    static List<ObjectNode> trees() {
        return List.of(
                definition(Canary.class, CanarySpec.class, CanaryStatus.class),
                definition(MetricTemplate.class, MetricTemplateSpec.class, null),
                definition(AlertProvider.class, AlertProviderSpec.class, null));
    }

    private static ObjectNode definition(
            Class<? extends FlaggerResource<?, ?>> kind, Class<?> spec, @Nullable Class<?> status) {
        var details = details(kind.getSimpleName());
        var schema = new StructuralSchema(details.fields());
        var root = schema.detail("").put("type", "object");
        var properties = root.putObject("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("type", "object");
        properties.set("spec", schema.of(spec, "spec"));
        if (status != null) {
            properties.set("status", schema.of(status, "status"));
        }
        schema.checkAllUsed();
        ChoiceRule.writeAll(root);

        var definition =
                StructuralSchema.object()
                        .put("apiVersion", "apiextensions.k8s.io/v1")
                        .put("kind", "CustomResourceDefinition");
        var metadata =
                definition.putObject("metadata").put("name", HasMetadata.getFullResourceName(kind));
        // Helm must not delete everybody's Canaries together with a release.
        metadata.putObject("annotations").put("helm.sh/resource-policy", "keep");
        var body =
                definition
                        .putObject("spec")
                        .put("group", HasMetadata.getGroup(kind))
                        .put("scope", "Namespaced");
        var names = body.putObject("names");
        names.put("kind", HasMetadata.getKind(kind))
                .put("listKind", HasMetadata.getKind(kind) + "List");
        names.put("plural", HasMetadata.getPlural(kind))
                .put("singular", HasMetadata.getSingular(kind));
        names.putArray("categories").add("all");
        var version =
                body.putArray("versions").addObject().put("name", HasMetadata.getVersion(kind));
        version.put("served", true).put("storage", true);
        version.putObject("subresources").putObject("status");
        version.set("additionalPrinterColumns", details.columns());
        version.putObject("schema").set("openAPIV3Schema", root);
        return definition;
    }

    /** What the records do not say: printer columns, and details of fields by path. */
    private record Details(JsonNode columns, Map<String, ObjectNode> fields) {}

    private static Details details(String kind) {
        try (var in = Crds.class.getResourceAsStream(kind + ".yaml")) {
            var tree = YAML.unmarshal(in, JsonNode.class);
            var fields =
                    tree.path("fields").properties().stream()
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey,
                                            field -> (ObjectNode) field.getValue()));
            var hookTypes = fields.get("spec.analysis.webhooks[].type");
            if (hookTypes != null) {
                hookTypes.set("enum", hookTypes());
            }
            return new Details(tree.path("columns"), fields);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Flagger's manifests may say the default as an empty text. */
    private static ArrayNode hookTypes() {
        var words = StructuralSchema.object().arrayNode().add("");
        Stream.of(HookType.values()).map(HookType::word).forEach(words::add);
        return words;
    }
}
