package dev.serinus.analysis.access;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Who may see and do what. What no rule allows is not allowed. */
public final class Rules {

    /** The verb of seeing. */
    public static final String READ = "read";

    /** The verb of putting a record that was set aside on its topic once more. */
    public static final String REPLAY = "replay";

    /** The verb of opening a gate that the load tester keeps. */
    public static final String OPEN = "open";

    /** The verb of closing a gate that the load tester keeps. */
    public static final String CLOSE = "close";

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

    /** True where a rule lets this caller do this with whatever there is in a cluster. */
    public boolean allowAll(Caller caller, String verb, String cluster) {
        return rules.stream().anyMatch(rule -> rule.allowsAll(caller, verb, cluster));
    }

    /** True where a rule lets this caller do this with whatever there is in any cluster. */
    public boolean allowEverywhere(Caller caller, String verb) {
        return rules.stream().anyMatch(rule -> rule.allowsEverywhere(caller, verb));
    }

    /** True where a rule lets this caller do this with something there may be in a cluster. */
    public boolean allowSome(Caller caller, String verb, String cluster) {
        return rules.stream().anyMatch(rule -> rule.allowsSome(caller, verb, cluster));
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
