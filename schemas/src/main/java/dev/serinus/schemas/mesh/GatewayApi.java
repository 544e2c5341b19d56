package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Gateway API, of any implementation: Flagger's pkg/router/gateway_api.go. */
public final class GatewayApi {

    public static final String GROUP = "gateway.networking.k8s.io";

    public static final Mesh V1 = of("Gateway API", "v1").served();
    public static final Mesh V1BETA1 = of("Gateway API v1beta1", "v1beta1").served();

    private GatewayApi() {}

    private static Mesh.Builder of(String title, String version) {
        return Mesh.named(title, ProviderName.beginning("gatewayapi:" + version))
                .writes(new Kind(GROUP, version, "HTTPRoute", "httproutes"))
                .can(
                        Ability.WEIGHTS,
                        Ability.MIRROR_BEFORE_WEIGHTS,
                        Ability.MIRROR,
                        Ability.MIRROR_SHARE,
                        Ability.SESSION_AFFINITY,
                        Ability.PRIMARY_COOKIE,
                        Ability.CROSS_NAMESPACE)
                .routesBy(
                        Condition.by("headers", Matcher.EXACT, Matcher.REGEX),
                        Condition.by("queryParams", Matcher.EXACT, Matcher.REGEX))
                .needs(Requirement.GATEWAYS);
    }
}
