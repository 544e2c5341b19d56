package dev.serinus.router.route.gatewayapi;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Gateway API, whoever has the route: what gateways say of it, and how it is turned. */
abstract sealed class GatewayRouter implements Router permits GatewayApiRouter, UserRoutesRouter {

    private final Mesh mesh;

    /**
     * @param mesh one of the versions of {@link GatewayApi}
     */
    GatewayRouter(Mesh mesh) {
        this.mesh = mesh;
    }

    @Override
    public final Mesh mesh() {
        return mesh;
    }

    @Override
    public final Acceptance accepted(ClusterObject route) {
        return Parents.accepted(route);
    }

    @Override
    public final List<NamedAhead> namedAhead() {
        return List.of(HttpRules.NAMED_AHEAD);
    }

    /** One of the user's own may have been made before the Canary named it so. */
    @Override
    public final Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var rules =
                new HttpRules(new Routing(canary, Split.PRIMARY, 0, ""))
                        .leadingToApex(route.at("/spec/rules"));
        return Optional.of(edit -> edit.spec("rules", rules));
    }
}
