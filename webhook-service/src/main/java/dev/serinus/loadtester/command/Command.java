package dev.serinus.loadtester.command;

import java.util.List;
import java.util.Map;

/**
 * What a hook asks to have run. Two that are equal are the same command of the same canary, of
 * which one runs at a time.
 */
public record Command(String namespace, String name, CommandType type, String text) {

    /** {@code name.namespace}, as Flagger's logs name a canary. */
    public String canary() {
        return name + "." + namespace;
    }

    /** A quote that is not closed is an {@link IllegalArgumentException}. */
    List<String> words() {
        return type.words(text);
    }

    /** Whose command it is, for scripts. */
    Map<String, String> facts() {
        return Map.of("CANARY_NAME", name, "CANARY_NAMESPACE", namespace);
    }

    /** Leaves out the text, which may hold secrets. */
    @Override
    public String toString() {
        return "Command[" + canary() + " " + type.title() + "]";
    }
}
