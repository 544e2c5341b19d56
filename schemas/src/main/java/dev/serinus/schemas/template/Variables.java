package dev.serinus.schemas.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables of a template: what a block declares is gone behind it, as in Go. */
final class Variables {

    private static final class Variable {
        private final String name;
        private @Nullable Object value;

        Variable(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }
    }

    /** In the order of their declarations. */
    private final List<Variable> declared = new ArrayList<>();

    /** The innermost of each name first. */
    private final Map<String, Deque<Variable>> named = new HashMap<>();

    /** Where a block begins, for {@link #back}. */
    int mark() {
        return declared.size();
    }

    /** Forgets what was declared since. */
    void back(int mark) {
        while (declared.size() > mark) {
            var variables = named.get(declared.removeLast().name);
            if (variables != null) {
                variables.pop();
            }
        }
    }

    /** It hides one of this name of an outer block. */
    void declare(String name, @Nullable Object value) {
        var variable = new Variable(name, value);
        declared.add(variable);
        named.computeIfAbsent(name, _ -> new ArrayDeque<>()).push(variable);
    }

    /** False where there is none of this name. */
    boolean assign(String name, @Nullable Object value) {
        var found = find(name);
        if (found != null) {
            found.value = value;
        }
        return found != null;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    /** The innermost of this name; null also where there is none. */
    @Nullable Object get(String name) {
        var found = find(name);
        return found == null ? null : found.value;
    }

    private @Nullable Variable find(String name) {
        var variables = named.get(name);
        return variables == null ? null : variables.peek();
    }
}
