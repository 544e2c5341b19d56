package dev.serinus.analysis.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;

/**
 * What a Canary does with its next new revision, in every {@link Course}.
 *
 * @param soonest promoted as early as can be
 * @param latest promoted all the same, as late as can be
 * @param failing with no check that passes
 * @param warnings what its author should look at: a sentence each, the path first
 */
public record Plan(
        CanaryKey canary,
        RolloutSpec spec,
        Forecast soonest,
        Forecast latest,
        Forecast failing,
        List<String> warnings) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Plan {
        warnings = List.copyOf(warnings);
    }

    /** Plays each course, as far as that. */
    public static Plan of(
            CanaryKey canary, RolloutSpec spec, List<String> warnings, Horizon horizon) {
        return new Plan(
                canary,
                spec,
                Forecast.of(canary, spec, Course.SOONEST, horizon),
                Forecast.of(canary, spec, Course.LATEST, horizon),
                Forecast.of(canary, spec, Course.FAILING, horizon),
                warnings);
    }

    /**
     * The same for programs; times in milliseconds after the new revision was seen, weights in
     * percent.
     *
     * @param mostSteps that are told of each course; how many are left out is said
     */
    public ObjectNode json(int mostSteps) {
        ObjectNode node = JSON.createObjectNode();
        node.put("namespace", canary.namespace())
                .put("name", canary.name())
                .put("provider", spec.getProvider());
        node.set("atBest", json(soonest, mostSteps));
        node.set("atWorst", json(latest, mostSteps));
        node.set("ifEveryCheckFails", json(failing, mostSteps));
        warnings.forEach(node.putArray("warnings")::add);
        return node;
    }

    private static ObjectNode json(Forecast forecast, int mostSteps) {
        ObjectNode node = JSON.createObjectNode();
        node.put("end", forecast.end())
                .put("waitingFor", forecast.waitingFor())
                .put("lastsMillis", forecast.lasts().toMillis())
                .put("checks", forecast.checks())
                .put("hookCalls", forecast.hookCalls())
                .putPOJO("mostWeight", forecast.most().number());
        ArrayNode steps = node.putArray("steps");
        forecast.steps().stream()
                .limit(mostSteps)
                .forEach(
                        step ->
                                steps.addObject()
                                        .put("afterMillis", step.after().toMillis())
                                        .put("type", step.type())
                                        .put("phase", step.phase())
                                        .putPOJO("canaryWeight", step.canaryWeight().number())
                                        .put("message", step.message()));
        if (forecast.steps().size() > mostSteps) {
            node.put("stepsLeftOut", forecast.steps().size() - mostSteps);
        }
        return node;
    }
}
