package dev.serinus.watcher.cluster;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.List;
import java.util.stream.Collectors;

/** What the watcher keeps of a MetricTemplate. */
public sealed interface Template {

    /** It can be used. Its headers may be secrets. */
    record Usable(MetricTemplateSpec spec) implements Template {}

    /** It breaks its own schema. */
    record Malformed(String because) implements Template {}

    /** Reads a MetricTemplate object. */
    static Template of(GenericKubernetesResource object) {
        return switch (CanaryReader.readMetricTemplate(object)) {
            case Reading.Whole(var template) -> new Usable(template.getSpec());
            case Reading.Malformed(_, var problems) -> new Malformed(text(problems));
        };
    }

    private static String text(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.getPath() + " " + problem.getMessage())
                .collect(Collectors.joining("; "));
    }
}
