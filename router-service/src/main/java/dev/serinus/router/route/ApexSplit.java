package dev.serinus.router.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Kubernetes;

import java.util.Optional;

/**
 * What is noted on an apex Service while it selects pods of the canary as well. Its selector says
 * which pods serve, and not which share of the traffic they were started for.
 *
 * @param canaryWeight the step's, above 0
 * @param primary the selector by which it led to the primary alone, and will again
 */
public record ApexSplit(Weight canaryWeight, ObjectNode primary) {

    /** Where it is kept, as JSON. */
    static final String ANNOTATION = ClusterObject.OURS + "apex-split";

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String WEIGHT = "canaryWeightBasisPoints";
    private static final String PRIMARY = "primary";

    public ApexSplit {
        primary = primary.deepCopy();
    }

    /** What is noted; empty where nothing is, or nothing that can be read. */
    public static Optional<ApexSplit> of(ClusterObject apex) {
        String noted = apex.annotation(ANNOTATION);
        if (noted == null) {
            return Optional.empty();
        }
        try {
            var json = JSON.readTree(noted);
            var weight = new Weight(json.path(WEIGHT).asInt()).ofTraffic();
            return weight.isAny()
                            && json.path(PRIMARY) instanceof ObjectNode selector
                            && !selector.isEmpty()
                    ? Optional.of(new ApexSplit(weight, selector))
                    : Optional.empty();
        } catch (JsonProcessingException somebodyElses) {
            return Optional.empty();
        }
    }

    /** True where such a note is kept. */
    public static boolean isNote(String annotation) {
        return annotation.equals(ANNOTATION);
    }

    /** Notes it. */
    public void on(Edit apex) {
        var json = JSON.createObjectNode().put(WEIGHT, canaryWeight.basisPoints());
        json.set(PRIMARY, primary);
        apex.annotate(ANNOTATION, json.toString());
    }

    /** Leads the apex to the primary alone, and notes nothing any more. */
    public void backOn(Edit apex) {
        leadBack(apex, primary);
    }

    static void leadBack(Edit apex, JsonNode selector) {
        apex.spec("selector", selector.deepCopy()).withoutAnnotations(ApexSplit::isNote);
    }

    /**
     * The split that an apex Service shows: empty for one that leads to no side of a canary, as
     * before it was taken over.
     */
    public static Optional<Split> shown(ClusterObject apex) {
        JsonNode selector = apex.at("/spec/selector");
        var noted = of(apex);
        if (selector.size() == 1 && selector.has(Kubernetes.SHARED_LABEL)) {
            // Without a note it is not known how many pods were asked for; half is the most.
            return Optional.of(
                    Split.of(
                            noted.map(ApexSplit::canaryWeight)
                                    .filter(Weight.ALL::isAbove)
                                    .orElse(Weight.percent(Kubernetes.MOST_PERCENT))));
        }
        if (noted.isPresent()) {
            return Optional.of(
                    selector.equals(noted.get().primary()) ? Split.PRIMARY : Split.of(Weight.ALL));
        }
        return leadsToPrimary(selector) ? Optional.of(Split.PRIMARY) : Optional.empty();
    }

    /** By the suffix that the primary's pods alone have. */
    static boolean leadsToPrimary(JsonNode selector) {
        return selector.valueStream().anyMatch(value -> value.asText().endsWith("-primary"));
    }
}
