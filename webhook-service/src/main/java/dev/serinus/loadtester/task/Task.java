package dev.serinus.loadtester.task;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;

/**
 * What a hook asks to have run. Two that are equal are the same task of the same canary, of which
 * one runs at a time.
 *
 * @param settings what of the hook's metadata says what is run; there may be secrets in it
 */
public record Task(String namespace, String name, TaskType type, Map<String, String> settings) {

    public Task {
        settings = Map.copyOf(settings);
    }

    /** With what its type takes of a hook's metadata. */
    public static Task of(
            String namespace, String name, TaskType type, Map<String, String> metadata) {
        return new Task(namespace, name, type, type.settings(metadata));
    }

    /** {@code name.namespace}, as Flagger's logs name a canary. */
    public String canary() {
        return name + "." + namespace;
    }

    /** A setting; empty where there is none. */
    public String setting(String key) {
        return settings.getOrDefault(key, "");
    }

    /**
     * On whose behalf it runs; tasks of no canary, which Flagger's load tester takes, are one's.
     */
    public CanaryKey owner() {
        return new CanaryKey("any", orNobody(namespace), orNobody(name));
    }

    private static String orNobody(String name) {
        return name.isBlank() ? "nobody" : name.replace('/', '_');
    }

    /** Leaves out the settings. */
    @Override
    public String toString() {
        return "Task[" + canary() + " " + type.title() + "]";
    }
}
