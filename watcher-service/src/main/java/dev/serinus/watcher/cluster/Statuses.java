package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.CountedBefore;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.PriorStatus;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Canary.status as it was found, whoever wrote it: what is of another type counts as absent.
 */
final class Statuses {

    /** Whoever may write a status may write anything there, and it goes into a record. */
    private static final int LONGEST = 2_000;

    private static final int MOST = 100;

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
                .setHeld(held(ours.path("held")))
                .setPaused(paused(ours.path("paused")))
                .setCounts(counts(status.at("/canaryAnalysis/limits")))
                .build();
    }

    private static @Nullable HeldFailure held(JsonNode held) {
        return held.isObject()
                ? HeldFailure.newBuilder()
                        .setBecause(cut(held.path("because").asText("")))
                        .setGate(shortText(held.path("gate")))
                        .setWebhook(shortText(held.path("webhook")))
                        .build()
                : null;
    }

    private static @Nullable PausedBy paused(JsonNode paused) {
        return paused.isObject()
                ? new PausedBy(
                        cut(paused.path("by").asText("")), cut(paused.path("reason").asText("")))
                : null;
    }

    private static List<CountedBefore> counts(JsonNode limits) {
        return limits.valueStream()
                .filter(one -> one.path("name").isTextual())
                .limit(MOST)
                .map(
                        one ->
                                CountedBefore.newBuilder()
                                        .setName(cut(one.path("name").asText()))
                                        .setFailed(count(one, "failed"))
                                        .setFailedInARow(count(one, "failedInARow"))
                                        .setInconclusive(count(one, "inconclusive"))
                                        .build())
                .toList();
    }

    private static int count(JsonNode metric, String field) {
        return Math.max(0, metric.path(field).asInt(0));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static Weight weight(JsonNode status) {
        var exact = status.path("serinus").path("canaryWeight");
        return Weight.shown(
                status.path("canaryWeight").asInt(0),
                exact.isNumber() ? exact.doubleValue() : null);
    }

    private static @Nullable String shortText(JsonNode node) {
        return node.isTextual() ? cut(node.asText()) : null;
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
