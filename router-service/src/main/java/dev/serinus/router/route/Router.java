package dev.serinus.router.route;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Steers traffic between a canary's primary and canary services on one kind of mesh or ingress. It
 * only computes: reading and writing is the same for all and done around it. With the same
 * arguments it always gives the same objects, so that repeating it changes nothing more.
 */
public interface Router {

    /** How the mesh's objects are now; null when one does not exist. */
    @FunctionalInterface
    interface Live {
        @Nullable ClusterObject find(Ref ref);
    }

    /** True for the values of spec.provider that this serves. */
    boolean serves(String provider);

    /** The objects that routing needs, in the order in which they are written. */
    List<Ref> objects(Canary canary);

    /**
     * What is to change so that the mesh serves the split. A manifest that cannot be carried out is
     * refused as invalid, in Flagger's words where it has them.
     */
    List<Change> plan(Routing routing, Live live);

    /** The split that one object shows; empty when it is no route or leads to no canary. */
    Optional<Split> shown(ClusterObject object);

    /** The split that the mesh's objects show; empty when there is no route yet. */
    default Optional<Split> current(Canary canary, Live live) {
        return objects(canary).stream()
                .map(live::find)
                .filter(Objects::nonNull)
                .flatMap(object -> shown(object).stream())
                .findFirst();
    }

    /** The cookies that the mesh's objects show; empty when the Canary asks for none. */
    default Optional<Affinity.Shown> cookies(Canary canary, Live live) {
        return Optional.empty();
    }

    /** Why the mesh has not taken the route as it is; empty when it has, or says nothing. */
    default Optional<String> unready(Canary canary, Live live) {
        return Optional.empty();
    }

    /**
     * Why the mesh may still serve the route as it was before its last change; empty when it has
     * seen that, whatever it made of it, or says nothing.
     */
    default Optional<String> unseen(Canary canary, Live live) {
        return Optional.empty();
    }

    /** What is to change so that the mesh is as it was found; not what we made. */
    List<Change> restored(Canary canary, Live live);

    /**
     * What is to change so that a route that we made, and by which requests come in from outside,
     * leads to the apex: nothing takes its place when the Canary goes, so it stays as long as the
     * target does.
     */
    default List<Change> left(Canary canary, ClusterObject target, Live live) {
        return List.of();
    }
}
