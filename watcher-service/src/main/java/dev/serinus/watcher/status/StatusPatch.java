package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ComparedMetric;
import dev.serinus.schemas.events.ComparisonStatus;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.JudgedMetric;
import dev.serinus.schemas.events.JudgementStatus;
import dev.serinus.schemas.events.MetricCounts;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.StatusUpdate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * What to change in a Canary's status, as a JSON merge patch: fields that nobody gave, and fields
 * that we do not know, are not in it.
 */
final class StatusPatch {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode before;
    private final boolean claimed;
    private final StatusUpdate update;
    private final String now;

    private StatusPatch(JsonNode before, boolean claimed, StatusUpdate update, Instant now) {
        this.before = before;
        this.claimed = claimed;
        this.update = update;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The sequence number of the last announcement in a status; 0 when there is none. */
    static long sequence(JsonNode status) {
        var ours = status.path("serinus");
        return Math.max(ours.path("sequence").asLong(0), ours.at("/dryRun/sequence").asLong(0));
    }

    /**
     * @param claimed the Canary is this installation's to steer
     */
    static ObjectNode of(
            JsonNode before, boolean claimed, StatusUpdate update, long sequence, Instant now) {
        return new StatusPatch(before, claimed, update, now).patch(sequence);
    }

    private ObjectNode patch(long sequence) {
        var status = JSON.objectNode();
        if (update.getDryRun()) {
            // Flagger's fields say what is so, and may be another controller's.
            status.set("conditions", new Conditions(before, isOfAnother(), update, now).list());
            if (!isOfAnother()) {
                status.put("observedGeneration", observedGeneration());
            } else if (before.has("observedGeneration")) {
                status.putNull("observedGeneration"); // of a release that wrote it all the same
            }
            status.set("serinus", tried(sequence));
            return status;
        }
        if (!update.getPhase().isEmpty()) {
            status.put("phase", update.getPhase());
        }
        status.put("canaryWeight", update.getCanaryWeight());
        status.put("failedChecks", update.getFailedChecks());
        status.put("iterations", update.getIterations());
        given(status, "lastAppliedSpec", update.getLastAppliedSpec());
        given(status, "lastPromotedSpec", update.getLastPromotedSpec());
        if (update.getTrackedConfigs() != null) {
            status.set("trackedConfigs", replaced(update.getTrackedConfigs()));
        }
        givenOrNothing(status, "sessionAffinityCookie", update.getSessionAffinityCookie());
        givenOrNothing(
                status, "previousSessionAffinityCookie", update.getPreviousSessionAffinityCookie());
        givenOrNothing(
                status, "primarySessionAffinityCookie", update.getPrimarySessionAffinityCookie());
        status.put("lastTransitionTime", now);
        status.set("conditions", new Conditions(before, isOfAnother(), update, now).list());
        status.put("observedGeneration", observedGeneration());
        status.set("serinus", serinus(sequence));
        canaryAnalysis(status);
        return status;
    }

    /**
     * True where another controller is in charge, or nobody yet: how it is, it says itself. The
     * claim tells, and no number: those stay when a Canary is handed back.
     */
    private boolean isOfAnother() {
        return update.getDryRun() && !claimed;
    }

    /** A release that tells one generation only tells that of the spec in force. */
    private long observedGeneration() {
        return Math.max(update.getSeenGeneration(), update.getObservedGeneration());
    }

    private static void given(ObjectNode status, String field, @Nullable String value) {
        if (value != null) {
            status.put(field, value);
        }
    }

    /** Null leaves the field as it is, an empty text takes it away. */
    private static void givenOrNothing(ObjectNode status, String field, @Nullable String value) {
        if (value != null) {
            textOrNothing(status, field, value);
        }
    }

    /** A merge patch only adds to a map: what is no longer in it has to be set to null. */
    private ObjectNode replaced(Map<String, String> configs) {
        var patch = JSON.objectNode();
        before.path("trackedConfigs").fieldNames().forEachRemaining(patch::putNull);
        configs.forEach(patch::put);
        return patch;
    }

    private ObjectNode serinus(long sequence) {
        var ours = JSON.objectNode();
        ours.put("run", update.getRun());
        ours.put("step", update.getStep());
        ours.put("sequence", sequence);
        ours.put("observedGeneration", update.getObservedGeneration());
        textOrNothing(ours, "revision", update.getRevision());
        textOrNothing(ours, "waitingFor", update.getWaitingFor());
        ours.putNull("dryRun");
        var weight = Weight.recorded(update.getCanaryWeight(), update.getCanaryBasisPoints());
        ours.set(
                "canaryWeight",
                weight.isWhole()
                        ? JSON.nullNode()
                        : JSON.numberNode(weight.number().doubleValue()));
        ours.set("baselineWeight", share(update.getBaselineBasisPoints()));
        ours.set("mirrorWeight", share(update.getMirrorBasisPoints()));
        ours.set("held", held(update.getHeld()));
        ours.set("paused", paused(update.getPaused()));
        return ours;
    }

    private static JsonNode held(@Nullable HeldFailure failure) {
        if (failure == null) {
            return JSON.nullNode();
        }
        var held = JSON.objectNode().put("because", failure.getBecause());
        // Null, and not absent, takes away what a failure before it had.
        return held.put("gate", failure.getGate()).put("webhook", failure.getWebhook());
    }

    private static JsonNode paused(@Nullable PausedBy paused) {
        return paused == null
                ? JSON.nullNode()
                : JSON.objectNode().put("by", paused.getActor()).put("reason", paused.getReason());
    }

    /** What would be so, in one line. */
    private String tried(String waitingFor) {
        return "dry run: "
                + update.getPhase()
                + (waitingFor.isEmpty() ? "" : ", waiting for " + waitingFor);
    }

    /** By run, step and sequence we know what is ours, so that they stay what they are. */
    private ObjectNode tried(long sequence) {
        var ours = JSON.objectNode();
        var known = before.path("serinus");
        for (String number : List.of("run", "step", "sequence")) {
            ours.put(number, known.path(number).asLong(0));
        }
        ours.put("observedGeneration", update.getObservedGeneration());
        ours.put("waitingFor", tried(update.getWaitingFor()));
        var weight = Weight.recorded(update.getCanaryWeight(), update.getCanaryBasisPoints());
        ours.putObject("dryRun")
                .put("phase", update.getPhase())
                .put("canaryWeight", weight.number().doubleValue())
                .put("iterations", update.getIterations())
                .put("failedChecks", update.getFailedChecks())
                .put("revision", update.getRevision())
                .put("sequence", sequence);
        return ours;
    }

    private static JsonNode share(@Nullable Integer basisPoints) {
        return basisPoints == null
                ? JSON.nullNode()
                : JSON.numberNode(new Weight(basisPoints).number().doubleValue());
    }

    /** What is no longer there has to be set to null. */
    private void canaryAnalysis(ObjectNode status) {
        var analysis = JSON.objectNode();
        if (update.getJudgement() != null) {
            analysis.setAll(judgement(update.getJudgement()));
        }
        if (update.getComparison() != null) {
            analysis.setAll(comparison(update.getComparison()));
        }
        if (!update.getCounts().isEmpty()) {
            counts(analysis.putArray("limits"));
        }
        var gone = before.path("canaryAnalysis");
        if (!analysis.isEmpty()) {
            gone.fieldNames()
                    .forEachRemaining(
                            field -> {
                                if (!analysis.has(field)) {
                                    analysis.putNull(field);
                                }
                            });
            status.set("canaryAnalysis", analysis);
        } else if (before.hasNonNull("canaryAnalysis")) {
            status.putNull("canaryAnalysis");
        }
    }

    private static ObjectNode judgement(JudgementStatus found) {
        var judgement = JSON.objectNode();
        judgement.put("at", found.getAt().truncatedTo(ChronoUnit.SECONDS).toString());
        judgement.put("verdict", found.getVerdict());
        var checks = judgement.putArray("checks");
        for (JudgedMetric one : found.getMetrics()) {
            var check = checks.addObject();
            check.put("name", one.getName());
            number(check, "value", one.getValue());
            number(check, "min", one.getMin());
            number(check, "max", one.getMax());
            check.put("verdict", one.getVerdict());
            if (!one.getBecause().isEmpty()) {
                check.put("because", one.getBecause());
            }
        }
        return judgement;
    }

    /** JSON has no word for what is no finite number. */
    private static void number(ObjectNode check, String name, @Nullable Double value) {
        if (value != null && Double.isFinite(value)) {
            check.put(name, value.doubleValue());
        }
    }

    private void counts(ArrayNode limits) {
        for (MetricCounts one : update.getCounts()) {
            var metric = limits.addObject();
            metric.put("name", one.getName());
            metric.put("failed", one.getFailed());
            limit(metric, "failureLimit", one.getFailureLimit());
            metric.put("failedInARow", one.getFailedInARow());
            limit(metric, "consecutiveFailures", one.getConsecutiveFailures());
            metric.put("inconclusive", one.getInconclusive());
            limit(metric, "inconclusiveLimit", one.getInconclusiveLimit());
        }
    }

    private static void limit(ObjectNode metric, String name, @Nullable Integer limit) {
        if (limit != null) {
            metric.put(name, limit);
        }
    }

    /** The list takes the place of the one before. */
    private static ObjectNode comparison(ComparisonStatus found) {
        var comparison = JSON.objectNode();
        comparison.put("from", found.getFrom().truncatedTo(ChronoUnit.SECONDS).toString());
        comparison.put("at", found.getAt().truncatedTo(ChronoUnit.SECONDS).toString());
        comparison.put("verdict", found.getVerdict());
        comparison.put("score", found.getScore());
        var metrics = comparison.putArray("metrics");
        for (ComparedMetric one : found.getMetrics()) {
            var metric = metrics.addObject();
            metric.put("name", one.getName());
            metric.put("classification", one.getClassification());
            metric.put("canarySize", one.getCanarySize());
            metric.put("primarySize", one.getPrimarySize());
            if (one.getEffect() != null) {
                metric.put("effect", one.getEffect());
            }
            if (one.getP() != null) {
                metric.put("p", one.getP());
            }
            metric.put("digest", one.getDigest());
        }
        return comparison;
    }

    private static void textOrNothing(ObjectNode node, String field, String text) {
        if (text.isEmpty()) {
            node.putNull(field);
        } else {
            node.put(field, text);
        }
    }
}
