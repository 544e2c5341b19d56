package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The user's object that is released, as it is now.
 *
 * @param candidate what serves the canary's share: a workload itself; null where it does not exist
 * @param label the label whose value tells its pods from the primary's; empty where it has none of
 *     its own
 * @param value that label's value; it need not be the workload's name
 */
public record Target(
        ClusterObject object,
        ReleaseTarget kind,
        @Nullable ClusterObject candidate,
        String label,
        String value) {

    /**
     * Looks for the first of the labels in a workload's selector; without one the primary's pods
     * could not be told from the target's.
     *
     * @param objects how the objects of the cluster are now; null for one that does not exist
     */
    public static Target of(
            ClusterObject object,
            ReleaseTarget kind,
            List<String> selectorLabels,
            Function<Ref, @Nullable ClusterObject> objects) {
        if (!kind.target().hasPods()) {
            return new Target(
                    object, kind, kind.candidate(object).map(objects).orElse(null), "", "");
        }
        return of(object, kind, selectorLabels);
    }

    /** A workload, which is what serves the canary's share itself. */
    public static Target of(ClusterObject object, ReleaseTarget kind, List<String> selectorLabels) {
        JsonNode selector = object.at("/spec/selector/matchLabels");
        for (String label : selectorLabels) {
            if (selector.has(label)) {
                return new Target(object, kind, object, label, selector.path(label).asText());
            }
        }
        throw Refusal.invalid(
                "getSelectorLabel failed: %s %s spec.selector.matchLabels must contain one of [%s]"
                        .formatted(
                                object.ref().kind().name().toLowerCase(Locale.ROOT),
                                object.ref().dotted(),
                                String.join(" ", selectorLabels)));
    }

    public String name() {
        return object.ref().name();
    }

    /** The pod template. */
    public JsonNode template() {
        return object.at("/spec/template");
    }

    /** Identifies what it releases. */
    public String revision() {
        return kind.revision(object);
    }

    /** How many pods serve the canary's share; 1 where pods cannot be counted. */
    public int serving() {
        return candidate == null ? 0 : kind.available(candidate);
    }

    /** The labels that select its pods, all of them, as a Service needs them. */
    public ObjectNode selector() {
        return kind.selector(object);
    }

    /**
     * The labels that select the primary's pods: the target's, with the one that tells them apart.
     * One that the pods of an older primary do not carry is left out: its selector cannot change.
     *
     * @param primary null when it is yet to be made, from the target
     */
    public ObjectNode primarySelector(@Nullable ClusterObject primary) {
        if (!kind.target().hasPods()) {
            return primary == null ? selector() : kind.selector(primary);
        }
        var selector = selector();
        if (primary != null) {
            JsonNode carried = primary.at("/spec/template/metadata/labels");
            selector.properties()
                    .removeIf(wanted -> !carried.path(wanted.getKey()).equals(wanted.getValue()));
        }
        return selector.put(label, primaryValue());
    }

    /** The value of the label on the primary's pods. */
    public String primaryValue() {
        return value + "-primary";
    }
}
