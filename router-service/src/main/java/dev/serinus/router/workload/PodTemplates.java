package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.config.ConfigRef;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Turns the target's pod template into the primary's, and back. */
record PodTemplates(Target target, List<String> selectorLabels) {

    /** Changes with every promotion, so that the primary's pods always roll. */
    static final String FLAGGER_ID = "flagger-id";

    private static final String SUFFIX = "-primary";

    /** The primary's template: the target's with its own label, configs and identity. */
    ObjectNode toPrimary(UnaryOperator<ConfigRef> copies, String flaggerId) {
        var template = Configs.renamed(target.template(), copies);
        var metadata = template.withObjectProperty("metadata");
        metadata.remove("creationTimestamp");
        for (String field : List.of("labels", "annotations")) {
            if (metadata.path(field) instanceof ObjectNode map) {
                map.properties().removeIf(entry -> Labels.isFlux(entry.getKey()));
            }
        }
        metadata.withObjectProperty("labels").put(target.label(), target.primaryValue());
        metadata.withObjectProperty("annotations").put(FLAGGER_ID, flaggerId);
        if (target.kind().renamesInTemplate()) {
            rename(template, target.name(), target.name() + SUFFIX);
        } else {
            withoutScaleToZero(template.withObjectProperty("spec"));
        }
        return template;
    }

    /** Takes the node selector away by which a DaemonSet has no pods. */
    static void withoutScaleToZero(ObjectNode podSpec) {
        if (podSpec.path("nodeSelector") instanceof ObjectNode selector
                && selector.remove(Revision.SCALE_TO_ZERO) != null
                && selector.isEmpty()) {
            podSpec.remove("nodeSelector");
        }
    }

    /** The baseline's template: the primary's with another label, and with the same configs. */
    ObjectNode toBaseline(JsonNode primary) {
        ObjectNode template = primary.deepCopy();
        template.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put(target.label(), Baseline.value(target));
        if (target.kind().renamesInTemplate()) {
            rename(template, target.name() + SUFFIX, target.name() + Baseline.SUFFIX);
        }
        return template;
    }

    /** The target's template as it was when the primary's was made from it. */
    ObjectNode toTarget(JsonNode primary, Map<ConfigRef, ConfigRef> copies) {
        var template = Configs.renamed(primary, config -> copies.getOrDefault(config, config));
        var metadata = template.withObjectProperty("metadata");
        // All of them: the target may have been made again with others since.
        metadata.withObjectProperty("labels").setAll(target.selector());
        if (metadata.path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(FLAGGER_ID);
            if (annotations.isEmpty() && !hasEmptyAnnotations()) {
                metadata.remove("annotations");
            }
        }
        keepFlux(metadata);
        if (target.kind().renamesInTemplate()) {
            rename(template, target.name() + SUFFIX, target.name());
        }
        return template;
    }

    private boolean hasEmptyAnnotations() {
        JsonNode annotations = target.template().path("metadata").path("annotations");
        return annotations.isObject() && annotations.isEmpty();
    }

    /** Flux's keys never went to the primary; the target keeps those it has. */
    private void keepFlux(ObjectNode metadata) {
        for (String field : List.of("labels", "annotations")) {
            target.template()
                    .path("metadata")
                    .path(field)
                    .properties()
                    .forEach(
                            entry -> {
                                if (Labels.isFlux(entry.getKey())) {
                                    metadata.withObjectProperty(field)
                                            .set(entry.getKey(), entry.getValue());
                                }
                            });
        }
    }

    /** Spreading and anti-affinity speak of the workload's own pods, by its name. */
    private void rename(ObjectNode template, String from, String to) {
        JsonNode spec = template.path("spec");
        List<JsonNode> selectors = new ArrayList<>();
        spec.path("topologySpreadConstraints")
                .forEach(constraint -> selectors.add(constraint.path("labelSelector")));
        JsonNode affinity = spec.path("affinity").path("podAntiAffinity");
        affinity.path("preferredDuringSchedulingIgnoredDuringExecution")
                .forEach(term -> selectors.add(term.path("podAffinityTerm").path("labelSelector")));
        affinity.path("requiredDuringSchedulingIgnoredDuringExecution")
                .forEach(term -> selectors.add(term.path("labelSelector")));
        selectors.forEach(selector -> rename(selector, from, to));
    }

    private void rename(JsonNode selector, String from, String to) {
        for (String label : selectorLabels) {
            if (selector.path("matchLabels") instanceof ObjectNode labels
                    && labels.path(label).asText().equals(from)) {
                labels.put(label, to);
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!selectorLabels.contains(expression.path("key").asText())) {
                continue;
            }
            var values = expression.path("values");
            for (int i = 0; i < values.size(); i++) {
                if (values.path(i).asText().equals(from)) {
                    ((ArrayNode) values).set(i, JsonNodeFactory.instance.textNode(to));
                    break;
                }
            }
        }
    }
}
