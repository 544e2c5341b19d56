package dev.serinus.loadtester;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Whose hooks are served. The namespace is what the caller says it is: this keeps mistakes away, a
 * token keeps others away.
 *
 * @param regexp Flagger's: found anywhere in the namespace, so that {@code test} admits {@code
 *     mytest2}
 * @param names the namespaces themselves; all when empty
 */
record NamespaceRule(@Nullable Pattern regexp, List<String> names) {

    /** What a namespace can be at most; a longer text is none, and not worth a search. */
    private static final int LONGEST = 253;

    NamespaceRule {
        names = List.copyOf(names);
    }

    boolean admits(String namespace) {
        return namespace.length() <= LONGEST
                && (regexp == null || regexp.matcher(namespace).find())
                && (names.isEmpty() || names.contains(namespace));
    }
}
