package dev.serinus.watcher.cluster;

import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the watcher keeps of a MetricTemplate. */
public sealed interface Template {

    /**
     * Lists the namespaces, besides its own, whose Canaries may use a template, with commas between
     * them. Without it all may, as in Flagger.
     */
    String ALLOWED_NAMESPACES = "serinus.dev/allowed-namespaces";

    /**
     * It can be used. Its headers may be secrets.
     *
     * @param allowedNamespaces as annotated; null when nothing is said
     */
    record Usable(MetricTemplateSpec spec, @Nullable String allowedNamespaces) implements Template {

        /** True when its owner lets Canaries of this other namespace use it. */
        public boolean allows(String namespace) {
            return allowedNamespaces == null
                    || Stream.of(allowedNamespaces.split(","))
                            .map(String::strip)
                            .anyMatch(each -> each.equals("*") || each.equals(namespace));
        }
    }

    /** It breaks its own schema, or the rules for templates. */
    record Malformed(String because) implements Template {}

    /** Reads a MetricTemplate object. */
    static Template of(GenericKubernetesResource object) {
        return switch (CanaryReader.readMetricTemplate(object)) {
            case Reading.Whole(var template)
                    when !Admissions.problems(template.getSpec()).isEmpty() ->
                    new Malformed(text(Admissions.problems(template.getSpec())));
            case Reading.Whole(var template) ->
                    new Usable(
                            template.getSpec(),
                            object.getMetadata().getAnnotations() == null
                                    ? null
                                    : object.getMetadata()
                                            .getAnnotations()
                                            .get(ALLOWED_NAMESPACES));
            case Reading.Malformed(_, var problems) -> new Malformed(text(problems));
        };
    }

    private static String text(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.getPath() + " " + problem.getMessage())
                .collect(Collectors.joining("; "));
    }
}
