package dev.serinus.analysis.rules;

import dev.serinus.analysis.access.LabelSelector;
import dev.serinus.analysis.access.Patterns;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The canaries that a rule is about. Each list holds patterns in which * stands for any text.
 *
 * @param labels that they have; null for whatever they have
 */
record Scope(
        List<String> clusters,
        List<String> namespaces,
        List<String> canaries,
        @Nullable LabelSelector labels) {

    /** Every canary. */
    static final Scope ALL = new Scope(List.of("*"), List.of("*"), List.of("*"), null);

    Scope {
        clusters = List.copyOf(clusters);
        namespaces = List.copyOf(namespaces);
        canaries = List.copyOf(canaries);
    }

    /**
     * Whether a rule is about this one. One whose labels are not known may have those that are
     * meant: what holds it up until they are is better than what lets it pass.
     *
     * @param labelled the labels of the canary; null where they are not known
     */
    boolean covers(CanaryKey canary, @Nullable Map<String, String> labelled) {
        return Patterns.match(clusters, canary.cluster())
                && Patterns.match(namespaces, canary.namespace())
                && Patterns.match(canaries, canary.name())
                && (labels == null || labels.choice(labelled) != LabelSelector.Choice.NO);
    }

    /** Whether one that is covered is so only as its labels are not known. */
    boolean isGuess(@Nullable Map<String, String> labelled) {
        return labels != null && labels.choice(labelled) == LabelSelector.Choice.UNKNOWN;
    }
}
