package dev.serinus.router.route.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Weights only, on routes of the user's own. */
class UserRoutesTest {

    private static final String WEB =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: web
              namespace: test
              generation: 3
              labels: {team: shop}
              annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}
            spec:
              parentRefs: [{name: edge}]
              hostnames: [shop.example.com]
              rules:
              - name: everything
                matches: [{path: {type: PathPrefix, value: /}}]
                filters:
                - type: ExtensionRef
                  extensionRef: {group: example.com, kind: RateLimit, name: shop}
                backendRefs:
                - name: podinfo
                  port: 80
                  filters:
                  - type: RequestHeaderModifier
                    requestHeaderModifier: {set: [{name: x-from, value: edge}]}
              - matches: [{path: {type: PathPrefix, value: /blog}}]
                backendRefs: [{name: blog, port: 80}]
            """;

    private static final String API =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GRPCRoute
            metadata: {name: api, namespace: test}
            spec:
              parentRefs: [{name: edge}]
              rules:
              - matches: [{method: {service: shop.Orders}}]
                backendRefs: [{name: podinfo, port: 9999}]
            """;

    private static RouterAtWork steering(String routes) {
        return steering(routes, "podinfo");
    }

    private static RouterAtWork steering(String routes, String apex) {
        return new RouterAtWork(
                new UserRoutesRouter(GatewayApi.V1),
                "{name: %s, port: 80, portDiscovery: true, routeRefs: [%s]}"
                        .formatted(apex, routes),
                "[]");
    }

    private static RouterAtWork steeringAt(String ports) {
        return new RouterAtWork(
                new UserRoutesRouter(GatewayApi.V1),
                ("{name: podinfo, %s, routeRefs: [{kind: HTTPRoute, name: web}, {kind: GRPCRoute,"
                                + " name: api}]}")
                        .formatted(ports),
                "[]");
    }

    private static RouterAtWork steeringTheWeb() {
        return steering("{kind: HTTPRoute, name: web}");
    }

    private static List<String> backends(ClusterObject route, int rule) {
        return route.at("/spec/rules/" + rule + "/backendRefs")
                .valueStream()
                .map(it -> it.path("name").asText() + " " + it.path("weight").asText("none"))
                .toList();
    }

    @Test
    void onlyTheWeightsOfTheApplicationChange() {
        var web = steeringTheWeb().put(WEB).shift(30);
        var theirs = RouterAtWork.read(WEB);

        assertThat(backends(web.route(), 0))
                .containsExactly("podinfo-primary 70", "podinfo-canary 30");
        for (String kept :
                List.of(
                        "/spec/parentRefs",
                        "/spec/hostnames",
                        "/spec/rules/0/name",
                        "/spec/rules/0/matches",
                        "/spec/rules/0/filters",
                        "/spec/rules/1",
                        "/metadata/labels")) {
            assertThat(web.route().at(kept)).as(kept).isEqualTo(theirs.at(kept));
        }
        for (JsonNode backend : web.route().at("/spec/rules/0/backendRefs")) {
            assertThat(backend.path("filters"))
                    .isEqualTo(theirs.at("/spec/rules/0/backendRefs/0/filters"));
        }
        assertThat(web.shown()).isEqualTo(Split.of(30));
        assertThat(web.giveBack().route().json()).isEqualTo(theirs);
    }

    @Test
    void everyRouteOfACanaryShowsTheSplit() {
        var both =
                steering("{kind: HTTPRoute, name: web}, {kind: GRPCRoute, name: api}")
                        .put(WEB)
                        .put(API)
                        .shift(40);

        assertThat(both.routes())
                .extracting(it -> backends(it, 0))
                .containsOnly(List.of("podinfo-primary 60", "podinfo-canary 40"));
        both.giveBack();
        assertThat(both.routes().getLast().json()).isEqualTo(RouterAtWork.read(API));
    }

    /** Less may be on its way to one of them only: a canary that still gets anything stays. */
    @Test
    void ofRoutesThatDifferTheLargestShareCounts() {
        var both =
                steering("{kind: HTTPRoute, name: web}, {kind: GRPCRoute, name: api}")
                        .put(WEB)
                        .put(API)
                        .shift(40);
        String before = both.routes().getLast().json().toString();
        both.shift(0).put(before);

        assertThat(both.shown()).isEqualTo(Split.of(40));
    }

    @Test
    void aRouteThatNoGatewayHasTakenKeepsMoreTrafficAway() {
        var web =
                steeringTheWeb()
                        .put(
                                WEB
                                        + """
                                        status:
                                          parents:
                                          - parentRef: {name: edge}
                                            conditions:
                                            - {type: Accepted, status: "True", observedGeneration: 2}
                                        """);

        assertThat(web.accepted().state()).isEqualTo(Acceptance.State.UNSEEN);
        assertThat(web.accepted().because()).startsWith("HTTPRoute web.test parent edge");
    }

    /** It accepts the route all the same, and answers 500 for the share that it cannot lead. */
    @Test
    void aRouteWhoseBackendsAGatewayDoesNotFindKeepsMoreTrafficAway() {
        String status =
                """
                status:
                  parents:
                  - parentRef: {name: edge}
                    conditions:
                    - {type: Accepted, status: "True", observedGeneration: 3}
                    - type: ResolvedRefs
                      status: "%s"
                      observedGeneration: %d
                      reason: BackendNotFound
                      message: no port 81 in Service podinfo-canary
                """;

        assertThat(steeringTheWeb().put(WEB + status.formatted("False", 3)).accepted())
                .isEqualTo(
                        Acceptance.refused(
                                "HTTPRoute web.test parent edge does not find what the route leads"
                                    + " to, or cannot use it (ResolvedRefs: False):"
                                    + " BackendNotFound: no port 81 in Service podinfo-canary"));
        for (String other : List.of(status.formatted("True", 3), status.formatted("False", 2))) {
            assertThat(steeringTheWeb().put(WEB + other).accepted()).isEqualTo(Acceptance.TAKEN);
        }
    }

    /** All requests would go there from the first write on, whatever the split is. */
    @Test
    void routesToPortsThatTheServicesWillNotHaveAreRefusedBeforeAnythingIsMade() {
        var both = steeringAt("port: 81, targetPort: 80").put(WEB).put(API);

        assertThatThrownBy(both::check)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.INVALID))
                .hasMessageContaining(
                        "HTTPRoute web.test leads to port 80 of Service podinfo"
                                + " (spec.rules[0].backendRefs[0].port)")
                .hasMessageContaining("GRPCRoute api.test leads to port 9999")
                .hasMessageContaining("will have port 81 only; set spec.service.port");
        assertThatThrownBy(() -> both.shift(10)).isInstanceOf(Refusal.class);
        both.shift(0);
        assertThat(both.route().json()).isEqualTo(RouterAtWork.read(WEB));

        assertThatThrownBy(steeringAt("port: 80").put(WEB).put(API)::check)
                .hasMessageNotContaining("web.test")
                .hasMessageContaining("port 9999");
        steeringAt("port: 80").put(WEB).put(API.replace("9999", "80")).check();
    }

    @Test
    void othersInARuleKeepTheirShare() {
        String shared =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo, port: 80, weight: 9}, {name: blog, port: 80, weight: 3}");
        var web = steeringTheWeb().put(shared).shift(0);
        assertThat(backends(web.route(), 1))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0", "blog 33");
        web.shift(25);
        assertThat(backends(web.route(), 1))
                .containsExactly("podinfo-primary 75", "podinfo-canary 25", "blog 33");
        assertThat(web.giveBack().route().json()).isEqualTo(RouterAtWork.read(shared));
    }

    @Test
    void othersKeepTheirShareBesideAFineWeightAndAreGivenBackAsTheyWere() {
        String shared =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo, port: 80, weight: 9}, {name: blog, port: 80, weight: 3}");
        var web = steeringTheWeb().put(shared).shift(10).shift(Split.of(Weight.nearest(0.5)));
        assertThat(backends(web.route(), 1))
                .containsExactly("podinfo-primary 995", "podinfo-canary 5", "blog 330");
        web.shift(Split.of(Weight.nearest(0.25)));
        assertThat(backends(web.route(), 1))
                .containsExactly("podinfo-primary 9975", "podinfo-canary 25", "blog 3300");
        assertThat(web.giveBack().route().json()).isEqualTo(RouterAtWork.read(shared));
    }

    @Test
    void aFineWeightIsRefusedWhereItWouldTakeRequestsFromOthers() {
        String large =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo, port: 80, weight: 1}, {name: blog, port: 80, weight:"
                                + " 999}");
        var web = steeringTheWeb().put(large).shift(10);
        assertThatThrownBy(() -> web.shift(Split.of(Weight.nearest(0.25))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("no weight above 1000000; use whole percents");
        assertThat(backends(web.shift(0).route(), 1))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0", "blog 99900");
    }

    @Test
    void aRuleThatNamesTheTwoSidesIsSteeredAndLeadsToTheApplicationInTheEnd() {
        String sides =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo-primary, port: 80, weight: 2}, {name: podinfo-canary, port:"
                                + " 80, weight: 0}, {name: blog, port: 80, weight: 2}");
        var web = steeringTheWeb().put(sides).shift(10);
        assertThat(backends(web.route(), 1))
                .containsExactly("podinfo-primary 90", "podinfo-canary 10", "blog 100");
        assertThat(backends(web.giveBack().route(), 1)).containsExactly("podinfo 1", "blog 1");
    }

    @Test
    void whatTheUserChangedInBetweenStays() {
        var web = steeringTheWeb().put(WEB).shift(30);
        String edited =
                web.route()
                        .json()
                        .toString()
                        .replace("shop.example.com", "shop.example.org")
                        .replace("\"/blog\"", "\"/news\"");
        web.put(edited).shift(40);
        assertThat(web.shown()).isEqualTo(Split.of(40));
        assertThat(web.giveBack().route().json().toString())
                .contains("shop.example.org", "/news")
                .doesNotContain("podinfo-canary", "serinus.dev");
        assertThat(backends(web.route(), 0)).containsExactly("podinfo none");
    }

    @Test
    void whatIsAppliedAgainIsSteeredAgain() {
        var web = steeringTheWeb().put(WEB).shift(30).put(WEB).shift(30);

        assertThat(web.shown()).isEqualTo(Split.of(30));
    }

    @Test
    void aRouteHasOneCanary() {
        var shop = steeringTheWeb().put(WEB).shift(30);
        String taken = shop.route().json().toString();
        var blog = steering("{kind: HTTPRoute, name: web}", "blog").put(taken);

        assertThatThrownBy(blog::check)
                .hasMessageContaining("HTTPRoute web.test is steered by another Canary")
                .hasMessageContaining("(podinfo)");
        assertThatThrownBy(() -> blog.shift(10)).isInstanceOf(Refusal.class);
        blog.shift(0).giveBack();
        assertThat(blog.route().json()).isEqualTo(RouterAtWork.read(taken));
    }

    @Test
    void aRouteThatACanaryTookOverOrMadeIsLeftToIt() {
        for (String metadata :
                List.of(
                        "annotations: {serinus.dev/original: \"{}\"}",
                        "ownerReferences: [{apiVersion: flagger.app/v1beta1, kind: Canary, name:"
                                + " web, uid: other, controller: true}]")) {
            String theirs = WEB.replaceFirst("annotations: .*", metadata);
            var web = steeringTheWeb().put(theirs);

            assertThatThrownBy(() -> web.shift(10)).hasMessageContaining("steered by another");
            web.shift(0).giveBack();
            assertThat(web.route().json()).isEqualTo(RouterAtWork.read(theirs));
        }
    }

    /** A manifest that leads to the apex again is what is given back from then on. */
    @Test
    void whatIsAppliedLaterIsGivenBack() {
        var web = steeringTheWeb().put(WEB).shift(30);
        var edited = web.route().json().deepCopy();
        var applied = RouterAtWork.read(WEB.replace("port: 80\n", "port: 8080\n"));
        edited.set("spec", applied.path("spec"));
        web.put(edited.toString()).shift(30);

        assertThat(web.route().at("/spec/rules/0/backendRefs/1/port").asInt()).isEqualTo(8080);
        assertThat(web.giveBack().route().json()).isEqualTo(applied);
    }

    @Test
    void rulesThatChangedPlacesGetTheirOwnBackends() {
        String both =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo, port: 9999}, {name: blog, port: 80}");
        var web = steeringTheWeb().put(both).shift(30);
        var json = web.route().json().deepCopy();
        var rules = json.path("spec").path("rules");
        var turned = json.withObjectProperty("spec").putArray("rules");
        turned.add(rules.path(1)).add(rules.path(0));

        web.put(json.toString()).giveBack();
        assertThat(web.route().at("/spec/rules/0"))
                .isEqualTo(RouterAtWork.read(both).at("/spec/rules/1"));
        assertThat(web.route().at("/spec/rules/1"))
                .isEqualTo(RouterAtWork.read(both).at("/spec/rules/0"));
    }

    /**
     * On the way a route names backends that get nothing, with no more than their name and port.
     */
    @Test
    void whatWasBegunAndBrokenOffGoesOnWithAllThatTheBackendSays() {
        var web = steeringTheWeb().put(WEB).shift(0);
        var json = web.route().json().deepCopy();
        var backends = ((ObjectNode) json.at("/spec/rules/0")).putArray("backendRefs");
        backends.add(RouterAtWork.read(WEB).at("/spec/rules/0/backendRefs/0"));
        for (String side : List.of("podinfo-primary", "podinfo-canary")) {
            backends.addObject().put("name", side).put("port", 80).put("weight", 0);
        }

        web.put(json.toString()).shift(20);
        for (JsonNode backend : web.route().at("/spec/rules/0/backendRefs")) {
            assertThat(backend.path("filters").isEmpty()).isFalse();
        }
        assertThat(web.giveBack().route().json()).isEqualTo(RouterAtWork.read(WEB));
    }

    @Test
    void withoutItsNoteARouteLeadsToTheApplicationInTheEnd() {
        var web = steeringTheWeb().put(WEB).shift(30);
        var json = web.route().json().deepCopy();
        json.withObjectProperty("metadata").remove("annotations");

        web.put(json.toString()).giveBack();
        assertThat(backends(web.route(), 0)).containsExactly("podinfo none");
    }

    @Test
    void aRuleWithSeveralBackendsOfTheApplicationIsRefused() {
        var web =
                steeringTheWeb()
                        .put(
                                WEB.replace(
                                        "{name: blog, port: 80}",
                                        "{name: podinfo, port: 80}, {name: podinfo, port: 81}"));

        assertThatThrownBy(web::check).hasMessageContaining("several backends");
    }

    @Test
    void aRouteThatIsMissingOrLeadsElsewhereKeepsTrafficFromTheCanaryAndBlocksNoRollback() {
        var missing = steeringTheWeb();
        assertThatThrownBy(() -> missing.shift(10))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.RETRY))
                .hasMessageContaining("web.test");
        assertThat(missing.shift(0).routes()).isEmpty();

        String elsewhere = WEB.replace("name: podinfo", "name: another");
        var astray = steeringTheWeb().put(elsewhere);
        assertThatThrownBy(() -> astray.shift(10))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.INVALID))
                .hasMessageContaining("HTTPRoute web.test")
                .hasMessageContaining("Service podinfo");
        astray.shift(0);
        assertThat(astray.route().at("/spec")).isEqualTo(RouterAtWork.read(elsewhere).at("/spec"));
    }

    @Test
    void beforeAnythingIsMadeTheRouteHasToBeThere() {
        var missing = steeringTheWeb();
        assertThatThrownBy(missing::check).hasMessageContaining("web.test");
        assertThatThrownBy(() -> missing.put(WEB.replace("name: podinfo", "name: another")).check())
                .hasMessageContaining("Service podinfo");
    }

    /** A namesake of another kind or namespace is not the application. */
    @Test
    void aNamesakeIsNotTheApplication() {
        String namesakes =
                WEB.replace(
                        "{name: blog, port: 80}",
                        "{name: podinfo, namespace: other, port: 80}, {name: podinfo, group:"
                                + " example.com, kind: Bucket}");
        var web = steeringTheWeb().put(namesakes).shift(50);

        assertThat(web.route().at("/spec/rules/1"))
                .isEqualTo(RouterAtWork.read(namesakes).at("/spec/rules/1"));
    }
}
