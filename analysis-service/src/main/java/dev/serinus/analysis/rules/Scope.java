package dev.serinus.analysis.rules;

import dev.serinus.analysis.access.Patterns;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;

/** The canaries that a rule is about. Each list holds patterns in which * stands for any text. */
record Scope(List<String> clusters, List<String> namespaces, List<String> canaries) {

    /** Every canary. */
    static final Scope ALL = new Scope(List.of("*"), List.of("*"), List.of("*"));

    Scope {
        clusters = List.copyOf(clusters);
        namespaces = List.copyOf(namespaces);
        canaries = List.copyOf(canaries);
    }

    boolean covers(CanaryKey canary) {
        return Patterns.match(clusters, canary.cluster())
                && Patterns.match(namespaces, canary.namespace())
                && Patterns.match(canaries, canary.name());
    }
}
