package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.StatusUpdate;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The conditions of a Canary: Flagger's {@code Promoted}, those of kstatus ({@code Ready}, {@code
 * Reconciling}, {@code Stalled}), by which Flux, Argo CD and kpt know how it is, {@code Accepted}
 * and {@code Hints}. All follow from one announcement, so that none costs a request of its own.
 */
final class Conditions {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The conditions that are written here; those of others stay as they are. */
    private static final Set<String> OURS =
            Set.of("Promoted", "Ready", "Reconciling", "Stalled", "Accepted", "Hints");

    private static final Set<String> SERVED = Set.of("Initialized", "Succeeded");
    private static final String FAILED = "Failed";
    private static final String INVALID = "InvalidSpec";

    private final JsonNode before;
    private final boolean isOfAnother;
    private final StatusUpdate update;
    private final String now;
    private final String problems;
    private final String phase;
    private final String message;
    private final String stall;

    /**
     * @param isOfAnother what a dry run is about is another controller's, or nobody's yet
     */
    Conditions(JsonNode before, boolean isOfAnother, StatusUpdate update, String now) {
        this.before = before;
        this.isOfAnother = isOfAnother;
        this.update = update;
        this.now = now;
        this.problems =
                update.getProblems().stream()
                        .map((Problem one) -> one.getPath() + ": " + one.getMessage())
                        .collect(Collectors.joining("; "));
        // In a dry run what is so stays so: it was written before.
        this.phase = update.getDryRun() ? before.path("phase").asText("") : update.getPhase();
        this.message =
                update.getDryRun()
                        ? existing("Promoted").map(it -> it.path("message").asText()).orElse("")
                        : update.getMessage();
        // What keeps a run from going on that is only tried keeps nothing that serves from it.
        this.stall = update.getDryRun() ? "" : update.getStalled();
    }

    /** A list has to be written whole: Flagger's condition first, others stay as they are. */
    ArrayNode list() {
        var conditions = JSON.arrayNode();
        promoted(conditions);
        for (JsonNode other : before.path("conditions")) {
            if (!OURS.contains(other.path("type").asText())) {
                conditions.add(other);
            }
        }
        if (isUnknown()) {
            existing("Ready").ifPresent(conditions::add);
            existing("Reconciling").ifPresent(conditions::add);
            existing("Stalled").ifPresent(conditions::add);
        } else if (!isOfAnother) {
            conditions.add(ready());
            conditions.add(reconciling());
            stalled(conditions);
        }
        accepted(conditions);
        hints(conditions);
        return conditions;
    }

    private void promoted(ArrayNode conditions) {
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
    }

    /** A release of before a dry run that has not ended says itself how it is. */
    private boolean isUnknown() {
        boolean rests = SERVED.contains(phase) || phase.equals(FAILED);
        return problems.isEmpty()
                && !isOfAnother
                && (update.getDryRun() ? !rests : phase.isEmpty());
    }

    /** True where what was asked for serves. */
    private JsonNode ready() {
        if (!problems.isEmpty()) {
            return condition("Ready", "False", INVALID, problems);
        }
        if (phase.equals(FAILED)) {
            return condition("Ready", "False", FAILED, failure());
        }
        return condition("Ready", SERVED.contains(phase) ? "True" : "Unknown", phase, message);
    }

    /** True while it is on its way, or waits for people; never where it stalls. */
    private JsonNode reconciling() {
        if (isStalled()) {
            return condition("Reconciling", "False", "Stalled", "The condition Stalled says why.");
        }
        if (SERVED.contains(phase)) {
            return condition("Reconciling", "False", phase, "Nothing is under way.");
        }
        String waits = update.getWaitingFor();
        return condition(
                "Reconciling", "True", phase, waits.isEmpty() ? message : "Waiting for " + waits);
    }

    private boolean isStalled() {
        return !problems.isEmpty() || phase.equals(FAILED) || !stall.isEmpty();
    }

    private String failure() {
        return stall.isEmpty() ? message : stall;
    }

    /**
     * True while it does not go on by itself. A Canary that never stalled has no such condition.
     */
    private void stalled(ArrayNode conditions) {
        if (!problems.isEmpty()) {
            conditions.add(condition("Stalled", "True", INVALID, problems));
        } else if (phase.equals(FAILED)) {
            conditions.add(condition("Stalled", "True", FAILED, failure()));
        } else if (!stall.isEmpty()) {
            conditions.add(condition("Stalled", "True", "Waiting", stall));
        } else if (existing("Stalled").isPresent()) {
            conditions.add(condition("Stalled", "False", "Resumed", "Nothing is in the way."));
        }
    }

    /** Flagger has no such condition, nor has a Canary that never broke a rule. */
    private void accepted(ArrayNode conditions) {
        if (!problems.isEmpty()) {
            conditions.add(condition("Accepted", "False", INVALID, problems));
        } else if (existing("Accepted").isPresent()) {
            conditions.add(condition("Accepted", "True", "Accepted", "The spec obeys every rule."));
        }
    }

    /**
     * They keep no release from going on, and nobody is to be woken by them: so they are no event,
     * and none of those by which it is known how it is. A Canary that never had one has no such
     * condition.
     */
    private void hints(ArrayNode conditions) {
        var hints = update.getHints();
        if (hints == null) {
            existing("Hints").ifPresent(conditions::add);
        } else if (!hints.isEmpty()) {
            conditions.add(condition("Hints", "True", "Manifest", String.join("; ", hints)));
        } else if (existing("Hints").isPresent()) {
            conditions.add(
                    condition("Hints", "False", "NoHints", "The manifest works as it says."));
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
