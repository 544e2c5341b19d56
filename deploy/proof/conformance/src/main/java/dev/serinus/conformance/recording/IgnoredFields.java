package dev.serinus.conformance.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.conformance.json.Json;

import java.util.Set;

/** What the API server adds to every object: no recording holds it. */
public final class IgnoredFields {

    private static final Set<String> NAMES =
            Set.of(
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "managedFields",
                    "clusterIP",
                    "clusterIPs",
                    "selfLink",
                    "ipFamilies",
                    "ipFamilyPolicy",
                    "internalTrafficPolicy",
                    "lastTransitionTime",
                    "lastUpdateTime",
                    "observedGeneration",
                    "firstTimestamp",
                    "lastTimestamp",
                    "eventTime",
                    "kubectl.kubernetes.io/last-applied-configuration",
                    "deployment.kubernetes.io/revision",
                    "lastAppliedSpec",
                    "lastPromotedSpec",
                    "nodePort");

    private IgnoredFields() {}

    /** A copy without noise, at any depth. */
    public static JsonNode without(JsonNode tree) {
        if (tree.isObject()) {
            var kept = Json.object();
            tree.properties()
                    .forEach(
                            each -> {
                                if (!NAMES.contains(each.getKey())) {
                                    kept.set(each.getKey(), without(each.getValue()));
                                }
                            });
            return kept;
        }
        if (tree.isArray()) {
            var kept = JsonNodeFactory.instance.arrayNode(tree.size());
            tree.forEach(each -> kept.add(without(each)));
            return kept;
        }
        return tree;
    }
}
