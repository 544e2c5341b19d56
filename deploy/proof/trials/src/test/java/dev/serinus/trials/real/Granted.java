package dev.serinus.trials.real;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.Rights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the manifests grant, and which of it is said to be needed only elsewhere. */
final class Granted {

    private static final Pattern EXCEPTION =
            Pattern.compile("(?m)^\\| `(\\S+)` \\| `(\\S+)` \\| ([a-z, ]+) \\| (\\S.*) \\|$");

    private Granted() {}

    /** Every verb on every resource of every role. */
    static Set<ApiRight> all() {
        var json = new ObjectMapper();
        return Rights.read().stream()
                .filter(object -> object.getKind().equals("ClusterRole"))
                .map(object -> json.<JsonNode>valueToTree(object))
                .flatMap(
                        role ->
                                each(role.path("rules"))
                                        .flatMap(
                                                rule ->
                                                        of(
                                                                role.at("/metadata/name").asText(),
                                                                rule)))
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<ApiRight> of(String role, JsonNode rule) {
        return each(rule.path("apiGroups"))
                .flatMap(
                        group ->
                                each(rule.path("resources"))
                                        .flatMap(
                                                resource ->
                                                        each(rule.path("verbs"))
                                                                .map(
                                                                        verb ->
                                                                                right(
                                                                                        role, verb,
                                                                                        group,
                                                                                        resource))));
    }

    private static ApiRight right(String role, JsonNode verb, JsonNode group, JsonNode resource) {
        String[] parts = resource.asText().split("/", 2);
        return ApiRight.of(
                role, verb.asText(), group.asText(), parts[0], parts.length == 2 ? parts[1] : "");
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The table of the manifests' README: granted, but not used by what this trial does. */
    static Set<ApiRight> usedElsewhere(Path readme) {
        try {
            return EXCEPTION
                    .matcher(Files.readString(readme))
                    .results()
                    .flatMap(
                            row ->
                                    Stream.of(row.group(3).split(", "))
                                            .map(
                                                    verb ->
                                                            new ApiRight(
                                                                    row.group(1),
                                                                    verb,
                                                                    row.group(2))))
                    .collect(toCollection(TreeSet::new));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
