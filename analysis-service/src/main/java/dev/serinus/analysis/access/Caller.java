package dev.serinus.analysis.access;

import java.util.Set;

/** Who asks, as authenticated. */
public record Caller(String name, Set<String> groups) {

    public Caller {
        groups = Set.copyOf(groups);
    }
}
