package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import java.util.List;
import java.util.Optional;

/** Steers by a copy of a route that the user has made, see {@link RouteCopy}. */
public abstract class CopyingRouter implements Router {

    /** The user's route and its copy; empty for a Canary that names none. */
    protected abstract Optional<RouteCopy.Names> names(Canary canary);

    /** Of the route that {@code spec.routeRef} names, by a copy for each apex. */
    protected static Optional<RouteCopy.Names> ofRouteRef(Canary canary, String title, Kind kind) {
        var ref = canary.getSpec().routeRef();
        if (ref == null || ref.name().isEmpty()) {
            return Optional.empty();
        }
        String namespace = canary.getMetadata().getNamespace();
        return Optional.of(
                new RouteCopy.Names(
                        title,
                        "spec.routeRef",
                        kind.named(namespace, ref.name()),
                        kind.named(namespace, ref.name() + "-" + canary.apex() + "-canary")));
    }

    /** What there is to say to a Canary that names no route; admission refuses it before. */
    protected abstract Refusal unnamed();

    /** The copy as it has to be; what cannot be used is refused. */
    protected abstract RouteObject rendered(Routing routing, RouteCopy copy);

    /** True for an object that leads to this canary as its copy does, whoever made it. */
    protected abstract boolean isCopy(Routing routing, ClusterObject found);

    @Override
    public final List<Ref> reads(Canary canary) {
        return names(canary).map(RouteCopy.Names::source).stream().toList();
    }

    @Override
    public final List<Ref> routes(Canary canary) {
        return names(canary).map(RouteCopy.Names::copy).stream().toList();
    }

    @Override
    public final boolean writesCopies() {
        return true;
    }

    @Override
    public final List<Kind> discards() {
        return mesh().writes();
    }

    @Override
    public final boolean refusesFound() {
        return true;
    }

    /** Nothing of it would be left, and nobody would know what it led to. */
    @Override
    public final void refuseUnfit(Routing routing, ClusterObject found) {
        var names = names(routing.canary()).orElseThrow(this::unnamed);
        if (!isCopy(routing, found)) {
            throw Refusal.retry(
                    "%s %s is in the way: the copy of %s that leads to the canary has this name; rename or delete it, or name another one than %s in %s"
                            .formatted(
                                    found.ref().kind().name(),
                                    found.ref().dotted(),
                                    names.source().name(),
                                    names.source().name(),
                                    names.field()));
        }
    }

    @Override
    public final void refuseMisfit(Routing routing, Live live) {
        names(routing.canary())
                .ifPresent(names -> RouteCopy.ofSource(names, live, it -> rendered(routing, it)));
    }

    @Override
    public final List<RouteObject> wanted(Routing routing, Live live) {
        return RouteCopy.wanted(
                names(routing.canary()).orElseThrow(this::unnamed),
                routing,
                live,
                this,
                copy -> rendered(routing, copy));
    }
}
