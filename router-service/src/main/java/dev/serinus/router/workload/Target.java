package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    private static final String SUFFIX = "-primary";
    private static final int LONGEST_LABEL = 63;
    private static final String SELECTOR = "/spec/selector/matchLabels";

    /**
     * A target, and what tells its pods from its primary's. Where there is a primary, that says by
     * which label, whatever this installation would take for a new one: its selector cannot be
     * changed. Else it is the first of the labels that the workload's selector has; without one the
     * primary's pods could not be told from the target's.
     *
     * @param primary null when it is yet to be made
     * @param objects how the objects of the cluster are now; null for one that does not exist
     */
    public static Target of(
            ClusterObject object,
            ReleaseTarget kind,
            @Nullable ClusterObject primary,
            List<String> selectorLabels,
            Function<Ref, @Nullable ClusterObject> objects) {
        return kind.target().hasPods()
                ? of(object, kind, primary, selectorLabels)
                : new Target(
                        object, kind, kind.candidate(object).map(objects).orElse(null), "", "");
    }

    /** A workload, which is what serves the canary's share itself. */
    public static Target of(
            ClusterObject object,
            ReleaseTarget kind,
            @Nullable ClusterObject primary,
            List<String> selectorLabels) {
        JsonNode selector = object.at(SELECTOR);
        return labelOf(selector, primary)
                .or(() -> selectorLabels.stream().filter(selector::has).findFirst())
                .map(label -> new Target(object, kind, object, label, text(selector, label)))
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        "getSelectorLabel failed: %s %s spec.selector.matchLabels must contain one of [%s]"
                                                .formatted(
                                                        object.ref()
                                                                .kind()
                                                                .name()
                                                                .toLowerCase(Locale.ROOT),
                                                        object.ref().dotted(),
                                                        String.join(" ", selectorLabels))));
    }

    /** True when only one label can tell a workload's pods from its primary's, whatever that is. */
    public static boolean isTold(ClusterObject object, List<String> selectorLabels) {
        JsonNode selector = object.at(SELECTOR);
        return selector.size() == 1 && selectorLabels.stream().anyMatch(selector::has);
    }

    /** The label by which a primary was made unlike its target; empty where none is known. */
    private static Optional<String> labelOf(JsonNode selector, @Nullable ClusterObject primary) {
        if (primary == null) {
            return Optional.empty();
        }
        JsonNode primarys = primary.at(SELECTOR);
        return selector.properties().stream()
                .map(Map.Entry::getKey)
                .filter(label -> text(primarys, label).equals(text(selector, label) + SUFFIX))
                .findFirst();
    }

    private static String text(JsonNode labels, String label) {
        return labels.path(label).asText();
    }

    /**
     * The same beside a primary that was not there, and is to be made as this one.
     *
     * @param primary one that was promoted before, or of this target
     */
    public Target beside(ClusterObject primary) {
        return labelOf(object.at(SELECTOR), primary)
                .map(it -> new Target(object, kind, candidate, it, text(object.at(SELECTOR), it)))
                .orElse(this);
    }

    public String name() {
        return object.ref().name();
    }

    /** The pod template as its user wrote it, whatever the canary's pods have of their own. */
    public JsonNode template() {
        return CanaryScheduling.usersTemplate(object.json());
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
     * Of a primary that was made from another target these are the labels that it selects itself:
     * nothing may lead to it by labels that none of its pods has.
     *
     * @param primary null when it is yet to be made, from the target
     */
    public ObjectNode primarySelector(@Nullable ClusterObject primary) {
        if (!kind.target().hasPods()) {
            return primary == null ? selector() : kind.selector(primary);
        }
        var selector = selector().put(label, primaryValue());
        if (primary == null) {
            return selector;
        }
        JsonNode carried = primary.at("/spec/template/metadata/labels");
        selector.properties()
                .removeIf(wanted -> !carried.path(wanted.getKey()).equals(wanted.getValue()));
        if (selector.has(label)) {
            return selector;
        }
        JsonNode own = primary.at(SELECTOR);
        return (own.isEmpty() ? carried : own) instanceof ObjectNode labels
                ? labels.deepCopy()
                : selector().put(label, primaryValue());
    }

    /**
     * The same while some of the primary's pods are of an older template: only by labels that those
     * have as well, which are the ones that the primary selects itself, whatever its template is,
     * and the ones by which they are selected already.
     *
     * @param selected the selector of a Service that leads to them; missing when there is none
     */
    public ObjectNode rollingSelector(ClusterObject primary, JsonNode selected) {
        var selector = primarySelector(primary);
        if (!kind.target().hasPods() || !(primary.at(SELECTOR) instanceof ObjectNode own)) {
            return selector;
        }
        selector.properties()
                .removeIf(
                        wanted ->
                                !own.has(wanted.getKey())
                                        && !selected.path(wanted.getKey())
                                                .equals(wanted.getValue()));
        return selector.has(label) ? selector : own.deepCopy();
    }

    /**
     * Refuses a target whose pods the primary could never have: the API server lets nobody change a
     * selector, so that what is analysed could not be promoted.
     */
    public void refuseUnlike(ClusterObject primary) {
        if (!kind.target().hasPods()) {
            return;
        }
        ObjectNode promoted =
                template().at("/metadata/labels") instanceof ObjectNode labels
                        ? labels.deepCopy()
                        : selector();
        promoted.put(label, primaryValue());
        boolean fits =
                primary.at(SELECTOR).properties().stream()
                        .allMatch(it -> promoted.path(it.getKey()).equals(it.getValue()));
        if (!fits) {
            throw Refusal.invalid(
                    "%1$s %2$s selects pods by %3$s and its primary %4$s by %5$s, which cannot be changed (spec.selector), so that nothing is promoted from the one to the other: create %2$s again with the labels that it had, or delete the Canary and create it again"
                            .formatted(
                                    object.ref().kind().name().toLowerCase(Locale.ROOT),
                                    object.ref().dotted(),
                                    object.at(SELECTOR),
                                    primary.ref().dotted(),
                                    primary.at(SELECTOR)));
        }
    }

    /**
     * Refuses a target whose primary's pods could not be told from its own: the API server takes no
     * label of theirs, and would say so when half of it is made.
     */
    public void refuseUnlabelled() {
        if (kind.target().hasPods() && primaryValue().length() > LONGEST_LABEL) {
            throw Refusal.invalid(
                    "%s %s selects pods by %s=%s, so that its primary's need %s=%s, and a label has %d characters at most, not %d: shorten its value to %d, or give pods and spec.selector.matchLabels another of the selector labels"
                            .formatted(
                                    object.ref().kind().name().toLowerCase(Locale.ROOT),
                                    object.ref().dotted(),
                                    label,
                                    value,
                                    label,
                                    primaryValue(),
                                    LONGEST_LABEL,
                                    primaryValue().length(),
                                    LONGEST_LABEL - SUFFIX.length()));
        }
    }

    /** The value of the label on the primary's pods. */
    public String primaryValue() {
        return value + SUFFIX;
    }
}
