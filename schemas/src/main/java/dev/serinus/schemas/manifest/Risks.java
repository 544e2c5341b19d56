package dev.serinus.schemas.manifest;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType.Meaning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a valid Canary lets a bad release through, or makes it last. */
final class Risks {

    private static final Weight MUCH = Weight.percent(50);
    private static final int TIMES = 5;

    private Risks() {}

    /** A sentence for each, which begins with the path. */
    static List<String> of(Canary canary, RolloutSpec spec) {
        List<String> risks = new ArrayList<>();
        if (spec.getSuspend()) {
            risks.add("spec.suspend: is set, so that no new revision is released");
        }
        if (spec.getSkipAnalysis()) {
            risks.add("spec.skipAnalysis: is set, so that every new revision goes to everybody");
            return risks;
        }
        boolean checks =
                spec.getWebhooks().stream().anyMatch(hook -> isCheck(hook.getType()))
                        || !spec.getMetrics().isEmpty();
        if (!checks) {
            risks.add(
                    "spec.analysis: has neither metrics nor a webhook of type rollout, so that"
                            + " every revision whose pods are ready is promoted");
        }
        first(spec)
                .filter(share -> share.isAbove(MUCH))
                .ifPresent(
                        share ->
                                risks.add(
                                        "spec.analysis.%s: the first step already sends %s%% of all requests to the new revision"
                                                .formatted(
                                                        spec.getStepWeight() > 0
                                                                ? "stepWeight"
                                                                : "stepWeights",
                                                        share)));
        lookBacks(canary, Duration.ofMillis(spec.getIntervalMillis()), risks);
        return risks;
    }

    private static boolean isCheck(HookType type) {
        return dev.serinus.schemas.hook.HookType.valueOf(type.name()).meaning()
                instanceof Meaning.Check;
    }

    private static Optional<Weight> first(RolloutSpec spec) {
        var fine = spec.getFineWeights();
        if (fine != null) {
            return fine.getStepWeight() > 0
                    ? Optional.of(new Weight(fine.getStepWeight()))
                    : fine.getStepWeights().stream().findFirst().map(Weight::new);
        }
        return spec.getStepWeight() > 0
                ? Optional.of(Weight.percent(spec.getStepWeight()))
                : spec.getStepWeights().stream().findFirst().map(Weight::percent);
    }

    private static void lookBacks(Canary canary, Duration interval, List<String> risks) {
        List<CanaryMetric> metrics = canary.getSpec().analysis().metrics();
        for (int place = 0; metrics != null && place < metrics.size(); place++) {
            String window = metrics.get(place).interval();
            var length = window == null ? null : Durations.parse(window).orElse(null);
            if (length != null && length.compareTo(interval.multipliedBy(TIMES)) > 0) {
                risks.add(
                        "spec.analysis.metrics[%d].interval: looks back %s at each step of %s, so that what happened steps ago decides"
                                .formatted(
                                        place, Durations.print(length), Durations.print(interval)));
            }
        }
    }
}
