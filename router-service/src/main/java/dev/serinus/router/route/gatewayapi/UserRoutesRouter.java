package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gateway API, for a Canary that names routes of the user's own ({@code spec.service.routeRefs}):
 * of them nothing but weights is changed, see {@link UserRoutes}.
 */
public final class UserRoutesRouter extends GatewayRouter {

    /**
     * @param mesh one of the versions of {@link GatewayApi}
     */
    public UserRoutesRouter(Mesh mesh) {
        super(mesh);
    }

    @Override
    public boolean serves(Canary canary, Mesh asked) {
        return super.serves(canary, asked) && UserRoutes.areNamed(canary);
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return UserRoutes.refs(canary, mesh());
    }

    @Override
    public boolean steersRoutesOfTheUser() {
        return true;
    }

    @Override
    public List<Kind> noted() {
        return mesh().steers();
    }

    @Override
    public void check(Routing atRest, Found live) {
        UserRoutes.of(atRest.canary()).check(routes(atRest.canary()), atRest, live);
    }

    @Override
    public void refuseMisfit(Routing routing, Live live) {
        var there =
                routes(routing.canary()).stream().filter(ref -> live.find(ref) != null).toList();
        UserRoutes.of(routing.canary()).check(there, routing, live);
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        return UserRoutes.of(routing.canary()).wanted(routes(routing.canary()), routing, live);
    }

    /** Whose a route is has to be known. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        return Optional.empty();
    }

    @Override
    public Optional<Split> shown(Canary canary, ClusterObject route) {
        return UserRoutes.of(canary).shown(route);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> {
            for (JsonNode rule : edit.spec().path("rules")) {
                GatewayApiRouter.withdraw(canary, rule);
            }
        };
    }

    @Override
    public Optional<ClusterObject> restored(Canary canary, ClusterObject live) {
        return UserRoutes.of(canary).restored(live);
    }

    @Override
    public Optional<Split> shownBySteered(ClusterObject route) {
        return UserRoutes.of(route).flatMap(it -> it.shown(route));
    }

    @Override
    public Optional<ClusterObject> withdrawn(ClusterObject route) {
        return UserRoutes.of(route).map(it -> it.withdrawn(route));
    }

    @Override
    public Optional<ClusterObject> unsteered(ClusterObject route) {
        return UserRoutes.of(route).flatMap(it -> it.restored(route));
    }
}
