package dev.serinus.analysis.rules;

import dev.serinus.analysis.access.LabelSelector;
import dev.serinus.analysis.access.ReadAgain;
import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fleet file as it is written. All mistakes are told at once, each by its path. */
public final class FleetFile {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final String NOTHING_ASKED = "write budgets: [] where nothing is asked";

    private static final String SILENT_AFTER = "silentAfter";

    /** Two signs of life, of which one may be late. */
    private static final Duration SOONEST = Duration.ofMinutes(2);

    private static final Duration LATEST = Duration.ofHours(24);

    private final List<String> wrong = new ArrayList<>();

    private FleetFile() {}

    /**
     * What the file says at each moment: read at once, and again while it is asked for. A mistake
     * that comes later is logged, and what the file said before stays good.
     *
     * @param file null for an installation without one
     * @throws IllegalArgumentException naming everything that is wrong now
     */
    public static Supplier<FleetConfig> following(@Nullable Path file, InstantSource time) {
        return file == null ? () -> FleetConfig.NONE : new ReadAgain<>(file, FleetFile::read, time);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming everything that is wrong
     */
    public static FleetConfig read(Path file) {
        var reading = new FleetFile();
        FleetConfig config = reading.config(parsed(file));
        if (!reading.wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: %s".formatted(file, String.join("; ", reading.wrong)));
        }
        return config;
    }

    private static @Nullable Object parsed(Path file) {
        try {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            return new Yaml(
                            new SafeConstructor(options),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            options,
                            new TimesAsWritten())
                    .load(Files.readString(file));
        } catch (IOException | YAMLException unreadable) {
            throw new IllegalArgumentException(
                    "%s cannot be read as YAML: %s".formatted(file, unreadable.getMessage()),
                    unreadable);
        }
    }

    /** Times count in the zone that is named beside them, and not in that of YAML, which is UTC. */
    private static final class TimesAsWritten extends Resolver {
        @Override
        public void addImplicitResolver(
                Tag tag, Pattern written, @Nullable String first, int limit) {
            if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, written, first, limit);
            }
        }
    }

    private FleetConfig config(@Nullable Object root) {
        if (root == null) {
            // As a file is for a moment that somebody writes anew: not a word for "lift them all".
            wrong.add("it is empty; " + NOTHING_ASKED);
            return FleetConfig.NONE;
        }
        var map = map(root, "the file");
        known(map, "", Set.of("budgets", "freezes", SILENT_AFTER));
        return new FleetConfig(budgets(map), freezes(map), silentAfter(map));
    }

    private Duration silentAfter(Map<?, ?> map) {
        if (!map.containsKey(SILENT_AFTER)) {
            return FleetConfig.SILENT_AFTER;
        }
        var after =
                map.get(SILENT_AFTER) instanceof String written
                        ? Durations.parse(written)
                        : Optional.<Duration>empty();
        return after.filter(it -> it.compareTo(SOONEST) >= 0 && it.compareTo(LATEST) <= 0)
                .orElseGet(
                        () -> {
                            wrong.add(
                                    "%s must be a duration such as 5m, from %s to %s, and is %s"
                                            .formatted(
                                                    SILENT_AFTER,
                                                    Durations.print(SOONEST),
                                                    Durations.print(LATEST),
                                                    map.get(SILENT_AFTER)));
                            return FleetConfig.SILENT_AFTER;
                        });
    }

    private List<Budget> budgets(Map<?, ?> map) {
        List<Budget> budgets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<?> list =
                !map.containsKey("budgets")
                                && (map.containsKey("freezes") || map.containsKey(SILENT_AFTER))
                        ? List.of()
                        : list(map, "budgets");
        for (int i = 0; i < list.size(); i++) {
            budgets.add(budget(map(list.get(i), "budgets[%d]".formatted(i)), i, names));
        }
        return budgets;
    }

    private List<ScheduledFreeze> freezes(Map<?, ?> map) {
        List<ScheduledFreeze> freezes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<?> list = map.containsKey("freezes") ? list(map, "freezes") : List.of();
        for (int i = 0; i < list.size(); i++) {
            String path = "freezes[%d]".formatted(i);
            new FreezeReader(this, map(list.get(i), path), path)
                    .read(names)
                    .ifPresent(freezes::add);
        }
        return freezes;
    }

    void wrong(String mistake) {
        wrong.add(mistake);
    }

    private Budget budget(Map<?, ?> map, int place, Set<String> names) {
        String path = "budgets[%d]".formatted(place);
        known(map, path + ".", Set.of("name", "max", "scope", "per"));
        return new Budget(name(map, path, names), max(map, path), scope(map, path), per(map, path));
    }

    String name(Map<?, ?> map, String path, Set<String> names) {
        if (!(map.get("name") instanceof String name) || !NAME.matcher(name).matches()) {
            wrong.add(
                    path
                            + ".name must be a name of small letters, digits and -, at most 63, and"
                            + " is"
                            + " %s".formatted(map.get("name")));
            return "-";
        }
        if (!names.add(name)) {
            wrong.add("%s.name: there is another '%s'".formatted(path, name));
        }
        return name;
    }

    private int max(Map<?, ?> map, String path) {
        if (map.get("max") instanceof Integer max && max > 0) {
            return max;
        }
        wrong.add("%s.max must be a number from 1 on, and is %s".formatted(path, map.get("max")));
        return 1;
    }

    private Budget.Per per(Map<?, ?> map, String path) {
        Object written = map.containsKey("per") ? map.get("per") : "installation";
        return Stream.of(Budget.Per.values())
                .filter(per -> word(per).equals(written))
                .findFirst()
                .orElseGet(
                        () -> {
                            wrong.add(
                                    "%s.per must be one of %s, and is %s"
                                            .formatted(
                                                    path,
                                                    Stream.of(Budget.Per.values())
                                                            .map(FleetFile::word)
                                                            .collect(Collectors.joining(", ")),
                                                    written));
                            return Budget.Per.INSTALLATION;
                        });
    }

    private static String word(Budget.Per per) {
        return per.name().toLowerCase(Locale.ROOT);
    }

    Scope scope(Map<?, ?> map, String path) {
        Object written = map.get("scope");
        if (written == null) {
            return Scope.ALL;
        }
        var scope = map(written, path + ".scope");
        known(scope, path + ".scope.", Set.of("clusters", "namespaces", "canaries", "labels"));
        return new Scope(
                patterns(scope, path + ".scope", "clusters"),
                patterns(scope, path + ".scope", "namespaces"),
                patterns(scope, path + ".scope", "canaries"),
                labels(scope, path + ".scope.labels"));
    }

    private @Nullable LabelSelector labels(Map<?, ?> scope, String path) {
        Object written = scope.get("labels");
        if (written == null) {
            return null;
        }
        var selector = LabelSelector.parse(String.valueOf(written)).orElse(null);
        if (selector == null) {
            wrong.add(LabelSelector.mistake(path, String.valueOf(written)));
        }
        return selector;
    }

    private List<String> patterns(Map<?, ?> map, String path, String field) {
        Object value = map.get(field);
        if (value == null) {
            return List.of("*");
        }
        if (value instanceof List<?> list
                && list.stream().allMatch(String.class::isInstance)
                && !list.isEmpty()) {
            return list.stream().map(String.class::cast).toList();
        }
        wrong.add("%s.%s must be a list of texts".formatted(path, field));
        return List.of("*");
    }

    private Map<?, ?> map(@Nullable Object written, String path) {
        if (written instanceof Map<?, ?> map) {
            return map;
        }
        wrong.add(path + " must have fields");
        return Map.of();
    }

    private List<?> list(Map<?, ?> map, String field) {
        if (map.get(field) instanceof List<?> list) {
            return list;
        }
        // Nor is what was cut off behind the name.
        wrong.add("%s must be a list; write %s: [] where nothing is asked".formatted(field, field));
        return List.of();
    }

    void known(Map<?, ?> map, String path, Set<String> fields) {
        map.keySet().stream()
                .map(String::valueOf)
                .filter(field -> !fields.contains(field))
                .sorted()
                .forEach(
                        field ->
                                wrong.add(
                                        "%s%s is no field; they are %s"
                                                .formatted(
                                                        path,
                                                        field,
                                                        fields.stream().sorted().toList())));
    }
}
