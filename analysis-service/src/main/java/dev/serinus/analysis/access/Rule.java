package dev.serinus.analysis.access;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;
import java.util.stream.Stream;

/**
 * What some may do somewhere. Each list holds patterns in which * stands for any characters.
 *
 * @param users names of callers; with {@code groups} both empty, nobody
 * @param groups of which a caller has one
 * @param verbs {@code read}, the actions by their words, or * for all
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
                && matches(clusters, canary.cluster())
                && matches(namespaces, canary.namespace())
                && matches(canaries, canary.name());
    }

    private boolean isAbout(Caller caller) {
        return matches(users, caller.name())
                || caller.groups().stream().anyMatch(group -> matches(groups, group));
    }

    /** Whoever may act on something may see it. */
    private boolean covers(String verb) {
        return verb.equals(Rules.READ) ? !verbs.isEmpty() : matches(verbs, verb);
    }

    private static boolean matches(List<String> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, text));
    }

    /** Part by part, from the left: no pattern takes longer than its text times its stars. */
    static boolean matches(String pattern, String text) {
        List<String> parts = Stream.of(pattern.split("\\*", -1)).toList();
        if (parts.size() == 1) {
            return pattern.equals(text);
        }
        String first = parts.getFirst();
        String last = parts.getLast();
        if (!text.startsWith(first)
                || !text.endsWith(last)
                || text.length() < first.length() + last.length()) {
            return false;
        }
        int end = text.length() - last.length();
        int at = first.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = text.indexOf(part, at);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            at = found + part.length();
        }
        return true;
    }
}
