package dev.serinus.schemas.admission;

import dev.serinus.schemas.events.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
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

    List<Problem> found() {
        return List.copyOf(found);
    }
}
