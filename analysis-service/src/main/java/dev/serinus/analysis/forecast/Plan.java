package dev.serinus.analysis.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryAlert;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a Canary does with its next new revision, in every {@link Course}.
 *
 * @param soonest promoted as early as can be
 * @param latest promoted all the same, as late as can be
 * @param failing with no check that passes
 * @param told who is told of it, as the manifest says; empty where it names nobody
 * @param warnings what its author should look at: a sentence each, the path first
 */
public record Plan(
        CanaryKey canary,
        RolloutSpec spec,
        Forecast soonest,
        Forecast latest,
        Forecast failing,
        List<Receiver> told,
        List<String> warnings) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Who is told.
     *
     * @param name of the entry in the manifest
     * @param severity the least that is told: info, warn or error
     * @param provider NAMESPACE/NAME of the AlertProvider
     */
    public record Receiver(String name, String severity, String provider) {

        /** What a manifest means that names no severity. */
        private static final String ALL = "info";

        static Receiver of(CanaryAlert alert, String namespace) {
            var provider = alert.providerRef();
            return new Receiver(
                    ForecastStep.cut(alert.name()),
                    Objects.requireNonNullElse(alert.severity(), ALL),
                    Objects.requireNonNullElse(provider.namespace(), namespace)
                            + "/"
                            + provider.name());
        }
    }

    public Plan {
        told = List.copyOf(told);
        warnings = List.copyOf(warnings);
    }

    /** Plays each course of a Canary that is admitted, as far as that. */
    public static Plan of(
            CanaryKey canary,
            RolloutSpec spec,
            List<CanaryAlert> alerts,
            List<String> warnings,
            Horizon horizon) {
        return new Plan(
                canary,
                spec,
                Forecast.of(canary, spec, Course.SOONEST, horizon),
                Forecast.of(canary, spec, Course.LATEST, horizon),
                Forecast.of(canary, spec, Course.FAILING, horizon),
                alerts.stream().map(alert -> Receiver.of(alert, canary.namespace())).toList(),
                warnings);
    }

    /** The hooks that take the release back by passing, which nobody can foresee. */
    public List<String> mayTakeBack() {
        List<String> names = new ArrayList<>();
        for (HookSpec hook : spec.getWebhooks()) {
            if (takesBack(hook)) {
                names.add(ForecastStep.cut(hook.getName()));
            }
        }
        return names;
    }

    private static boolean takesBack(HookSpec hook) {
        return type(hook).meaning() instanceof HookType.Meaning.DemandsRollback;
    }

    private static HookType type(HookSpec hook) {
        return HookType.valueOf(hook.getType().name());
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
        ArrayNode receivers = node.putArray("alerts");
        told.forEach(
                each ->
                        receivers
                                .addObject()
                                .put("name", each.name())
                                .put("severity", each.severity())
                                .put("provider", each.provider()));
        warnings.forEach(node.putArray("warnings")::add);
        return node;
    }

    private ObjectNode json(Forecast forecast, int mostSteps) {
        ObjectNode node = JSON.createObjectNode();
        node.put("end", forecast.end())
                .put("waitingFor", forecast.waitingFor())
                .put("lastsMillis", forecast.lasts().toMillis())
                .put("checks", forecast.checks())
                .put("hookCalls", forecast.hookCalls())
                .putPOJO("mostWeight", forecast.most().number());
        ArrayNode hooks = node.putArray("hooks");
        for (int place = 0; place < forecast.calls().size(); place++) {
            var hook = spec.getWebhooks().get(place);
            hooks.addObject()
                    .put("name", ForecastStep.cut(hook.getName()))
                    .put("type", type(hook).word())
                    .put("calls", forecast.calls().get(place))
                    .put("takesBack", takesBack(hook));
        }
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
                                        .put("meets", step.meets().word())
                                        .put("message", step.message()));
        if (forecast.steps().size() > mostSteps) {
            node.put("stepsLeftOut", forecast.steps().size() - mostSteps);
        }
        return node;
    }
}
