package dev.serinus.router.route.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.GatewayApi;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

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

    private static final String TWO_PARENTS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: podinfo, namespace: test}
            spec:
              parentRefs: [{name: internal}, {name: public, sectionName: http}]
              hostnames: [shop.example.com]
              rules:
              - matches: [{path: {type: PathPrefix, value: /blog}}]
                backendRefs: [{name: blog, port: 80}]
              - name: api
                matches: [{path: {type: PathPrefix, value: /api}}]
                filters:
                - type: ExtensionRef
                  extensionRef: {group: example.com, kind: Login, name: shop}
                - type: RequestMirror
                  requestMirror: {backendRef: {group: "", kind: Service, name: audit, port: 80}}
                timeouts: {request: 30s}
                backendRefs:
                - name: podinfo
                  port: 80
                  filters:
                  - type: RequestHeaderModifier
                    requestHeaderModifier: {set: [{name: x-from, value: edge}]}
              - name: search
                matches: [{path: {type: Exact, value: /search}, method: GET}]
                filters:
                - type: ExtensionRef
                  extensionRef: {group: example.com, kind: Limit, name: search}
                backendRefs: [{name: podinfo, port: 80}]
            """;

    private static List<String> at(RouterAtWork shop, String field) {
        return shop.route()
                .at("/spec/rules")
                .valueStream()
                .map(it -> it.at(field).asText("none"))
                .toList();
    }

    private static RouterAtWork adopting() {
        return at("hosts: [shop.example.com]");
    }

    /** Who is let in, and where, is the user's to say as long as the Canary says nothing. */
    @Test
    void aRouteThatIsTakenOverIsDividedWhereItLeadsToTheApplication() {
        var shop = adopting().put(TWO_PARENTS).shift(0).shift(30);
        var theirs = RouterAtWork.read(TWO_PARENTS);

        assertThat(at(shop, "/matches/0/path/value")).containsExactly("/blog", "/api", "/search");
        assertThat(at(shop, "/backendRefs/1/weight")).containsExactly("none", "30", "30");
        assertThat(at(shop, "/name")).containsExactly("none", "api", "search");
        for (String kept :
                List.of(
                        "/spec/rules/0",
                        "/spec/rules/1/filters",
                        "/spec/rules/1/timeouts",
                        "/spec/rules/2/matches",
                        "/spec/rules/2/filters")) {
            assertThat(shop.route().at(kept)).as(kept).isEqualTo(theirs.at(kept));
        }
        for (int side = 0; side < 2; side++) {
            assertThat(shop.route().at("/spec/rules/1/backendRefs/" + side + "/filters"))
                    .isEqualTo(theirs.at("/spec/rules/1/backendRefs/0/filters"));
        }
        assertThat(shop.shown()).isEqualTo(Split.of(30));
        assertThat(shop.giveBack().route().json()).isEqualTo(theirs);
    }

    @Test
    void aRouteInWhichOthersHaveAShareBesideTheApplicationIsLeftToItsUser() {
        var shop =
                adopting()
                        .put(
                                TWO_PARENTS.replace(
                                        "[{name: podinfo, port: 80}]",
                                        "[{name: podinfo, port: 80}, {name: old, port: 80}]"));

        assertThatThrownBy(() -> shop.shift(0))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("HTTPRoute podinfo.test leads to others")
                .hasMessageContaining("spec.rules[2].backendRefs")
                .hasMessageContaining("spec.service.routeRefs");
    }

    @Test
    void gatewaysOfARouteThatIsTakenOverStayBesideThoseThatTheCanaryNames() {
        var shop = adopting().put(TWO_PARENTS).shift(0).shift(30);

        assertThat(shop.route().at("/spec/parentRefs").findValuesAsText("name"))
                .containsExactly("public", "internal");
        assertThat(shop.route().at("/spec/parentRefs/0").has("sectionName")).isFalse();
    }

    @Test
    void whatTheCanarySaysCountsBeforeWhatTheRouteHad() {
        var shop =
                at("match: [{uri: {prefix: /v2}}], timeout: 5s, headers: {request: {set: {x-a:"
                                + " b}}}")
                        .put(TWO_PARENTS.replaceAll("(?s)  - name: search.*", ""))
                        .shift(30);

        assertThat(at(shop, "/matches/0/path/value")).containsExactly("/blog", "/v2");
        assertThat(at(shop, "/timeouts/request")).containsExactly("none", "5s");
        assertThat(shop.route().at("/spec/rules/1/filters").findValuesAsText("type"))
                .containsExactly("RequestHeaderModifier", "ExtensionRef", "RequestMirror");
    }

    @Test
    void conditionsAreAskedInEachPlace() {
        var shop =
                new RouterAtWork(
                                new GatewayApiRouter(GatewayApi.V1),
                                "{port: 80, gatewayRefs: [{name: public}]}",
                                "[{headers: {x-canary: {exact: insider}}}]")
                        .put(TWO_PARENTS)
                        .lead();

        assertThat(at(shop, "/matches/0/path/value"))
                .containsExactly("/blog", "/api", "/api", "/search", "/search");
        assertThat(at(shop, "/matches/0/headers/0/value"))
                .containsExactly("none", "insider", "none", "insider", "none");
        assertThat(shop.shown()).isEqualTo(Split.of(100).matching(true));
    }

    @Test
    void whereItsUserLeadsItAnewIsWhereItIsDividedFromThenOn() {
        var shop = adopting().put(TWO_PARENTS).shift(30);
        var edited = shop.route().json().deepCopy();
        var applied = RouterAtWork.read(TWO_PARENTS.replace("/api", "/api/v2"));
        edited.set("spec", applied.path("spec"));
        shop.put(edited.toString()).shift(30).shift(40);

        assertThat(at(shop, "/matches/0/path/value"))
                .containsExactly("/blog", "/api/v2", "/search");
        assertThat(shop.giveBack().route().json()).isEqualTo(applied);
    }

    /** It would take the place of gateways that serve, and nobody would be served. */
    @Test
    void aGatewayThatDoesNotExistIsToldBeforeAnythingIsMade() {
        var shop =
                new RouterAtWork(
                                new GatewayApiRouter(GatewayApi.V1),
                                "{port: 80, gatewayRefs: [{name: public}, {name: publik, namespace:"
                                        + " edge}, {kind: Service, group: '', name: podinfo}]}",
                                "[]")
                        .without("Gateway", "publik");

        assertThatThrownBy(shop::check)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.RETRY))
                .hasMessage(
                        "spec.service.gatewayRefs[1]: Gateway publik.edge does not exist, so that"
                                + " nobody would be served by it; name one that does, or make it");
    }

    @Test
    void aRouteIsLedToNoGatewayThatDoesNotExist() {
        var shop =
                adopting()
                        .put(TWO_PARENTS.replace("{name: public, ", "{name: other, "))
                        .put("{kind: Gateway, metadata: {name: other}}");

        assertThatThrownBy(() -> shop.without("Gateway", "public").shift(0))
                .hasMessageContaining("gatewayRefs[0]: Gateway public.test does not exist");
    }

    @Test
    void aGatewayThatIsGoneLaterKeepsARouteFromNothingElse() {
        var shop = at("hosts: [shop.example.com]").shift(0).without("Gateway", "public");

        assertThat(shop.shift(30).shown()).isEqualTo(Split.of(30));
    }

    private static final String PARENTS =
            "metadata: {name: podinfo, namespace: test, generation: 2}, spec: {parentRefs: [{name:"
                    + " public, sectionName: https}, {group: '', kind: Service, name: podinfo}]}";

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // what the route's parents say | what the Gateway's controller says
                "[]                              | none    | TAKEN   |",
                "[]                              | other   | REFUSED | does not exist (Gateway"
                        + " public.test)",
                "[]                              | []      | TAKEN   |",
                "[]                              | Unknown | REFUSED | is taken by no controller",
                "[]                              | True    | UNSEEN  | has said nothing of the"
                        + " route",
                "[{parentRef: {name: other}}]    | []      | TAKEN   |",
                "[]                              | beside  | UNSEEN  | has no status (Gateway"
                        + " public.test), as Gateway other.test of the same class has",
                "[]                              | of another class | TAKEN |",
                "[]                              | of other | UNSEEN | has said nothing of the"
                        + " route",
                "[{parentRef: {name: public}, conditions: [{type: Accepted, status: 'True',"
                        + " observedGeneration: 2}]}] | none | TAKEN |",
                "[{parentRef: {name: public}, conditions: [{type: Accepted, status: 'True',"
                        + " observedGeneration: 1}]}] | True | UNSEEN | is not ready"
            })
    void aGatewayThatSaysNothingOfARouteHasNotTakenIt(
            String parents, String gateway, Acceptance.State state, @Nullable String because) {
        var shop =
                at("hosts: [a.example]")
                        .without("Gateway", "public")
                        .put(
                                "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, %s, status: {parents: %s}}"
                                        .formatted(PARENTS, parents));
        if (gateway.equals("other")) {
            shop.put(
                            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, %s}"
                                    .formatted(PARENTS.replace("[{", "[{name: other}, {")))
                    .put("{kind: Gateway, metadata: {name: other}}");
        } else if (gateway.equals("beside")) {
            shop.put("{kind: Gateway, metadata: {name: public}}")
                    .put(
                            "{kind: Gateway, metadata: {name: other}, status: {conditions: [{type:"
                                    + " Accepted, status: 'True'}]}}");
        } else if (gateway.equals("of another class")) {
            shop.put("{kind: Gateway, metadata: {name: public}, spec: {gatewayClassName: ours}}")
                    .put(
                            "{kind: Gateway, metadata: {name: other}, spec: {gatewayClassName:"
                                    + " theirs}, status: {conditions: [{type: Accepted, status:"
                                    + " 'True'}]}}");
        } else if (gateway.equals("of other")) {
            shop.put("{kind: Gateway, metadata: {name: public}}")
                    .put(
                            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata:"
                                + " {name: other}, status: {parents: [{parentRef: {name: public},"
                                + " conditions: [{type: Accepted, status: 'True'}]}]}}");
        } else if (!gateway.equals("none")) {
            shop.put(
                    "{kind: Gateway, metadata: {name: public}, status: {conditions: %s}}"
                            .formatted(
                                    gateway.equals("[]")
                                            ? gateway
                                            : "[{type: Programmed, status: '" + gateway + "'}]"));
        }

        assertThat(shop.accepted().state()).isEqualTo(state);
        assertThat(shop.accepted().because()).contains(because == null ? "" : because);
    }

    /** Admission tells what is left out. */
    @Test
    void whatTheApiServerWouldRefuseIsLeftOut() {
        var at =
                new RouterAtWork(
                                new GatewayApiRouter(GatewayApi.V1BETA1),
                                """
                                {port: 80, gatewayRefs: [{name: public}], timeout: 1m,
                                 backendTimeout: 61s, corsPolicy: {allowOrigins:
                                   [{exact: 'https://a.example'}, {regex: '.*'}]}}
                                """,
                                "[]")
                        .shift(10);

        var rule = at.route().at("/spec/rules/0");
        assertThat(rule.path("timeouts").toString()).isEqualTo("{\"request\":\"1m\"}");
        assertThat(rule.at("/filters/0/cors/allowOrigins").toString())
                .isEqualTo("[\"https://a.example\"]");
    }
}
