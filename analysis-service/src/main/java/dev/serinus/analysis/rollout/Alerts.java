package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The fields that Flagger shows with an alert about a whole rollout (reference 5.3). */
final class Alerts {

    private Alerts() {}

    static List<Field> fields(Spec spec, String namespace) {
        var strategy = spec.strategy();
        List<Field> fields = new ArrayList<>();
        fields.add(
                new Field(
                        "Target",
                        "%s/%s.%s"
                                .formatted(spec.target().kind(), spec.target().name(), namespace)));
        fields.add(new Field("Failed checks threshold", Integer.toString(spec.threshold())));
        fields.add(new Field("Progress deadline", spec.progressDeadline().toSeconds() + "s"));
        if (strategy.iterations() > 0) {
            fields.add(
                    new Field(
                            "Traffic routing", strategy.matched() ? "A/B Testing" : "Blue/Green"));
        } else if (strategy.stepWeight() > 0) {
            fields.add(
                    new Field(
                            "Traffic routing",
                            "Weight step: %d max: %d"
                                    .formatted(
                                            strategy.stepWeight(), strategy.maxWeightWritten())));
        } else if (!strategy.stepWeights().isEmpty()) {
            String weights =
                    strategy.stepWeights().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(","));
            fields.add(
                    new Field(
                            "Traffic routing",
                            "Weight steps: %s max: %d"
                                    .formatted(weights, strategy.maxWeightWritten())));
        }
        return fields;
    }
}
