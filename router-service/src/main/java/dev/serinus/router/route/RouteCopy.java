package dev.serinus.router.route;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router.Live;
import dev.serinus.router.workload.Labels;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A copy of a user's object that leads to a canary's sides: the user's own is never written and
 * serves without it. Labels, annotations and rules follow each change of the user's; Flagger copies
 * labels and annotations once, when it makes the object.
 *
 * @param ref the copy
 * @param source what the copy is made from: the user's object or, while that cannot be used, the
 *     copy as it stands
 * @param isStanding true while the user's object cannot be used
 */
public record RouteCopy(Ref ref, ClusterObject source, boolean isStanding) {

    /**
     * Keys of the annotations that were put on the copy: one that the user takes away goes from the
     * copy as well, and what somebody else notes on the copy stays.
     */
    static final String ANNOTATED = ClusterObject.OURS + "annotated";

    /**
     * What is copied.
     *
     * @param title how Flagger calls the user's object
     * @param field of the Canary's spec that names it
     */
    public record Names(String title, String field, Ref source, Ref copy) {}

    /** The copy as it has to be of a source that is there; refuses one that cannot be used. */
    static Optional<RouteObject> ofSource(
            Names names, Live live, Function<RouteCopy, RouteObject> rendering) {
        return Optional.ofNullable(live.find(names.source()))
                .map(theirs -> rendering.apply(new RouteCopy(names.copy(), theirs, false)));
    }

    /**
     * The copy as it has to be. While the user's object is gone, or cannot be used as it is now,
     * traffic can only be taken from the canary, so that a release can be taken back; anything else
     * waits for the object.
     *
     * @param router tells the split that the copy shows
     * @param rendering of the copy from what it is made from; refuses what cannot be used
     */
    public static List<RouteObject> wanted(
            Names names,
            Routing routing,
            Live live,
            Router router,
            Function<RouteCopy, RouteObject> rendering) {
        try {
            return List.of(
                    ofSource(names, live, rendering)
                            .orElseThrow(() -> Refusal.missing(names.title(), names.source())));
        } catch (Refusal unusable) {
            var standing = live.find(names.copy());
            if (standing == null
                    || !(standing.isOwnedBy(routing.canary()) || RouteMetadata.isInHand(standing))
                    || mayRaise(routing.split(), router.shown(standing))) {
                throw unusable;
            }
            return List.of(rendering.apply(new RouteCopy(names.copy(), standing, true)));
        }
    }

    /** Nothing is never more, whatever the copy says. */
    private static boolean mayRaise(Split split, Optional<Split> shown) {
        return split.reachesCanary()
                && shown.filter(it -> !split.canaryWeight().isAbove(it.canaryWeight())).isEmpty();
    }

    /** The spec of what it is made from, to be changed. */
    public ObjectNode spec() {
        return source.at("/spec") instanceof ObjectNode spec
                ? spec.deepCopy()
                : source.json().objectNode();
    }

    /**
     * The copy with this spec.
     *
     * @param steering true for the keys of annotations that say where requests go: none comes from
     *     the user's object
     * @param ours annotations that are put on the copy
     * @param isTakenOver true for an object that is a copy for this canary already
     */
    public RouteObject with(
            ObjectNode spec,
            Predicate<String> steering,
            Map<String, String> ours,
            Predicate<ClusterObject> isTakenOver) {
        Map<String, String> copied = new TreeMap<>(source.annotations());
        copied.keySet()
                .removeIf(
                        key ->
                                steering.test(key)
                                        || isNotedByAController(key)
                                        || key.startsWith(ClusterObject.OURS)
                                        || key.equals(RouteMetadata.KUBECTL_APPLIED));
        Map<String, String> wanted = new TreeMap<>(copied);
        wanted.putAll(ours);
        return new RouteObject(
                ref,
                new Decoration(Labels.copied(source.labels()), wanted),
                (edit, found) -> put(edit, found, spec, steering, wanted),
                (edit, found) -> put(edit, found, spec, steering, wanted),
                isTakenOver);
    }

    /**
     * Rancher notes on each Ingress where that one can be reached: a copy of the note would be put
     * right by Rancher and copied again, for ever.
     */
    private static boolean isNotedByAController(String key) {
        return key.startsWith("field.cattle.io/");
    }

    private static void put(
            Edit edit,
            @Nullable ClusterObject found,
            ObjectNode spec,
            Predicate<String> steering,
            Map<String, String> wanted) {
        Set<String> before = found == null ? Set.of() : noted(found);
        edit.withoutAnnotations(
                key ->
                        !wanted.containsKey(key)
                                && (steering.test(key)
                                        || before.contains(key)
                                        || key.equals(ANNOTATED)));
        if (!wanted.isEmpty()) {
            edit.annotate(ANNOTATED, String.join(",", wanted.keySet()));
        }
        edit.put("spec", spec.deepCopy());
    }

    private static Set<String> noted(ClusterObject copy) {
        String noted = copy.annotation(ANNOTATED);
        return noted == null ? Set.of() : new TreeSet<>(List.of(noted.split(",")));
    }
}
