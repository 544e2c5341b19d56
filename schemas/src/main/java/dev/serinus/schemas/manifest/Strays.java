package dev.serinus.schemas.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.manifest.Finding.Level;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is not judged and was meant to be: a part of a Canary that stands alone, a resource without
 * its kind, one of another group by a slip. Files have much else beside manifests, so that nothing
 * is said of what may be right.
 */
final class Strays {

    private static final String VERSION = "apiVersion";
    private static final Map<String, JsonNode> SPECS = SchemaCheck.SPECS;

    /** Of a Canary's spec, or of its analysis: these alone tell that it is part of one. */
    private static final List<String> LISTS = List.of("webhooks", "metrics", "alerts");

    private static final Map<String, String> OF_ENTRIES =
            Map.of("webhooks", "url", "metrics", "name", "alerts", "providerRef");

    private static final Set<String> OBJECTS = Set.of("analysis", "canaryAnalysis", "targetRef");

    private Strays() {}

    /** What is to be said of one that is not of our group; empty where nothing is. */
    static Optional<Finding> of(Manifest manifest) {
        String kind = manifest.kind();
        if (kind.isEmpty()) {
            return unnamed(manifest);
        }
        return SPECS.containsKey(kind) ? ofAnotherGroup(manifest, kind) : Optional.empty();
    }

    private static Optional<Finding> unnamed(Manifest manifest) {
        JsonNode object = manifest.object();
        boolean hasSpec = object.path("spec").isObject();
        boolean isNamed = object.path("metadata").path("name").isTextual();
        if (hasSpec && (isNamed || object.path(VERSION).asText().contains("/"))) {
            return Optional.of(
                    finding(
                            manifest,
                            Level.ERROR,
                            "schema",
                            "kind",
                            "is missing, so that no API server takes it"
                                    + (isCanarys(object.path("spec"))
                                            ? "; is kind: Canary meant?"
                                            : "")));
        }
        boolean isPart =
                !hasSpec && !isNamed && object.path(VERSION).isMissingNode() && isCanarys(object);
        return isPart
                ? Optional.of(
                        finding(
                                manifest,
                                Level.WARNING,
                                "fragment",
                                object.fieldNames().next(),
                                "stands in no resource, so that nothing of it is judged; put it where it belongs in a Canary, below %s"
                                        .formatted(
                                                fields("").has(object.fieldNames().next())
                                                        ? "spec"
                                                        : "spec.analysis")))
                : Optional.empty();
    }

    /** Every field is one of a Canary's spec or analysis, and one of them is of nothing else. */
    private static boolean isCanarys(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return !names.isEmpty()
                && names.stream().allMatch(it -> fields("").has(it) || fields("analysis").has(it))
                && names.stream().anyMatch(it -> isTelling(it, object.path(it)));
    }

    private static boolean isTelling(String name, JsonNode value) {
        if (OBJECTS.contains(name)) {
            return value.isObject() && !value.isEmpty();
        }
        return LISTS.contains(name)
                && value.isArray()
                && !value.isEmpty()
                && value.valueStream().allMatch(each -> each.has(OF_ENTRIES.get(name)));
    }

    private static JsonNode fields(String of) {
        JsonNode spec = requireNonNull(SPECS.get("Canary")).path("properties");
        return of.isEmpty() ? spec : spec.path(of).path("properties");
    }

    private static Optional<Finding> ofAnotherGroup(Manifest manifest, String kind) {
        String written = manifest.object().path(VERSION).asText();
        String meant = Linting.VERSION;
        int slash = written.indexOf('/');
        String group = slash < 0 ? "" : written.substring(0, slash);
        if (group.isEmpty() || Slips.nearest(group, Set.of(Linting.GROUP)).isPresent()) {
            return Optional.of(
                    finding(
                            manifest,
                            Level.ERROR,
                            "schema",
                            VERSION,
                            "%s; is %s meant?"
                                    .formatted(
                                            written.isEmpty()
                                                    ? "is missing, so that no API server takes it"
                                                    : "is '%s', of which no API server has a %s"
                                                            .formatted(Finding.cut(written), kind),
                                            meant)));
        }
        return isCanarys(manifest.object().path("spec"))
                ? Optional.of(
                        finding(
                                manifest,
                                Level.WARNING,
                                "fragment",
                                VERSION,
                                "is '%s', so that it is somebody else's %s and not judged; Flagger's and Serinus' are %s"
                                        .formatted(Finding.cut(written), kind, meant)))
                : Optional.empty();
    }

    private static Finding finding(
            Manifest manifest, Level level, String rule, String path, String words) {
        String about = manifest.kind().isEmpty() ? "" : manifest.label();
        return new Finding(
                level, manifest.file(), manifest.line(path), rule, about, path, path + " " + words);
    }
}
