package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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

    /** The one of them that most requests reach the canary by. */
    public Optional<ClusterObject> leading(Canary canary) {
        return copies(canary).stream()
                .filter(it -> split(it).filter(Split::reachesCanary).isPresent())
                .max((one, other) -> Integer.compare(weight(one), weight(other)));
    }

    /** The split that a copy shows. */
    public Optional<Split> split(ClusterObject copy) {
        return context.routers().shown(copy);
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
