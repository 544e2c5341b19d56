package dev.serinus.analysis.access;

import dev.serinus.schemas.events.ActionKind;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules as they are written. All mistakes are told at once, each by its path. */
final class RulesFile {

    private static final Set<String> FIELDS =
            Set.of("users", "groups", "verbs", "clusters", "namespaces", "canaries");
    private static final Set<String> VERBS =
            Stream.concat(
                            Stream.of("*", Rules.READ, Rules.REPLAY, Rules.OPEN, Rules.CLOSE),
                            Stream.of(ActionKind.values())
                                    .map(kind -> kind.name().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.toUnmodifiableSet());

    private final List<String> wrong = new ArrayList<>();

    private RulesFile() {}

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming everything that is wrong
     */
    static Rules read(Path file) {
        var reading = new RulesFile();
        List<Rule> rules = reading.rules(parsed(file));
        if (!reading.wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: %s".formatted(file, String.join("; ", reading.wrong)));
        }
        return new Rules(rules);
    }

    private static @Nullable Object parsed(Path file) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException | YAMLException unreadable) {
            throw new IllegalArgumentException(
                    "%s cannot be read as YAML: %s".formatted(file, unreadable.getMessage()),
                    unreadable);
        }
    }

    private List<Rule> rules(@Nullable Object root) {
        if (!(root instanceof Map<?, ?> map)
                || !map.keySet().equals(Set.of("rules"))
                || !(map.get("rules") instanceof List<?> list)) {
            wrong.add("it must be one list, 'rules'");
            return List.of();
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            rules.add(rule("rules[%d]".formatted(i), list.get(i)));
        }
        return rules;
    }

    private Rule rule(String path, @Nullable Object written) {
        Map<?, ?> map = written instanceof Map<?, ?> fields ? fields : Map.of();
        map.keySet().stream()
                .map(String::valueOf)
                .filter(name -> !FIELDS.contains(name))
                .sorted()
                .forEach(
                        name ->
                                wrong.add(
                                        "%s.%s is no field of a rule; they are %s"
                                                .formatted(
                                                        path,
                                                        name,
                                                        FIELDS.stream().sorted().toList())));
        var rule =
                new Rule(
                        texts(map, path, "users", List.of()),
                        texts(map, path, "groups", List.of()),
                        texts(map, path, "verbs", List.of(Rules.READ)),
                        texts(map, path, "clusters", List.of("*")),
                        texts(map, path, "namespaces", List.of("*")),
                        texts(map, path, "canaries", List.of("*")));
        if (rule.users().isEmpty() && rule.groups().isEmpty()) {
            wrong.add(path + " must name users or groups; '*' in users is everybody");
        }
        rule.verbs().stream()
                .filter(verb -> !VERBS.contains(verb))
                .forEach(
                        verb ->
                                wrong.add(
                                        "%s.verbs: '%s' is no verb; they are %s"
                                                .formatted(
                                                        path,
                                                        verb,
                                                        VERBS.stream().sorted().toList())));
        return rule;
    }

    private List<String> texts(Map<?, ?> map, String path, String field, List<String> otherwise) {
        Object value = map.get(field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof List<?> list
                && list.stream().allMatch(String.class::isInstance)
                && !list.isEmpty()) {
            return list.stream().map(String.class::cast).toList();
        }
        wrong.add("%s.%s must be a list of texts".formatted(path, field));
        return List.of("-");
    }
}
