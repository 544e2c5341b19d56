package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What was made for a Canary that has since asked for something else, and has to go. It is found by
 * whose it is, so that it is found by whoever comes, and however long ago it was asked for.
 */
public record FormerObjects(ActionContext context) {

    /** Copies of users' objects: they lead requests until they are deleted. */
    public List<ClusterObject> copies(Canary canary) {
        return of(canary, Router::writesCopies);
    }

    /** What a route led to before, and none does any more once the present one is written. */
    public List<ClusterObject> unused(Canary canary) {
        return of(canary, router -> !router.writesCopies());
    }

    /** Deletes such objects and gives their names. */
    public List<Ref> delete(List<ClusterObject> objects) {
        var refs = objects.stream().map(ClusterObject::ref).toList();
        refs.forEach(context.cluster()::delete);
        return refs;
    }

    /** Routes of the user's own that were steered for the Canary, each with how it was. */
    public List<Change> steered(Canary canary) {
        var asked = context.routers().find(canary).map(CanaryRoute::writes).orElseGet(List::of);
        List<Change> steered = new ArrayList<>();
        Set<Ref> seen = new HashSet<>();
        for (Router router : context.routers().all()) {
            router.mesh().steers().stream()
                    .filter(context.cluster()::isWatched)
                    .flatMap(kind -> context.cluster().madeFor(canary, kind).stream())
                    .filter(ref -> asked.stream().noneMatch(ref::isSameObject))
                    .filter(seen::add)
                    .map(context.cluster()::find)
                    .filter(Objects::nonNull)
                    .filter(route -> isSteeredBy(canary, route))
                    .forEach(
                            route ->
                                    router.unsteered(route)
                                            .map(given -> new Change(route, given))
                                            .ifPresent(steered::add));
        }
        return steered;
    }

    /** For its apex, or for one that it had before. */
    private static boolean isSteeredBy(Canary canary, ClusterObject route) {
        return RouteMetadata.steeredFor(route).filter(canary.apex()::equals).isPresent()
                || route.mark().filter(it -> it.isOf(canary.getMetadata().getUid())).isPresent();
    }

    /** Deletes the copies, gives back what was steered, and gives their names. */
    public List<Ref> letGo(Canary canary) {
        List<Ref> gone = new ArrayList<>(delete(copies(canary)));
        context.changes().repair(steered(canary)).forEach(route -> gone.add(route.ref()));
        return gone;
    }

    /** The one of what is still there that most requests reach the canary by. */
    public Optional<ClusterObject> leading(Canary canary) {
        return Stream.concat(
                        copies(canary).stream(), steered(canary).stream().map(FormerObjects::live))
                .filter(it -> split(it).filter(Split::reachesCanary).isPresent())
                .max(Comparator.comparingInt(this::weight));
    }

    private static ClusterObject live(Change change) {
        return Objects.requireNonNull(change.live());
    }

    /** The split that a copy shows, or a route that was steered. */
    public Optional<Split> split(ClusterObject former) {
        return context.routers().all().stream()
                .flatMap(router -> router.shownBySteered(former).stream())
                .findFirst()
                .or(() -> context.routers().shown(former));
    }

    private int weight(ClusterObject copy) {
        return split(copy).map(Split::canaryWeight).orElse(0);
    }

    private List<ClusterObject> of(Canary canary, Predicate<Router> wanted) {
        var route = context.routers().find(canary);
        var asked = route.map(CanaryRoute::writes).orElseGet(List::of);
        Set<Ref> former = new LinkedHashSet<>();
        for (Router router : context.routers().all()) {
            boolean own = route.filter(it -> it.router().equals(router)).isPresent();
            if (wanted.test(router) && (own || router.writesCopies())) {
                router.discards().stream()
                        .filter(kind -> own || context.cluster().isWatched(kind))
                        .flatMap(kind -> context.cluster().madeFor(canary, kind).stream())
                        .filter(
                                ref ->
                                        asked.stream().noneMatch(ref::isSameObject)
                                                && router.isDiscarded(canary, ref))
                        .forEach(former::add);
            }
        }
        return former.stream()
                .map(context.cluster()::find)
                .filter(Objects::nonNull)
                .filter(object -> object.isOwnedBy(canary))
                .toList();
    }
}
