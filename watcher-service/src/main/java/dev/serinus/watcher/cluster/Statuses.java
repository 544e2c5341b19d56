package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.PriorStatus;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Reads Canary.status as it was found, whoever wrote it: what is of another type counts as absent.
 */
final class Statuses {

    private Statuses() {}

    static @Nullable PriorStatus prior(JsonNode status) {
        if (status.isEmpty()) {
            return null;
        }
        var ours = status.path("serinus");
        return PriorStatus.newBuilder()
                .setPhase(status.path("phase").asText(""))
                .setCanaryWeight(status.path("canaryWeight").asInt(0))
                .setCanaryBasisPoints(weight(status).basisPoints())
                .setFailedChecks(status.path("failedChecks").asInt(0))
                .setIterations(status.path("iterations").asInt(0))
                .setLastAppliedSpec(text(status.path("lastAppliedSpec")))
                .setLastPromotedSpec(text(status.path("lastPromotedSpec")))
                .setTrackedConfigs(texts(status.path("trackedConfigs")))
                .setRun(ours.path("run").asLong(0))
                .setStep(ours.path("step").asLong(0))
                .setSequence(ours.path("sequence").asLong(0))
                .build();
    }

    private static Weight weight(JsonNode status) {
        var exact = status.path("serinus").path("canaryWeight");
        return Weight.shown(
                status.path("canaryWeight").asInt(0),
                exact.isNumber() ? exact.doubleValue() : null);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }

    private static @Nullable Map<String, String> texts(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        Map<String, String> found = new HashMap<>();
        node.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText("")));
        return found;
    }
}
