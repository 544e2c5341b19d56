package dev.serinus.router.route;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router.Live;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The route of one Canary: what its router wants, and around it what is the same on every mesh.
 * What was there before us is taken over once, with what it was like kept on it, and given back.
 */
public record CanaryRoute(Router router, Canary canary) {

    /** The user's objects that it depends on; they are never written. */
    public List<Ref> reads() {
        return router.reads(canary);
    }

    /** The objects that it is made of, in the order in which they are written. */
    public List<Ref> writes() {
        return router.writes(canary);
    }

    /**
     * Those that requests come in by, as they are deleted: the route, and what leads to it first.
     */
    public List<Ref> leading() {
        return parts().leading();
    }

    /** Those that the route leads to, or by, as they are deleted after it. */
    public List<Ref> behind() {
        return parts().behind();
    }

    private record Parts(List<Ref> leading, List<Ref> behind) {}

    private Parts parts() {
        var writes = writes();
        int route = Math.max(0, route().map(writes::indexOf).orElse(0));
        return new Parts(
                writes.subList(route, writes.size()).reversed(),
                writes.subList(0, route).reversed());
    }

    /** All that has to be known for a plan. */
    public Stream<Ref> objects() {
        return Stream.concat(reads().stream(), writes().stream());
    }

    /** The object that shows the split; empty where there are no routes. */
    public Optional<Ref> route() {
        return router.route(canary);
    }

    /**
     * True when it is a copy of objects of the user's of which one is gone: nothing leads to the
     * canary then but the copy.
     */
    public boolean isWithoutSource(Live live) {
        return router.writesCopies() && reads().stream().anyMatch(ref -> live.find(ref) == null);
    }

    /** The copies that were made for this Canary and serve nobody once it asks for none of them. */
    public List<Ref> copies(Live live) {
        return router.writesCopies()
                ? existing(live)
                        .filter(object -> object.isOwnedBy(canary))
                        .map(ClusterObject::ref)
                        .toList()
                : List.of();
    }

    /** Whether what is there decides if the Canary can be carried out at all. */
    public boolean dependsOnFound() {
        return !reads().isEmpty() || router.refusesFound();
    }

    /**
     * True when it leads to the canary; what somebody else made by its name, and nobody took over,
     * does not.
     */
    public boolean leadsToCanary(Live live) {
        return found(live)
                .filter(it -> it.isOwnedBy(canary) || RouteMetadata.isInHand(it))
                .flatMap(router::shown)
                .filter(Split::reachesCanary)
                .isPresent();
    }

    /** What is to change so that the mesh serves the split. */
    public List<Change> plan(Routing routing, Live live) {
        found(live)
                .filter(found -> !found.isOwnedBy(canary) && !RouteMetadata.isInHand(found))
                .ifPresent(found -> router.refuseUnfit(routing, found));
        return router.wanted(routing, live).stream()
                .map(wanted -> change(wanted, live.find(wanted.ref())))
                .toList();
    }

    /** Those that have to be there before the primary's first pod is. */
    public List<Ref> awaitedByPrimary() {
        return router.beforePrimary(canary);
    }

    /** What of it has to be there before the primary's first pod is. */
    public List<Change> beforePrimary(Routing routing, Live live) {
        return router.beforePrimary(canary).isEmpty()
                ? List.of()
                : beforePrimary(plan(routing, live));
    }

    /** The changes of a plan that have to be made before the primary's first pod is. */
    public List<Change> beforePrimary(List<Change> plan) {
        var needed = Set.copyOf(router.beforePrimary(canary));
        return plan.stream().filter(change -> needed.contains(change.ref())).toList();
    }

    /** The split that it shows; empty when there is no route yet. */
    public Optional<Split> current(Live live) {
        return route().isEmpty() ? Optional.of(Split.PRIMARY) : found(live).flatMap(router::shown);
    }

    /** The cookies that it shows; empty when the Canary asks for none. */
    public Optional<Affinity.Shown> cookies(Live live) {
        return found(live).flatMap(route -> router.cookies(canary, route));
    }

    /** Whether the data plane has taken it as it is; yes where there is none. */
    public Acceptance accepted(Live live) {
        return found(live).map(router::accepted).orElse(Acceptance.TAKEN);
    }

    /** What is to change so that the mesh is as it was found; not what we made. */
    public List<Change> restored(Live live) {
        return existing(live)
                .filter(object -> !object.isOwnedBy(canary) && isInHand(object))
                .flatMap(
                        object ->
                                router
                                        .restored(object)
                                        .map(original -> new Change(object, original))
                                        .stream())
                .toList();
    }

    /** Flagger does not note on all that it took over; who sees it sees the canary's sides. */
    private boolean isInHand(ClusterObject object) {
        return RouteMetadata.isInHand(object) || router.shown(object).isPresent();
    }

    /**
     * What is to change so that a route that we made, and by which requests come in from outside,
     * leads to the apex: it stays as long as the target does, and with it what it needs.
     */
    public List<Change> left(ClusterObject target, Live live) {
        var route = found(live).filter(it -> it.isOwnedBy(canary)).orElse(null);
        var lead = route == null ? null : router.leadingToApex(canary, route).orElse(null);
        if (route == null || lead == null) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        var staying = router.stayingWith(canary);
        for (Ref ref : writes()) {
            var needed = live.find(ref);
            var edits = staying.get(ref);
            if (needed != null && edits != null && needed.isOwnedBy(canary)) {
                changes.add(left(needed, edits, target));
            }
        }
        changes.add(left(route, lead, target));
        return changes;
    }

    private static Change left(ClusterObject live, Consumer<Edit> edits, ClusterObject target) {
        return new Change(
                live,
                live.edited(
                        edit -> {
                            edits.accept(edit);
                            edit.withoutAnnotations(RouteMetadata::isNote).leftTo(target);
                        }));
    }

    private Change change(RouteObject wanted, @Nullable ClusterObject found) {
        if (found == null) {
            return new Change(
                    null,
                    ClusterObject.blank(wanted.ref())
                            .edited(
                                    edit -> {
                                        edit.ownedBy(canary);
                                        decorate(edit, wanted.decoration());
                                        wanted.made().accept(edit, null);
                                    }));
        }
        if (found.isOwnedBy(canary)) {
            return new Change(
                    found,
                    found.edited(
                            edit -> {
                                if (wanted.decoration() != null) {
                                    edit.withoutLabels(_ -> true);
                                }
                                decorate(edit, wanted.decoration());
                                wanted.made().accept(edit, found);
                            }));
        }
        return new Change(
                found,
                found.edited(
                        edit -> {
                            if (!wanted.isTakenOver().test(found)) {
                                RouteMetadata.keepOriginal(found, edit);
                            }
                            decorate(edit, wanted.decoration());
                            wanted.adopted().accept(edit, found);
                        }));
    }

    private static void decorate(Edit edit, @Nullable Decoration decoration) {
        if (decoration != null) {
            edit.label(decoration.labels()).annotate(decoration.annotations());
        }
    }

    private Optional<ClusterObject> found(Live live) {
        return route().map(live::find);
    }

    private Stream<ClusterObject> existing(Live live) {
        return writes().stream().map(live::find).filter(Objects::nonNull);
    }
}
