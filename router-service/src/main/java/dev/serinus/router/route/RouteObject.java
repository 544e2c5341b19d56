package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * One object of a mesh as a router wants it.
 *
 * @param decoration labels and annotations that it carries; null where its own are left alone
 * @param made puts our content into an object that we make, or made: the whole spec. Is given the
 *     object as it is, or null.
 * @param adopted puts our content into an object that was there before us, among what it holds
 *     besides
 * @param isTakenOver true for an object that already leads to the primary, whoever wrote that: what
 *     it was before is not known any more
 */
public record RouteObject(
        Ref ref,
        @Nullable Decoration decoration,
        BiConsumer<Edit, @Nullable ClusterObject> made,
        BiConsumer<Edit, ClusterObject> adopted,
        Predicate<ClusterObject> isTakenOver) {

    /** Labels and annotations that an object carries for us. */
    public record Decoration(Map<String, String> labels, Map<String, String> annotations) {

        /** Those of {@code service.apex}, and the annotations that keep Flux away. */
        public static Decoration ofApex(Routing routing) {
            return new Decoration(
                    RouteMetadata.labels(routing.canary(), routing.selectorLabel()),
                    RouteMetadata.annotations(routing.canary()));
        }
    }
}
