package dev.serinus.analysis.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Reads what was kept before forms had a version: one stage by name beside a step, an attempt, a
 * hook and a due time, of which each stage used some. What was asked is asked still, under the same
 * step.
 */
final class Version0 {

    private static final Set<String> RESTS = Set.of("INITIALIZED", "SUCCEEDED", "FAILED");
    private static final Set<String> PROMOTES = Set.of("PROMOTING", "FINALISING");

    /** How long is waited where nothing was due, as in everything that was held. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JsonNode before;
    private final String at;

    private Version0(JsonNode rollout, String at) {
        this.before = rollout;
        this.at = at;
    }

    static ObjectNode upgraded(ObjectNode kept) {
        var after = kept.deepCopy();
        var version = new Version0(kept.path("rollout"), kept.path("at").asText());
        after.set("rollout", version.rollout());
        return after;
    }

    private ObjectNode rollout() {
        var after = object();
        copy(after, "canary", "target", "primary", "phase", "baseline", "counters", "cookies");
        copy(after, "lastTold", "at");
        after.set("manifest", manifest());
        after.set("run", run());
        after.set("traffic", traffic());
        after.set("stage", stage());
        if (before.path("paused").asBoolean()) {
            after.putObject("pause").put("by", "somebody").put("reason", "").put("since", at);
        }
        if (!after.has("cookies")) {
            after.putObject("cookies");
        }
        return after;
    }

    private ObjectNode manifest() {
        var manifest = object();
        for (String field : Set.of("uid", "generation", "spec", "deleting", "problems")) {
            if (before.has(field)) {
                manifest.set(field, before.get(field));
            }
        }
        return manifest.put("claimed", false);
    }

    private ObjectNode run() {
        JsonNode old = before.path("run");
        ObjectNode run = old.isObject() ? (ObjectNode) old.deepCopy() : object();
        run.remove("stop");
        run.put("reached", stop() + 1);
        run.putObject("readiness").put("spent", Duration.ZERO.toString()).put("steady", true);
        return run;
    }

    private int stop() {
        return before.path("run").path("stop").asInt(-1);
    }

    private ObjectNode traffic() {
        JsonNode old = before.path("traffic");
        var traffic = object();
        traffic.set("split", split(old));
        return traffic.put("iterations", old.path("iterations").asInt())
                .put("failedChecks", old.path("failedChecks").asInt());
    }

    private ObjectNode split(JsonNode old) {
        int weight = old.path("canaryWeight").asInt();
        JsonNode stop = before.path("run").path("stops").path(Math.max(0, stop()));
        boolean matched =
                stop() >= 0 && weight > 0 && stop.path("split").path("matched").asBoolean();
        return split(weight)
                .put("mirrored", old.path("mirrored").asBoolean())
                .put("matched", matched);
    }

    private static ObjectNode split(int weight) {
        return object().put("canaryWeight", weight).put("mirrored", false).put("matched", false);
    }

    private ObjectNode stage() {
        String stage = before.path("await").path("stage").asText("UNKNOWN");
        boolean initialising = isPhase("INITIALIZING");
        return switch (stage) {
            case "UNKNOWN" ->
                    before.has("spec") && !isPhase("NONE")
                            ? waiting(release(initialising ? "Initialize" : "Adopt"))
                            : named("Unknown");
            case "AVAILABILITY" -> asking(named("Availability"));
            case "INITIALIZING" -> asking(named(initialising ? "Initialize" : "Adopt"));
            case "FIRST_PRIMARY" -> waiting(named(initialising ? "FirstPrimary" : "FoundTarget"));
            case "FIRST_PRIMARY_LATE" ->
                    named("InitializationFailed")
                            .put("because", before.path("await").path("waitingFor").asText());
            case "FIRST_COPY" -> asking(named("CopyFirst"));
            case "TAKING_OVER" -> asking(named(initialising ? "TakeOver" : "Reroute"));
            case "RESTING" -> named("Resting");
            case "RESHAPING" -> asking(named("Reshape"));
            case "CONFIRM_ROLLOUT" -> asking(hook("CONFIRM_ROLLOUT"));
            case "WAITING" -> waiting(gate("START"));
            case "SCALING_UP" -> asking(named("ScaleUp"));
            case "RESETTING" ->
                    asking(
                            named(
                                    rests() || isPhase("WAITING")
                                            ? "ClearBeforeRun"
                                            : "ClearForRestart"));
            case "CANARY_READY" -> waiting(named("ReadyCanary"));
            case "PRIMARY_AWAITED" -> waiting(named("ReadyPrimary"));
            case "PRE_ROLLOUT" -> asking(hook("PRE_ROLLOUT"));
            case "PRE_ROLLOUT_AGAIN" -> waiting(interval("AfterFailure"));
            case "CONFIRM_TRAFFIC" -> asking(hook("CONFIRM_TRAFFIC_INCREASE"));
            case "TRAFFIC_CLOSED" -> waiting(gate("ADVANCE"));
            case "SHIFTING" ->
                    asking(
                            named("Shift")
                                    .put("to", stop() + 1)
                                    .put("since", at)
                                    .put("hooksAsked", at));
            case "INTERVAL" -> waiting(interval("Arrived"));
            case "ROLLBACK_HOOKS" -> asking(rollbackHook());
            case "ROLLOUT_HOOKS" -> asking(hook("ROLLOUT"));
            case "METRICS" -> asking(named("Metrics"));
            case "CONFIRM_PROMOTION" -> asking(hook("CONFIRM_PROMOTION"));
            case "RETREATING" -> asking(named("Retreat").put("from", from()));
            case "RETREATED" -> waiting(named("CanaryAgain"));
            case "RESCUING" -> asking(named("Rescue").put("from", from()));
            case "RESCUED" -> waiting(named("PrimaryAgain").put("from", from()));
            case "COPYING" -> asking(named("Copy"));
            case "PRIMARY_READY" -> waiting(named("PromotedPrimary"));
            case "ROUTING_BACK" -> asking(routeBack());
            case "ROUTING_BACK_INTERVAL" -> waiting(named("StepBack"));
            case "DRAINING" -> waiting(named("Drained"));
            case "SCALING_DOWN" -> asking(named("ScaleDown"));
            case "ROLLBACK_WAIT" -> waiting(named("PrimaryForRollback"));
            case "ROLLING_BACK" -> asking(named("RollBack"));
            case "ROLLBACK_SCALE" -> asking(named("ScaleDownFailed"));
            case "POST_ROLLOUT" -> asking(hook("POST_ROLLOUT"));
            case "RESTORING" -> asking(named("Restore"));
            case "TERMINATED" -> named("Terminated");
            case "GONE" -> named("Gone");
            default ->
                    throw new IllegalStateException(
                            "a canary is kept at stage %s, which no release had".formatted(stage));
        };
    }

    private ObjectNode asking(ObjectNode question) {
        JsonNode await = before.path("await");
        var stage = named("Asking");
        stage.set("question", question);
        stage.putObject("ask")
                .put("step", await.path("step").asLong())
                .put("attempt", Math.max(1, await.path("attempt").asInt()))
                .put("since", at)
                .put("refused", 0)
                .put("due", due());
        return stage;
    }

    private ObjectNode waiting(ObjectNode awaited) {
        var stage = named("Waiting");
        stage.set("awaited", awaited);
        stage.putObject("timer")
                .put("step", before.path("await").path("step").asLong())
                .put("since", at)
                .put("due", due());
        return stage;
    }

    private String due() {
        return before.path("await").path("due").asText(Instant.parse(at).plus(PATIENCE).toString());
    }

    private ObjectNode hook(String type) {
        return named("CallHook")
                .put("type", type)
                .put("hook", before.path("await").path("hook").asInt());
    }

    private ObjectNode rollbackHook() {
        var question = named("AskForRollback").put("type", "ROLLBACK");
        question.put("hook", before.path("await").path("hook").asInt());
        question.set("then", named("Check"));
        return question;
    }

    private ObjectNode routeBack() {
        int step = before.path("run").path("stepWeightPromotion").asInt();
        int weight = before.path("traffic").path("canaryWeight").asInt();
        var question = named("RouteBack");
        question.set("to", split(step == 0 ? 0 : Math.max(0, weight - step)));
        return question;
    }

    private static ObjectNode gate(String point) {
        return named("OpenGate")
                .put("point", point)
                .put("by", "its webhook")
                .put("because", "its webhook says no");
    }

    private static ObjectNode interval(String reason) {
        var awaited = named("Interval");
        awaited.set("reason", named(reason));
        return awaited;
    }

    private static ObjectNode release(String then) {
        var awaited = named("Release");
        awaited.set("then", named(then));
        return awaited;
    }

    private String from() {
        if (rests()) {
            return "REST";
        }
        return PROMOTES.contains(before.path("phase").asText()) ? "PROMOTION" : "ANALYSIS";
    }

    private boolean rests() {
        return RESTS.contains(before.path("phase").asText());
    }

    private boolean isPhase(String phase) {
        return before.path("phase").asText("NONE").equals(phase);
    }

    private void copy(ObjectNode after, String... fields) {
        for (String field : fields) {
            if (before.has(field)) {
                after.set(field, before.get(field));
            }
        }
    }

    private static ObjectNode named(String is) {
        return object().put("is", is);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
