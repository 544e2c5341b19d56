package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ComparedMetric;
import dev.serinus.schemas.events.ComparisonStatus;
import dev.serinus.schemas.events.MetricCounts;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.StatusUpdate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to change in a Canary's status, as a JSON merge patch: fields that nobody gave, and fields
 * that we do not know, are not in it.
 */
final class StatusPatch {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The conditions that are written here; those of others stay as they are. */
    private static final Set<String> OURS = Set.of("Promoted", "Stalled", "Accepted");

    private final JsonNode before;
    private final StatusUpdate update;
    private final String now;

    private StatusPatch(JsonNode before, StatusUpdate update, Instant now) {
        this.before = before;
        this.update = update;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The sequence number of the last announcement in a status; 0 when there is none. */
    static long sequence(JsonNode status) {
        var ours = status.path("serinus");
        return Math.max(ours.path("sequence").asLong(0), ours.at("/dryRun/sequence").asLong(0));
    }

    static ObjectNode of(JsonNode before, StatusUpdate update, long sequence, Instant now) {
        return new StatusPatch(before, update, now).patch(sequence);
    }

    private ObjectNode patch(long sequence) {
        var status = JSON.objectNode();
        if (update.getDryRun()) {
            // Flagger's fields say what is so, and may be another controller's.
            status.set("conditions", conditions());
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
        status.set("conditions", conditions());
        status.set("serinus", serinus(sequence));
        canaryAnalysis(status);
        return status;
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
        return ours;
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

    /** A list has to be written whole: Flagger's condition first, others stay as they are. */
    private ArrayNode conditions() {
        var conditions = JSON.arrayNode();
        if (!update.getDryRun()
                && !update.getPhase().isEmpty()
                && !update.getPromoted().isEmpty()) {
            conditions.add(
                    condition(
                            "Promoted",
                            update.getPromoted(),
                            update.getPhase(),
                            update.getMessage()));
        } else {
            existing("Promoted").ifPresent(conditions::add);
        }
        for (JsonNode other : before.path("conditions")) {
            String type = other.path("type").asText();
            if (!OURS.contains(type)) {
                conditions.add(other);
            }
        }
        stalled(conditions);
        accepted(conditions);
        return conditions;
    }

    /** A Canary that never stalled has no such condition. */
    private void stalled(ArrayNode conditions) {
        if (!update.getStalled().isEmpty()) {
            conditions.add(condition("Stalled", "True", "Waiting", update.getStalled()));
        } else if (existing("Stalled").isPresent()) {
            conditions.add(condition("Stalled", "False", "Resumed", "Nothing is in the way."));
        }
    }

    /** Flagger has one condition, and so has a Canary that never broke a rule. */
    private void accepted(ArrayNode conditions) {
        List<Problem> problems = update.getProblems();
        if (!problems.isEmpty()) {
            String message =
                    problems.stream()
                            .map(problem -> problem.getPath() + ": " + problem.getMessage())
                            .collect(Collectors.joining("; "));
            conditions.add(condition("Accepted", "False", "InvalidSpec", message));
        } else if (existing("Accepted").isPresent()) {
            conditions.add(condition("Accepted", "True", "Accepted", "The spec obeys every rule."));
        }
    }

    private Optional<JsonNode> existing(String type) {
        for (JsonNode condition : before.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /**
     * As Flagger writes it: untouched unless something of it changes, and the time of the
     * transition is that of a change of its status value.
     */
    private JsonNode condition(String type, String status, String reason, String message) {
        JsonNode old = existing(type).orElseGet(JSON::objectNode);
        boolean sameStatus = old.path("status").asText().equals(status);
        if (sameStatus
                && old.path("reason").asText().equals(reason)
                && old.path("message").asText().equals(message)) {
            return old;
        }
        var condition = JSON.objectNode();
        condition.put("type", type);
        condition.put("status", status);
        condition.put("reason", reason);
        condition.put("message", message);
        condition.put("lastUpdateTime", now);
        condition.put(
                "lastTransitionTime",
                sameStatus ? old.path("lastTransitionTime").asText(now) : now);
        return condition;
    }
}
