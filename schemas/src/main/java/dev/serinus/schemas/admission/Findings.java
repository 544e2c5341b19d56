package dev.serinus.schemas.admission;

import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.events.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers what the rules find, in the order of finding. */
final class Findings {
    /** One that lists names may be of any length, and there may be one for each metric. */
    private static final int LONGEST = 2_000;

    private final List<Problem> found = new ArrayList<>();

    /** Notes a problem when a rule is broken. A message never quotes a URL, a query or metadata. */
    void when(boolean broken, String path, String message) {
        if (broken) {
            add(path, message);
        }
    }

    private void add(String path, String message) {
        found.add(
                new Problem(
                        path,
                        message.length() <= LONGEST
                                ? message
                                : message.substring(0, LONGEST) + "…"));
    }

    /** Notes a value outside the words allowed; absent and empty are the default's to fill. */
    void unlessOneOf(Set<String> words, @Nullable String value, String path) {
        when(
                value != null && !value.isEmpty() && !words.contains(value),
                path,
                "must be one of " + String.join(", ", words.stream().sorted().toList()));
    }

    /** Notes a problem where there is one. */
    void note(Optional<String> problem, String path) {
        problem.ifPresent(message -> add(path, message));
    }

    /** Notes names that no object can have: in a request they could lead to another one. */
    void unlessObject(NamespacedRef ref, String path) {
        if (ref.name().isEmpty()) {
            when(true, path + ".name", "must not be empty");
        } else {
            when(!ObjectNames.isName(ref.name()), path + ".name", ObjectNames.because(ref.name()));
        }
        var namespace = ref.namespace();
        when(
                namespace != null && !namespace.isEmpty() && !ObjectNames.isNamespace(namespace),
                path + ".namespace",
                ObjectNames.because(String.valueOf(namespace)));
    }

    List<Problem> found() {
        return List.copyOf(found);
    }
}
