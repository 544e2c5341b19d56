package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Gateway API, of any implementation: Flagger's pkg/router/gateway_api.go. */
public final class GatewayApi {

    public static final String GROUP = "gateway.networking.k8s.io";

    /** There is a version 1 of it wherever there is a stable one. */
    private static final Kind GRPC_ROUTE = new Kind(GROUP, "v1", "GRPCRoute", "grpcroutes");

    /** How gateways speak TLS to a Service, since 1.4 and before. */
    public static final Kind BACKEND_TLS = backendTls("v1");

    public static final Kind BACKEND_TLS_V1ALPHA3 = backendTls("v1alpha3");

    public static final Mesh V1 = of("Gateway API", "v1").served();
    public static final Mesh V1BETA1 = of("Gateway API v1beta1", "v1beta1").served();

    private GatewayApi() {}

    /** What serves the routes, in one of its versions. */
    public static Kind gateway(String version) {
        return new Kind(GROUP, version, "Gateway", "gateways");
    }

    private static Kind backendTls(String version) {
        return new Kind(GROUP, version, "BackendTLSPolicy", "backendtlspolicies");
    }

    private static Mesh.Builder of(String title, String version) {
        var httpRoute = new Kind(GROUP, version, "HTTPRoute", "httproutes");
        return Mesh.named(title, ProviderName.beginning("gatewayapi:" + version))
                .looksAt(gateway(version), BACKEND_TLS, BACKEND_TLS_V1ALPHA3)
                .writes(httpRoute)
                .steers(httpRoute, GRPC_ROUTE)
                .can(
                        Ability.WEIGHTS,
                        Ability.FINE_WEIGHTS,
                        Ability.BASELINE,
                        Ability.MIRROR_BEFORE_WEIGHTS,
                        Ability.MIRROR,
                        Ability.MIRROR_SHARE,
                        Ability.SESSION_AFFINITY,
                        Ability.PRIMARY_COOKIE,
                        Ability.CROSS_NAMESPACE)
                .routesBy(
                        Condition.by("headers", Matcher.EXACT, Matcher.REGEX),
                        Condition.by("queryParams", Matcher.EXACT, Matcher.REGEX))
                .servesBy(
                        Condition.any("uri"),
                        Condition.by("method", Matcher.EXACT),
                        Condition.by("headers", Matcher.EXACT, Matcher.REGEX),
                        Condition.by("queryParams", Matcher.EXACT, Matcher.REGEX))
                .readsOfService(
                        "hosts",
                        "gatewayRefs",
                        "rewrite",
                        "timeout",
                        "backendTimeout",
                        "headers",
                        "mirror",
                        "corsPolicy")
                .needs(Requirement.GATEWAYS);
    }
}
