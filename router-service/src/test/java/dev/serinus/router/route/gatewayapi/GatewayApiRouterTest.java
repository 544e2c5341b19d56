package dev.serinus.router.route.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.route.RouterAtWork;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.api.Test;

/** What of a Canary, and of a route that was there before, is in the route. */
class GatewayApiRouterTest {

    private static RouterAtWork at(String service) {
        return new RouterAtWork(
                new GatewayApiRouter(GatewayApi.V1),
                "{port: 80, gatewayRefs: [{name: public}], %s}".formatted(service),
                "[]");
    }

    @Test
    void originsInIstiosPresentSpellingAreAllowedLikeThoseInTheFormer() {
        var shop =
                at("corsPolicy: {allowOrigin: ['https://a.example'], allowOrigins: [{exact:"
                                + " 'https://a.example'}, {exact: 'https://b.example'}]}")
                        .shift(10);

        assertThat(shop.route().at("/spec/rules/0/filters/0/cors/allowOrigins").toString())
                .isEqualTo("[\"https://a.example\",\"https://b.example\"]");
    }
}
