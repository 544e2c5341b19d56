package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.schemas.canary.Durations;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How much faster than it was recorded a scenario is played: the intervals of its Canaries and the
 * steps that sleep become shorter alike. Recordings show the intervals as they were written.
 *
 * <p>A scenario keeps the pace it was recorded at when anything in it takes its time whatever the
 * intervals are: pods that are not ready ({@code lab/ready}), servers that answer late ({@code
 * delay}) or are given up on ({@code timeout} of a webhook), a quota or a target that comes later,
 * or session affinity or a metric without an interval of its own, since a cookie or a query shows
 * the Canary's. One that deletes something sleeps as long as recorded: the garbage collector takes
 * its time.
 */
final class SpeedUp {

    private static final Pattern REAL_TIME =
            Pattern.compile("lab/ready|ResourceQuota|replicas\"?: ?0");

    private static final Duration SHORTEST_SLEEP = Duration.ofSeconds(3);

    /** A step that sleeps so long waits for a run to end, and pods take their time. */
    private static final Duration LONG_SLEEP = Duration.ofSeconds(30);

    private static final Duration FOR_PODS = Duration.ofSeconds(5);

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final String INTERVAL = "interval";

    private final int speed;
    private final boolean deletes;
    private final Map<String, String> written = new ConcurrentHashMap<>();

    private SpeedUp(int speed, boolean deletes) {
        this.speed = speed;
        this.deletes = deletes;
    }

    /** The wanted speed where the scenario bears it. */
    static SpeedUp of(Scenario scenario, int wanted) {
        boolean deletes = scenario.steps().stream().anyMatch(step -> step.has("delete"));
        return new SpeedUp(needsItsTime(scenario) ? 1 : wanted, deletes);
    }

    /** This speed, whatever the scenario says: its author knows that it bears it. */
    static SpeedUp at(int speed) {
        return new SpeedUp(speed, false);
    }

    private static boolean needsItsTime(Scenario scenario) {
        boolean late =
                scenario.answers().stream()
                        .flatMap(rule -> rule.replies().stream())
                        .anyMatch(reply -> reply.has("delay"));
        return late
                || scenario.base().isEmpty()
                || Stream.concat(
                                Stream.of(scenario.objects(), scenario.elsewhere()),
                                scenario.steps().stream().map(JsonNode::toString))
                        .anyMatch(text -> REAL_TIME.matcher(text).find())
                || Json.yaml(scenario.objects()).stream().anyMatch(SpeedUp::asksForIt);
    }

    private static boolean asksForIt(JsonNode manifest) {
        JsonNode analysis = manifest.path("spec").path("analysis");
        return analysis.has("sessionAffinity")
                || analysis.path("metrics").valueStream().anyMatch(each -> !each.has(INTERVAL))
                || analysis.path("webhooks").valueStream().anyMatch(each -> each.has("timeout"));
    }

    int speed() {
        return speed;
    }

    /** How long a step sleeps that slept this long when it was recorded. */
    Duration sleep(Duration recorded) {
        if (speed == 1 || deletes) {
            return recorded;
        }
        Duration shorter = recorded.dividedBy(speed);
        if (recorded.compareTo(LONG_SLEEP) >= 0) {
            return shorter.plus(FOR_PODS);
        }
        Duration shortest = recorded.compareTo(SHORTEST_SLEEP) < 0 ? recorded : SHORTEST_SLEEP;
        return shorter.compareTo(shortest) < 0 ? shortest : shorter;
    }

    /** What is applied for this manifest. */
    ObjectNode played(ObjectNode manifest) {
        return manifest.path("kind").asText().equals("Canary")
                ? inAnalysis(manifest, true)
                : manifest;
    }

    /** What is applied for this patch of an object. */
    JsonNode played(String object, JsonNode patch) {
        return object.startsWith("canary/") && patch instanceof ObjectNode tree
                ? inAnalysis(tree, true)
                : patch;
    }

    /** The Canary as its author wrote it. */
    JsonNode recorded(JsonNode canary) {
        return inAnalysis((ObjectNode) canary, false);
    }

    private ObjectNode inAnalysis(ObjectNode canary, boolean shorter) {
        ObjectNode copy = canary.deepCopy();
        if (speed > 1 && copy.path("spec").path("analysis") instanceof ObjectNode analysis) {
            String interval = analysis.path(INTERVAL).asText();
            if (!interval.isEmpty()) {
                analysis.put(
                        INTERVAL,
                        shorter ? shorter(interval) : written.getOrDefault(interval, interval));
            }
        }
        return copy;
    }

    private String shorter(String interval) {
        String played =
                Durations.parse(interval)
                        .map(it -> it.dividedBy(speed))
                        .map(it -> it.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : it)
                        .map(it -> it.toSeconds() + "s")
                        .orElse(interval);
        written.put(played, interval);
        return played;
    }
}
