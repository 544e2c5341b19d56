package dev.serinus.analysis.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryAlert;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a Canary does with its next new revision, in every {@link Course}.
 *
 * @param soonest promoted as early as can be
 * @param latest promoted all the same, as late as can be
 * @param failing with no check that passes
 * @param told who is told of it, as the manifest says; empty where it names nobody
 * @param sharesKnown false where pods make the split and nobody knows how many there are: each
 *     share below half of the traffic is its weight or more then
 * @param findings what lint says of it besides: no errors
 */
public record Plan(
        CanaryKey canary,
        RolloutSpec spec,
        Forecast soonest,
        Forecast latest,
        Forecast failing,
        List<Receiver> told,
        boolean sharesKnown,
        List<Finding> findings) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Weight HALF = Weight.percent(50);

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
        findings = List.copyOf(findings);
    }

    /** Plays each course of a Canary that is admitted, as far as that. */
    public static Plan of(
            CanaryKey canary,
            RolloutSpec spec,
            List<CanaryAlert> alerts,
            List<Finding> findings,
            Horizon horizon) {
        return new Plan(
                canary,
                spec,
                Forecast.of(canary, spec, Course.SOONEST, horizon),
                Forecast.of(canary, spec, Course.LATEST, horizon),
                Forecast.of(canary, spec, Course.FAILING, horizon),
                alerts.stream().map(alert -> Receiver.of(alert, canary.namespace())).toList(),
                !byPods(spec),
                findings);
    }

    /**
     * The same with the shares that the canary's pods make, where they make the split.
     *
     * @param shares of weights above 0, as far as they are known
     */
    public Plan with(Function<Set<Weight>, Map<Weight, Weight>> shares) {
        if (!byPods(spec)) {
            return this;
        }
        Set<Weight> weights =
                Stream.of(soonest, latest, failing)
                        .flatMap(each -> each.shared().stream())
                        .collect(Collectors.toSet());
        var known = shares.apply(weights);
        return new Plan(
                canary,
                spec,
                soonest.with(known),
                latest.with(known),
                failing.with(known),
                told,
                known.keySet().containsAll(weights),
                findings);
    }

    /** False for a share that may be more; half of the traffic is the most that pods make. */
    public boolean isExact(Weight share) {
        return sharesKnown || !HALF.isAbove(share);
    }

    private static boolean byPods(RolloutSpec spec) {
        var rules = spec.getRules();
        return rules != null && rules.getByReplicas();
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
        node.put("sharesKnown", sharesKnown);
        ArrayNode warnings = node.putArray("warnings");
        ArrayNode found = node.putArray("findings");
        for (Finding each : findings) {
            if (each.level() == Level.WARNING) {
                warnings.add(each.words());
            }
            found.add(json(each));
        }
        return node;
    }

    /** For programs, as lint tells it; its file is left out. */
    public static ObjectNode json(Finding finding) {
        return JSON.createObjectNode()
                .put("level", finding.level().word())
                .put("line", finding.line())
                .put("rule", finding.rule())
                .put("resource", finding.about())
                .put("path", finding.path())
                .put("message", finding.words());
    }

    private static ObjectNode json(ForecastStep step) {
        var node =
                JSON.createObjectNode()
                        .put("afterMillis", step.after().toMillis())
                        .put("type", step.type())
                        .put("phase", step.phase())
                        .putPOJO("canaryWeight", step.canaryWeight().number())
                        .put("meets", step.meets().word())
                        .put("message", step.message());
        if (!step.share().equals(step.canaryWeight())) {
            node.putPOJO("share", step.share().number());
        }
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
        forecast.steps().stream().limit(mostSteps).forEach(step -> steps.add(json(step)));
        if (forecast.steps().size() > mostSteps) {
            node.put("stepsLeftOut", forecast.steps().size() - mostSteps);
        }
        return node;
    }
}
