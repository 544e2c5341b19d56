package dev.serinus.router.route.gatewayapi;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.ApexSettings;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
    public final Acceptance accepted(ClusterObject route, Found looked) {
        return Parents.accepted(route, gateways(looked), looked);
    }

    /** In the version that the mesh's HTTPRoutes have. */
    final Gateways gateways(Live live) {
        return new Gateways(GatewayApi.gateway(mesh.writes().getFirst().version()), live);
    }

    /** Without its percent a mirror copies all requests. */
    @Override
    public final Map<String, String> younger() {
        return Map.of(
                "requestMirror.percent",
                "for spec.analysis.mirrorWeight; Gateway API 1.3 and later has it",
                "matches.queryParams",
                "for queryParams of spec.analysis.match and spec.service.match; later Gateway API"
                        + " has it",
                "matches.method",
                "for method of spec.service.match; later Gateway API has it");
    }

    @Override
    public final List<NamedAhead> namedAhead() {
        return List.of(HttpRules.NAMED_AHEAD);
    }

    /** Policies name the Services that they are about. */
    @Override
    public final List<String> lost(Routing atRest, Found live) {
        var settings = new ApexSettings(atRest, live);
        return Stream.of(GatewayApi.BACKEND_TLS, GatewayApi.BACKEND_TLS_V1ALPHA3)
                .map(
                        kind ->
                                settings.objects(
                                        kind,
                                        GatewayRouter::isTargeted,
                                        "name them in its spec.targetRefs too"))
                .filter(lost -> !lost.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static boolean isTargeted(ClusterObject policy, String service) {
        return policy.at("/spec/targetRefs")
                .valueStream()
                .filter(it -> it.path("kind").asText().equals("Service"))
                .anyMatch(it -> it.path("name").asText().equals(service));
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
