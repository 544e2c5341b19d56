package dev.serinus.router.route.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.route.RouterAtWork;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.api.Test;

/** Gateway API asks a rule first that looks at more headers, wherever it stands. */
class CookiePrecedenceTest {

    private static final String AFFINITY = "{cookieName: stick}";

    private static RouterAtWork route(String match, String conditions) {
        return new RouterAtWork(
                new GatewayApiRouter(GatewayApi.V1),
                "{port: 80, gatewayRefs: [{name: public}], match: " + match + "}",
                conditions,
                "{analysis: {interval: 1m, threshold: 1, iterations: 2, match: "
                        + conditions
                        + ", sessionAffinity: "
                        + AFFINITY
                        + "}}");
    }

    private static int headers(JsonNode rule) {
        return rule.path("matches")
                .valueStream()
                .mapToInt(it -> it.path("headers").size())
                .max()
                .orElse(0);
    }

    @Test
    void whoHasTheCookieStaysThoughTheConditionsLookAtTwoHeaders() {
        var rules =
                route("[]", "[{headers: {x-a: {exact: a}, x-b: {exact: b}}}]")
                        .lead()
                        .route()
                        .at("/spec/rules");

        assertThat(headers(rules.path(1))).isEqualTo(2);
        assertThat(headers(rules.path(0))).isEqualTo(3);
        assertThat(rules.at("/0/matches/0/headers")).as("without any of them").hasSize(1);
    }

    @Test
    void aParameterOfTheQueryBesideAHeaderIsAskedBeforeAHeaderAlone() {
        var rules =
                route("[]", "[{headers: {x-a: {exact: a}}, queryParams: {q: {exact: b}}}]")
                        .lead()
                        .route()
                        .at("/spec/rules");

        var place = rules.at("/0/matches/1");
        assertThat(place.at("/headers/0/name").asText()).isEqualTo("Cookie");
        assertThat(place.path("queryParams")).as("as many, and it stands first").hasSize(1);
    }

    @Test
    void whereTheServiceIsServedByTwoHeadersTheCookieIsAThird() {
        var rules =
                route("[{headers: {x-a: {exact: a}, x-b: {exact: b}}}]", "[]")
                        .shift(30)
                        .route()
                        .at("/spec/rules");

        assertThat(headers(rules.path(1))).isEqualTo(2);
        assertThat(headers(rules.path(0))).isEqualTo(3);
    }
}
