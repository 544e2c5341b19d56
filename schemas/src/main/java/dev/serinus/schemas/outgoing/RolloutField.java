package dev.serinus.schemas.outgoing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RolloutFacts;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a hook, and the installation's event webhook, are told about a rollout in a field of its
 * own, behind Flagger's.
 */
public final class RolloutField {

    /** Not a name that Flagger may give a meaning to; who reads Flagger's fields sees no other. */
    public static final String NAME = "serinus.dev/rollout";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RolloutField() {}

    /**
     * The facts by the names that the field has. Weights are in percent, {@code dryRun} is there
     * only where nothing of it was done, {@code images} only where they are known.
     *
     * @param phase in Flagger's words
     */
    public static Map<String, JsonNode> values(long run, String phase, RolloutFacts rollout) {
        var values = new TreeMap<String, JsonNode>();
        values.put("run", JSON.numberNode(run));
        values.put("phase", JSON.textNode(phase));
        values.put("revision", JSON.textNode(rollout.getRevision()));
        values.put("canaryWeight", weight(rollout.getCanaryBasisPoints()));
        values.put("primaryWeight", weight(rollout.getPrimaryBasisPoints()));
        values.put("iteration", JSON.numberNode(rollout.getIteration()));
        if (!rollout.getImages().isEmpty()) {
            var images = JSON.arrayNode();
            rollout.getImages().forEach(images::add);
            values.put("images", images);
        }
        if (rollout.getDryRun()) {
            values.put("dryRun", JSON.booleanNode(true));
        }
        return values;
    }

    /** The facts as the field of a body; none where nothing is known. */
    public static Map<String, JsonNode> of(Map<String, JsonNode> values) {
        return values.isEmpty()
                ? Map.of()
                : Map.of(NAME, JSON.objectNode().setAll(new TreeMap<>(values)));
    }

    private static JsonNode weight(int basisPoints) {
        var weight = new Weight(basisPoints);
        return weight.isWhole()
                ? JSON.numberNode(weight.wholePercent())
                : JSON.numberNode(basisPoints / 100.0);
    }
}
