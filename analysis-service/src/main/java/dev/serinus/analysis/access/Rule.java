package dev.serinus.analysis.access;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;

/**
 * What some may do somewhere. Each list holds patterns in which * stands for any characters.
 *
 * @param users names of callers; with {@code groups} both empty, nobody
 * @param groups of which a caller has one
 * @param verbs {@code read}, the actions by their words, {@code replay}, {@code open}, {@code
 *     close}, or * for all
 */
record Rule(
        List<String> users,
        List<String> groups,
        List<String> verbs,
        List<String> clusters,
        List<String> namespaces,
        List<String> canaries) {

    Rule {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        verbs = List.copyOf(verbs);
        clusters = List.copyOf(clusters);
        namespaces = List.copyOf(namespaces);
        canaries = List.copyOf(canaries);
    }

    boolean allows(Caller caller, String verb, CanaryKey canary) {
        return isAbout(caller)
                && covers(verb)
                && Patterns.match(clusters, canary.cluster())
                && Patterns.match(namespaces, canary.namespace())
                && Patterns.match(canaries, canary.name());
    }

    /** Whatever it is called, and where it is about nothing that has a name. */
    boolean allowsAll(Caller caller, String verb, String cluster) {
        return isAbout(caller)
                && covers(verb)
                && Patterns.match(clusters, cluster)
                && namespaces.contains("*")
                && canaries.contains("*");
    }

    /** Whatever there is in any cluster, and where it is about none. */
    boolean allowsEverywhere(Caller caller, String verb) {
        return isAbout(caller)
                && covers(verb)
                && clusters.contains("*")
                && namespaces.contains("*")
                && canaries.contains("*");
    }

    /** Whatever may be there: who is let do so with one name, or with some. */
    boolean allowsSome(Caller caller, String verb, String cluster) {
        return isAbout(caller) && covers(verb) && Patterns.match(clusters, cluster);
    }

    private boolean isAbout(Caller caller) {
        return Patterns.match(users, caller.name())
                || caller.groups().stream().anyMatch(group -> Patterns.match(groups, group));
    }

    /** Whoever may act on something may see it. */
    private boolean covers(String verb) {
        return verb.equals(Rules.READ) ? !verbs.isEmpty() : Patterns.match(verbs, verb);
    }
}
