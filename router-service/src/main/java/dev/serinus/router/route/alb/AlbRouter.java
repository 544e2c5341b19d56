package dev.serinus.router.route.alb;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Alb;
import dev.serinus.schemas.mesh.Ingresses;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * AWS Load Balancer Controller: the user's own Ingress, by weights of target groups. A copy of it
 * would be another load balancer, or come beside the user's on the same one and not before it.
 */
public final class AlbRouter implements Router {

    @Override
    public Mesh mesh() {
        return Alb.MESH;
    }

    /** The user's Ingress; empty for a Canary that names none. */
    @Override
    public List<Ref> routes(Canary canary) {
        var ref = canary.getSpec().ingressRef();
        return ref == null || ref.name().isEmpty()
                ? List.of()
                : List.of(Ingresses.INGRESS.named(canary.getMetadata().getNamespace(), ref.name()));
    }

    @Override
    public boolean steersRoutesOfTheUser() {
        return true;
    }

    @Override
    public List<Kind> noted() {
        return mesh().writes();
    }

    @Override
    public void check(Routing atRest, Found live) {
        var _ = usable(atRest.canary(), live);
    }

    /** The apex Service may say what the controller passes over from then on. */
    @Override
    public List<Ref> consults(Canary canary) {
        return List.of(Kind.SERVICE.named(canary.getMetadata().getNamespace(), canary.apex()));
    }

    @Override
    public void refuseMisfit(Routing routing, Live live) {
        if (routes(routing.canary()).stream().anyMatch(ref -> live.find(ref) != null)) {
            var _ = usable(routing.canary(), live);
        }
    }

    private ClusterObject usable(Canary canary, Live live) {
        var ref = routes(canary).stream().findFirst().orElseThrow(IngressBackends::unnamed);
        var found = live.find(ref);
        if (found == null) {
            throw Refusal.missing(ref);
        }
        new IngressCheck(canary, found).refuseUnusable(live.find(consults(canary).getFirst()));
        return found;
    }

    /**
     * The Ingress is left alone while it is missing or cannot be used, and the canary gets nothing:
     * what leads to the apex leads to the primary.
     */
    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var canary = routing.canary();
        ClusterObject ingress;
        try {
            ingress = usable(canary, live);
        } catch (Refusal unusable) {
            if (routing.split().reachesCanary() || shows(canary, live)) {
                throw unusable;
            }
            return List.of();
        }
        var steered = new SteeredIngress(canary.apex());
        return List.of(
                new RouteObject(
                        ingress.ref(),
                        null,
                        (edit, _) -> steered.divide(edit, ingress, routing.split()),
                        (edit, found) -> steered.divide(edit, found, routing.split()),
                        // What it was like is noted beside what is changed alone.
                        _ -> true));
    }

    private boolean shows(Canary canary, Live live) {
        return routes(canary).stream()
                .map(live::find)
                .anyMatch(found -> found != null && reachesCanary(canary, found));
    }

    private boolean reachesCanary(Canary canary, ClusterObject found) {
        return shown(canary, found).filter(Split::reachesCanary).isPresent();
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return isIngress(object)
                ? SteeredIngress.of(object).flatMap(it -> it.shown(object))
                : Optional.empty();
    }

    private static boolean isIngress(@Nullable ClusterObject object) {
        return object != null && object.ref().kind().equals(Ingresses.INGRESS);
    }

    @Override
    public Optional<Split> shown(Canary canary, ClusterObject route) {
        return new SteeredIngress(canary.apex()).shown(route);
    }

    @Override
    public Optional<ClusterObject> restored(Canary canary, ClusterObject live) {
        return new SteeredIngress(canary.apex()).restored(live);
    }

    @Override
    public Optional<Split> shownBySteered(ClusterObject route) {
        return shown(route);
    }

    @Override
    public Optional<ClusterObject> unsteered(ClusterObject route) {
        return isIngress(route)
                ? SteeredIngress.of(route).flatMap(it -> it.restored(route))
                : Optional.empty();
    }

    @Override
    public Optional<ClusterObject> withdrawn(ClusterObject route) {
        return isIngress(route)
                ? SteeredIngress.of(route).map(it -> route.edited(edit -> it.withdraw(edit, route)))
                : Optional.empty();
    }

    /**
     * A target group has no pods before the controller has read of it. One that is given back late
     * may be noted for a name that the apex had before.
     */
    @Override
    public Optional<Consumer<Edit>> naming(
            Canary canary, ClusterObject leading, ClusterObject other) {
        return SteeredIngress.of(leading)
                .or(() -> SteeredIngress.of(other))
                .orElseGet(() -> new SteeredIngress(canary.apex()))
                .naming(leading, other);
    }

    @Override
    public boolean keepsClients(Canary canary, ClusterObject route) {
        return new SteeredIngress(canary.apex()).keepsClients(route);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> new SteeredIngress(canary.apex()).withdraw(edit, route);
    }
}
