package dev.serinus.analysis.access;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Who may see and do what. What no rule allows is not allowed. */
public final class Rules {

    /** The verb of seeing. */
    public static final String READ = "read";

    private static final List<String> ALL = List.of("*");

    /** Whoever is let in may do everything: of this machine alone, where nobody logs in. */
    static final Rules EVERYTHING =
            new Rules(List.of(new Rule(ALL, List.of(), ALL, ALL, ALL, ALL)));

    /** Whoever is let in may see everything, and do nothing: where no rules were written. */
    static final Rules READ_ONLY =
            new Rules(List.of(new Rule(ALL, List.of(), List.of(READ), ALL, ALL, ALL)));

    private final List<Rule> rules;

    Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** True where a rule lets this caller do this with this canary. */
    public boolean allow(Caller caller, String verb, CanaryKey canary) {
        return rules.stream().anyMatch(rule -> rule.allows(caller, verb, canary));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rules others && others.rules.equals(rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }
}
