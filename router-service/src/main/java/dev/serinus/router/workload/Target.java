package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Revision;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * The user's workload as it is now.
 *
 * @param label the label whose value tells its pods from the primary's
 * @param value that label's value; it need not be the workload's name
 */
public record Target(ClusterObject object, ReleaseTarget kind, String label, String value) {

    /**
     * Looks for the first of the labels in the workload's selector; without one the primary's pods
     * could not be told from the target's.
     */
    public static Target of(ClusterObject object, ReleaseTarget kind, List<String> selectorLabels) {
        JsonNode selector = object.at("/spec/selector/matchLabels");
        for (String label : selectorLabels) {
            if (selector.has(label)) {
                return new Target(object, kind, label, selector.path(label).asText());
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

    /** Identifies the content of the template. */
    public String revision() {
        return Revision.of(template());
    }

    /** The labels that select its pods, all of them, as a Service needs them. */
    public ObjectNode selector() {
        return object.at("/spec/selector/matchLabels").deepCopy();
    }

    /**
     * The labels that select the primary's pods: the target's, with the one that tells them apart.
     * One that the pods of an older primary do not carry is left out: its selector cannot change.
     *
     * @param primary null when it is yet to be made, from the target
     */
    public ObjectNode primarySelector(@Nullable ClusterObject primary) {
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
