package dev.serinus.conformance.scenario;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The scenarios and what was recorded of them, as they are kept beside this module's sources:
 * {@code scenarios}, {@code scenarios/alone} for those that end Flagger itself, {@code
 * scenarios/reports} for those that say themselves what is right, {@code bases} and {@code
 * recordings}.
 */
public final class Library {

    private final Path home;
    private final Map<String, Path> scenarios;

    private Library(Path home, Map<String, Path> scenarios) {
        this.home = home;
        this.scenarios = scenarios;
    }

    /** The library in this folder. */
    public static Library in(Path home) {
        Map<String, Path> scenarios = new TreeMap<>();
        try (var files = Files.walk(home.resolve("scenarios"))) {
            files.filter(file -> file.toString().endsWith(".yaml"))
                    .forEach(file -> scenarios.put(stem(file), file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("no scenarios in " + home, unreadable);
        }
        return new Library(home, scenarios);
    }

    /** The library of the checkout that {@code serinus.root} names, else that of this folder. */
    public static Library here() {
        String root = System.getProperty("serinus.root");
        return in(root == null ? Path.of("") : Path.of(root, "deploy", "proof", "conformance"));
    }

    /** All scenarios that were recorded, in alphabetical order. */
    public List<String> names() {
        return scenarios.keySet().stream().filter(name -> !isIn(name, "reports")).toList();
    }

    /** What people met in practice, in alphabetical order: nobody recorded it. */
    public List<String> reports() {
        return scenarios.keySet().stream().filter(name -> isIn(name, "reports")).toList();
    }

    /**
     * The scenarios meant by these words: a name, or a group, which is how names begin up to a
     * hyphen ({@code machine}, {@code router-istio}); a name means no group. No words mean all.
     */
    public List<String> names(List<String> words) {
        return meant(words, names());
    }

    /** The reports meant by these words, as for {@link #names(List)}. */
    public List<String> reports(List<String> words) {
        return meant(words, reports());
    }

    private List<String> meant(List<String> words, List<String> names) {
        var unknown = words.stream().filter(word -> names.stream().noneMatch(n -> is(n, word)));
        String wrong = unknown.collect(Collectors.joining(", "));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("no such scenario or group: " + wrong);
        }
        return names.stream()
                .filter(name -> words.isEmpty() || words.stream().anyMatch(word -> is(name, word)))
                .toList();
    }

    private boolean is(String name, String word) {
        return name.equals(word) || (!scenarios.containsKey(word) && name.startsWith(word + "-"));
    }

    /** True when the scenario may end a controller, so that it wants a cluster of its own. */
    public boolean alone(String name) {
        return isIn(name, "alone");
    }

    private boolean isIn(String name, String folder) {
        Path parent = file(name).getParent();
        return parent != null && parent.endsWith(folder);
    }

    /** The scenario of this name, with the fake server at this address. */
    public Scenario scenario(String name, SinkAddress sink) {
        return Scenario.read(
                name,
                text(file(name)),
                sink,
                base -> text(home.resolve("bases").resolve(base + ".yaml")));
    }

    /** What Flagger did. */
    public Recording recording(String name) {
        return Recording.of(Json.read(text(home.resolve("recordings").resolve(name + ".json"))));
    }

    /** The text of the file that declares what is meant to differ. */
    public String declared() {
        return text(home.resolve("DIVERGENCES.md"));
    }

    /** The scenarios that have to agree with their recordings: this list may only grow. */
    public List<String> agreeing() {
        return text(home.resolve("agreeing.txt"))
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private Path file(String name) {
        Path file = scenarios.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no such scenario: " + name);
        }
        return file;
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot be read: " + file, unreadable);
        }
    }
}
