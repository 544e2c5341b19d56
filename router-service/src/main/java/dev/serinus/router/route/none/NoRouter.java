package dev.serinus.router.route.none;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Kubernetes;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** There is nothing but the Services, and live traffic always goes to the primary. */
public final class NoRouter implements Router {

    @Override
    public Mesh mesh() {
        return Kubernetes.MESH;
    }

    @Override
    public boolean serves(Canary canary, Mesh asked) {
        return Router.super.serves(canary, asked)
                && !canary.getSpec().analysis().splitsByReplicas();
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of();
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        return List.of();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return _ -> {};
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return Optional.empty();
    }
}
