package dev.serinus.router.command;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Claims;

/**
 * What keeps a Canary until the state before it serves again: Flagger's own finalizer, so that
 * either of both can take it off.
 */
public final class Finalizer {

    /** Flagger's name for it. */
    public static final String NAME = Claims.FINALIZER;

    private Finalizer() {}

    static boolean isOn(ClusterObject canary) {
        return isOn(canary, NAME);
    }

    /** True when a finalizer of this name is on it, whoever's it is. */
    static boolean isOn(ClusterObject canary, String finalizer) {
        return canary.at("/metadata/finalizers")
                .valueStream()
                .map(JsonNode::asText)
                .anyMatch(finalizer::equals);
    }

    static ClusterObject added(ClusterObject canary) {
        return canary.edited(edit -> edit.metadata().withArrayProperty("finalizers").add(NAME));
    }

    static ClusterObject removed(ClusterObject canary) {
        return canary.edited(
                edit -> {
                    var all = edit.metadata().withArrayProperty("finalizers");
                    for (int i = all.size() - 1; i >= 0; i--) {
                        if (all.path(i).asText().equals(NAME)) {
                            all.remove(i);
                        }
                    }
                });
    }
}
