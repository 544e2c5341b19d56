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
    private final List<Problem> found = new ArrayList<>();

    /** Notes a problem when a rule is broken. A message never quotes a URL, a query or metadata. */
    void when(boolean broken, String path, String message) {
        if (broken) {
            found.add(new Problem(path, message));
        }
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
        problem.ifPresent(message -> found.add(new Problem(path, message)));
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
