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
import java.util.stream.Stream;

/** Turns the target's pod template into the primary's, and back. */
record PodTemplates(Target target, List<String> selectorLabels) {

    /** Changes with every promotion, so that the primary's pods always roll. */
    static final String FLAGGER_ID = "flagger-id";

    private static final String SUFFIX = "-primary";

    /** The primary's template: the target's with its own label, configs and identity. */
    ObjectNode toPrimary(UnaryOperator<ConfigRef> copies, String flaggerId) {
        var template = identified(copies, flaggerId);
        if (target.kind().renamesInTemplate()) {
            rename(template, "", SUFFIX);
        }
        return template;
    }

    /** The same as Flagger makes it. */
    ObjectNode toFlaggersPrimary(UnaryOperator<ConfigRef> copies, String flaggerId) {
        var template = identified(copies, flaggerId);
        if (target.kind().renamesInTemplate()) {
            renameAsFlagger(template, "", SUFFIX);
        }
        return template;
    }

    private ObjectNode identified(UnaryOperator<ConfigRef> copies, String flaggerId) {
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
        if (!target.kind().renamesInTemplate()) {
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
            rename(template, SUFFIX, Baseline.SUFFIX);
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
            rename(template, SUFFIX, "");
            renameAsFlagger(template, SUFFIX, "");
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

    /**
     * Spreading and affinity speak of the workload's own pods: by the label that tells them apart,
     * whatever its value is, and by its name in other labels, as in Flagger.
     *
     * @param from what follows the value or the name
     * @param to what follows it afterwards
     */
    private void rename(ObjectNode template, String from, String to) {
        var apart = apart(template.path("spec"));
        for (JsonNode selector : apart) {
            rename(selector, target.label(), target.value(), from, to);
            selectorLabels.stream()
                    .filter(label -> !label.equals(target.label()))
                    .forEach(label -> rename(selector, label, target.name(), from, to));
        }
        // Pods that ask for their own side beside them would never begin without it.
        terms(template.path("spec").path("affinity").path("podAffinity"))
                .forEach(it -> rename(it, target.label(), target.value(), from, to));
    }

    /** By the name alone, whatever the label's value is. */
    private void renameAsFlagger(ObjectNode template, String from, String to) {
        for (JsonNode selector : apart(template.path("spec"))) {
            Stream.concat(Stream.of(target.label()), selectorLabels.stream())
                    .distinct()
                    .forEach(label -> rename(selector, label, target.name(), from, to));
        }
    }

    /** The selectors by which pods keep away from each other. */
    private static List<JsonNode> apart(JsonNode spec) {
        List<JsonNode> selectors = new ArrayList<>();
        spec.path("topologySpreadConstraints")
                .forEach(constraint -> selectors.add(constraint.path("labelSelector")));
        selectors.addAll(terms(spec.path("affinity").path("podAntiAffinity")));
        return selectors;
    }

    private static List<JsonNode> terms(JsonNode affinity) {
        List<JsonNode> selectors = new ArrayList<>();
        affinity.path("preferredDuringSchedulingIgnoredDuringExecution")
                .forEach(term -> selectors.add(term.path("podAffinityTerm").path("labelSelector")));
        affinity.path("requiredDuringSchedulingIgnoredDuringExecution")
                .forEach(term -> selectors.add(term.path("labelSelector")));
        return selectors;
    }

    private static void rename(
            JsonNode selector, String label, String base, String from, String to) {
        String before = base + from;
        if (selector.path("matchLabels") instanceof ObjectNode labels
                && labels.path(label).asText().equals(before)) {
            labels.put(label, base + to);
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!expression.path("key").asText().equals(label)) {
                continue;
            }
            var values = expression.path("values");
            for (int i = 0; i < values.size(); i++) {
                if (values.path(i).asText().equals(before)) {
                    ((ArrayNode) values).set(i, JsonNodeFactory.instance.textNode(base + to));
                    break;
                }
            }
        }
    }
}
