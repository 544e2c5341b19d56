package dev.serinus.conformance.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One thing that is done or waited for. */
public sealed interface Step {

    /** How long anything is waited for, unless the step says otherwise. */
    Duration PATIENCE = Duration.ofMinutes(4);

    /** How long a script may take, unless the step says otherwise. */
    Duration LONGEST_SCRIPT = Duration.ofMinutes(5);

    /** Until the status of this Canary, or of any, has this phase, however short. */
    record Wait(String phase, @Nullable String canary, Duration limit) implements Step {}

    /** Until an event about the Canary contains this text. */
    record WaitEvent(String text) implements Step {}

    /** Until the Canary's status has these values, however short. */
    record WaitStatus(JsonNode wanted, Duration limit) implements Step {}

    /** A new image for a workload, such as {@code deployment/podinfo}. */
    record Image(String workload, String image) implements Step {}

    /** A JSON merge patch of an object, such as {@code canary/podinfo}. */
    record Patch(String object, JsonNode patch) implements Step {}

    /** A JSON merge patch of an object's status. */
    record PatchStatus(String object, JsonNode patch) implements Step {}

    /** Manifests applied in the scenario's namespace. */
    record Apply(String manifests) implements Step {}

    /** Words as after {@code kubectl annotate}: the object and its annotations. */
    record Annotate(List<String> words) implements Step {
        public Annotate {
            words = List.copyOf(words);
        }
    }

    /** Words as after {@code kubectl delete}. */
    record Delete(List<String> words) implements Step {
        public Delete {
            words = List.copyOf(words);
        }
    }

    /** Time that passes. */
    record Sleep(Duration time) implements Step {}

    /**
     * A bash script with kubectl as {@code $K}, the namespace as {@code $NS} and the fake server's
     * address as {@code $SINK}.
     *
     * @param label by which what it says is found
     */
    record Shell(String script, String label, Duration limit) implements Step {}

    /** Such a script, begun and left at work. */
    record Background(String script) implements Step {}

    /** The end of all that was left at work. */
    record EndBackground() implements Step {}

    /** A step that may fail: the scenario goes on and what went wrong is noted. */
    record Try(Step step) implements Step {}

    /** The step that is written so. */
    static Step of(JsonNode written) {
        Map.Entry<String, JsonNode> first = written.properties().iterator().next();
        JsonNode value = first.getValue();
        return switch (first.getKey()) {
            case "wait" ->
                    new Wait(value.asText(), written.path("canary").textValue(), limit(written));
            case "wait-event" -> new WaitEvent(value.asText());
            case "wait-status" -> new WaitStatus(value, limit(written));
            case "image" ->
                    new Image(
                            written.path("workload").asText("deployment/podinfo"), value.asText());
            case "patch" -> new Patch(value.path("object").asText(), value.path("patch"));
            case "status" -> new PatchStatus(value.path("object").asText(), value.path("patch"));
            case "apply" -> new Apply(value.asText());
            case "annotate" -> new Annotate(words(value));
            case "delete" -> new Delete(words(value));
            case "sleep" -> new Sleep(Duration.ofSeconds(value.asLong()));
            case "sh" ->
                    new Shell(
                            value.asText(),
                            written.path("label").asText(firstLine(value.asText())),
                            limit(written, LONGEST_SCRIPT));
            case "bg" -> new Background(value.asText());
            case "bgstop" -> new EndBackground();
            case "try" -> new Try(of(value));
            default -> throw new IllegalArgumentException("no such step: " + first.getKey());
        };
    }

    private static Duration limit(JsonNode written) {
        return limit(written, PATIENCE);
    }

    private static Duration limit(JsonNode written, Duration otherwise) {
        return written.has("seconds")
                ? Duration.ofSeconds(written.path("seconds").asLong())
                : otherwise;
    }

    private static String firstLine(String script) {
        return script.strip().lines().findFirst().orElse("");
    }

    private static List<String> words(JsonNode value) {
        return List.of(value.asText().strip().split("\\s+"));
    }
}
