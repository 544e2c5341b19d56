package dev.serinus.analysis.rollout.tell;

import dev.serinus.analysis.rollout.plan.Strategy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The fields that Flagger shows with an alert about a whole rollout. */
public final class AlertFields {

    private AlertFields() {}

    /**
     * The fields, in Flagger's order.
     *
     * @param target KIND/NAME.NAMESPACE
     */
    public static List<Field> of(
            String target, int threshold, Duration progressDeadline, Strategy strategy) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("Target", target));
        fields.add(new Field("Failed checks threshold", Integer.toString(threshold)));
        fields.add(new Field("Progress deadline", progressDeadline.toSeconds() + "s"));
        if (!strategy.movesWeights()) {
            fields.add(
                    new Field(
                            "Traffic routing", strategy.matched() ? "A/B Testing" : "Blue/Green"));
        } else if (strategy.stepWeight().isAny()) {
            fields.add(
                    new Field(
                            "Traffic routing",
                            "Weight step: %s max: %s"
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
                            "Weight steps: %s max: %s"
                                    .formatted(weights, strategy.maxWeightWritten())));
        }
        return fields;
    }
}
