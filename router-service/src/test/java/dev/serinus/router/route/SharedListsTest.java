package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.route.appmesh.AppMeshV1Beta2Router;
import dev.serinus.router.route.contour.ContourRouter;
import dev.serinus.router.route.gatewayapi.GatewayApiRouter;
import dev.serinus.router.route.gloo.GlooRouter;
import dev.serinus.router.route.istio.IstioRouter;
import dev.serinus.schemas.mesh.AppMesh;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What an adopted route has of its user and of the Canary, as the Canary changes. */
class SharedListsTest {

    private static final String GATEWAY = "gatewayRefs: [{name: public}]";

    private static RouterAtWork istio(String service, String spec) {
        return new RouterAtWork(new IstioRouter(), "{port: 80, %s}".formatted(service), "[]")
                .put(
                        """
                        apiVersion: networking.istio.io/v1beta1
                        kind: VirtualService
                        metadata: {name: podinfo, namespace: test}
                        spec: {%s, http: [{route: [{destination: {host: podinfo}}]}]}
                        """
                                .formatted(spec));
    }

    private static RouterAtWork gateway(String service, String spec) {
        return new RouterAtWork(
                        new GatewayApiRouter(GatewayApi.V1),
                        "{port: 80, %s, %s}".formatted(GATEWAY, service),
                        "[]")
                .put(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: podinfo, namespace: test}
                        spec:
                          parentRefs: [{name: public}]
                          %s
                          rules:
                          - matches: [{path: {type: PathPrefix, value: /admin}}]
                            backendRefs: [{name: admin, port: 80}]
                          - backendRefs: [{name: podinfo, port: 80}]
                        """
                                .formatted(spec));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static List<String> hosts(RouterAtWork at) {
        return texts(at.route().at("/spec/hosts"));
    }

    private static List<String> gateways(RouterAtWork at) {
        return texts(at.route().at("/spec/gateways"));
    }

    @Test
    void aHostThatTheCanaryGivesUpGoesAndTheUsersStays() {
        var before = istio("hosts: [app.test]", "hosts: [legacy.test]").shift(0);
        assertThat(hosts(before)).containsExactly("app.test", "podinfo", "legacy.test");

        var after = before.edited("{port: 80, hosts: [new.test]}", "[]").shift(0).shift(10);

        assertThat(hosts(after)).containsExactly("new.test", "podinfo", "legacy.test");
        assertThat(hosts(after.giveBack())).containsExactly("legacy.test");
    }

    @Test
    void aHostThatTheUserAddsInTheMeantimeStays() {
        var before = istio("hosts: [app.test]", "hosts: [legacy.test]").shift(0);
        var added =
                before.put(
                        before.route()
                                .edited(it -> it.spec().withArrayProperty("hosts").add("more.test"))
                                .json()
                                .toString());

        var after = added.edited("{port: 80, hosts: [new.test]}", "[]").shift(0).shift(10);

        assertThat(hosts(after)).containsExactly("new.test", "podinfo", "legacy.test", "more.test");
    }

    @Test
    void aHostThatTheUserHadBeforeTheCanaryStays() {
        var before = istio("hosts: [a.test]", "hosts: [podinfo, a.test]").shift(0);
        var added =
                before.put(
                        before.route()
                                .edited(it -> it.spec().withArrayProperty("hosts").add("b.test"))
                                .json()
                                .toString());
        var both = added.edited("{port: 80, hosts: [a.test, b.test]}", "[]").shift(0);

        var after = both.edited("{port: 80, hosts: [a.test]}", "[]").shift(0);

        assertThat(hosts(after)).contains("a.test", "b.test");
        assertThat(hosts(after.giveBack())).containsExactly("podinfo", "a.test", "b.test");
    }

    /** A route without hosts or hostnames is for all of them, or for none. */
    @Test
    void ofARouteWhoseUserTakesAwayItsOnlyHostTheCanarysStay() {
        var at = istio("hosts: [app.test]", "hosts: [legacy.test]").shift(0);
        var hosts = JsonNodeFactory.instance.arrayNode().add("app.test");
        var taken =
                at.put(at.route().edited(it -> it.spec("hosts", hosts)).json().toString())
                        .giveBack();
        assertThat(hosts(taken)).containsExactly("app.test");

        var other = gateway("hosts: [app.test]", "hostnames: [legacy.test]").shift(0);
        var without =
                other.put(other.route().edited(it -> it.spec("hostnames", hosts)).json().toString())
                        .giveBack();
        assertThat(texts(without.route().at("/spec/hostnames"))).containsExactly("app.test");
    }

    /** Its router may have been down since. */
    @Test
    void aHostThatTheCanaryGivesUpJustBeforeItGoesIsNotLeftBehind() {
        var at =
                istio("hosts: [app.test]", "hosts: [legacy.test]")
                        .shift(0)
                        .edited("{port: 80, hosts: [new.test]}", "[]")
                        .giveBack();
        assertThat(hosts(at)).containsExactly("legacy.test");
    }

    /** An earlier release made one of the Canary's hosts alone, and noted nothing. */
    @Test
    void aRouteOfAllHostnamesThatAnEarlierReleaseNarrowedIsGivenBackAsOne() {
        var at = gateway("hosts: [app.test]", "").shift(0);
        var hosts = JsonNodeFactory.instance.arrayNode().add("app.test");
        var narrowed =
                at.put(at.route().edited(it -> it.spec("hostnames", hosts)).json().toString());

        assertThat(narrowed.giveBack().route().at("/spec").has("hostnames")).isFalse();
    }

    /** As Helm does, which changes what differs between two charts. */
    @Test
    void ofARouteOfWhichTheUserWritesAPartAnewTheCanarysHostsAreStillItsOwn() {
        var before = istio("hosts: [app.test]", "hosts: [legacy.test]").shift(0);
        var http = RouterAtWork.read("{http: [{route: [{destination: {host: podinfo}}]}]}");
        var patched =
                before.put(
                                before.route()
                                        .edited(it -> it.spec("http", http.path("http")))
                                        .json()
                                        .toString())
                        .shift(0);
        var first = patched.route();
        assertThat(patched.shift(0).route()).isEqualTo(first);

        var after = patched.edited("{port: 80, hosts: [new.test]}", "[]").shift(0);

        assertThat(hosts(after)).containsExactly("new.test", "podinfo", "legacy.test");
        assertThat(hosts(after.giveBack())).containsExactly("legacy.test");
    }

    @Test
    void aHostThatTheCanaryGivesUpGoesFromARouteThatFlaggerHad() {
        var flaggers =
                new RouterAtWork(new IstioRouter(), "{port: 80, hosts: [app.test]}", "[]")
                        .put(
                                """
                                apiVersion: networking.istio.io/v1beta1
                                kind: VirtualService
                                metadata:
                                  name: podinfo
                                  namespace: test
                                  annotations:
                                    flagger.kubernetes.io/original-configuration: '{"hosts": ["legacy.test"]}'
                                spec:
                                  hosts: [app.test, podinfo]
                                  gateways: [mesh]
                                  http:
                                  - route:
                                    - {destination: {host: podinfo-primary}, weight: 100}
                                    - {destination: {host: podinfo-canary}, weight: 0}
                                """)
                        .shift(0);
        assertThat(hosts(flaggers)).containsExactly("app.test", "podinfo");
        assertThat(gateways(flaggers)).containsExactly("mesh");
        var first = flaggers.route();
        assertThat(flaggers.shift(0).route()).isEqualTo(first);

        var after = flaggers.edited("{port: 80, hosts: [new.test]}", "[]").shift(0);

        assertThat(hosts(after)).containsExactly("new.test", "podinfo");
        assertThat(hosts(after.giveBack())).containsExactly("legacy.test");
    }

    /** Until now nothing was noted of what the Canary had added. */
    @Test
    void ofARouteThatAnEarlierReleaseTookOverNothingOfTheUsersIsLost() {
        var before = istio("hosts: [app.test]", "hosts: [legacy.test]").shift(0);
        var unnoted =
                before.put(
                        before.route()
                                .edited(it -> it.withoutAnnotations(SharedLists.ADDED::equals))
                                .json()
                                .toString());

        var after = unnoted.shift(10).edited("{port: 80, hosts: [new.test]}", "[]").shift(0);

        assertThat(hosts(after)).containsExactly("new.test", "podinfo", "legacy.test");
    }

    @Test
    void aRouteOfTheMeshStaysOneBesideTheCanarysGateways() {
        var at = istio("gateways: [edge/public]", "hosts: [podinfo]").shift(0).shift(10);

        assertThat(gateways(at)).containsExactly("edge/public", "mesh");
        var other = at.edited("{port: 80, gateways: [edge/other]}", "[]").shift(0);
        assertThat(gateways(other)).containsExactly("edge/other", "mesh");
        assertThat(other.giveBack().route().at("/spec").has("gateways")).isFalse();
    }

    @Test
    void aRouteOfTheMeshStaysOneBesideGatewaysOfItsUser() {
        var at = istio("gateways: [edge/public]", "hosts: [podinfo]").shift(0).shift(10);
        var added =
                at.put(
                        at.route()
                                .edited(it -> it.spec().withArrayProperty("gateways").add("edge/b"))
                                .json()
                                .toString());

        assertThat(gateways(added.giveBack())).containsExactly("edge/b", "mesh");
    }

    @Test
    void aDelegateHasNeitherHostsNorGatewaysAndGetsThemBack() {
        var at =
                istio("delegation: true", "hosts: [podinfo, a.test], gateways: [edge/public]")
                        .shift(0)
                        .shift(10);

        assertThat(at.route().at("/spec/hosts").isArray()).isTrue();
        assertThat(hosts(at)).isEmpty();
        assertThat(at.route().at("/spec").has("gateways")).isFalse();
        var root = at.edited("{port: 80}", "[]").shift(0);
        assertThat(hosts(root)).containsExactly("podinfo", "a.test");
        assertThat(gateways(root)).containsExactly("mesh", "edge/public");
        assertThat(hosts(at.giveBack())).containsExactly("podinfo", "a.test");
    }

    @Test
    void aRouteOfAllHostnamesStaysOne() {
        var at = gateway("hosts: [app.test]", "").shift(0).shift(10);

        assertThat(at.route().at("/spec").has("hostnames")).isFalse();
        assertThat(
                        at.edited("{port: 80, %s, hosts: [new.test]}".formatted(GATEWAY), "[]")
                                .shift(0)
                                .route()
                                .at("/spec")
                                .has("hostnames"))
                .isFalse();
    }

    @Test
    void aHostnameThatTheCanaryGivesUpGoes() {
        var at = gateway("hosts: [app.test]", "hostnames: [legacy.test]").shift(0);
        assertThat(texts(at.route().at("/spec/hostnames")))
                .containsExactly("app.test", "legacy.test");

        var after =
                at.edited("{port: 80, %s, hosts: [new.test]}".formatted(GATEWAY), "[]").shift(0);

        assertThat(texts(after.route().at("/spec/hostnames")))
                .containsExactly("new.test", "legacy.test");
    }

    @Test
    void aBackendAndAPortThatTheCanaryGivesUpGo() {
        var at =
                new RouterAtWork(new AppMeshV1Beta2Router(), "{port: 80, backends: [a.test]}", "[]")
                        .put(
                                """
                                apiVersion: appmesh.k8s.aws/v1beta2
                                kind: VirtualNode
                                metadata: {name: podinfo-canary, namespace: test}
                                spec:
                                  backends: [{virtualService: {virtualServiceRef: {name: own}}}]
                                  listeners: [{portMapping: {port: 80, protocol: http}}]
                                """)
                        .put(
                                """
                                apiVersion: appmesh.k8s.aws/v1beta2
                                kind: VirtualRouter
                                metadata: {name: podinfo, namespace: test}
                                spec: {listeners: [{portMapping: {port: 9090, protocol: http}}]}
                                """)
                        .shift(0)
                        .shift(10);

        var after = at.edited("{port: 81, backends: [b.test]}", "[]").shift(0);

        assertThat(after.get(AppMesh.VIRTUAL_NODE, "podinfo-canary").at("/spec/backends"))
                .extracting(it -> it.at("/virtualService/virtualServiceRef/name").asText())
                .containsExactly("b.test", "own");
        assertThat(after.route().at("/spec/listeners"))
                .extracting(it -> it.at("/portMapping/port").asInt())
                .containsExactly(81, 9090);
    }

    private static final String HEADER = "[{headers: {%s: {exact: a}}}]";

    @Test
    void routesOfConditionsThatTheAnalysisHadBeforeGo() {
        var contour =
                new RouterAtWork(
                                new ContourRouter(null), "{port: 80}", HEADER.formatted("x-canary"))
                        .put(
                                """
                                apiVersion: projectcontour.io/v1
                                kind: HTTPProxy
                                metadata: {name: podinfo, namespace: test}
                                spec:
                                  routes:
                                  - conditions: [{prefix: /}]
                                    services: [{name: podinfo, port: 80}]
                                """)
                        .lead();
        var gloo =
                new RouterAtWork(new GlooRouter(), "{port: 80}", HEADER.formatted("x-canary"))
                        .put(
                                """
                                apiVersion: gateway.solo.io/v1
                                kind: RouteTable
                                metadata: {name: podinfo, namespace: test}
                                spec:
                                  routes:
                                  - matchers: [{prefix: /}]
                                    routeAction:
                                      single: {kube: {ref: {name: podinfo, namespace: test}, port: 80}}
                                """)
                        .lead();
        for (var at : List.of(contour, gloo)) {
            var other =
                    at.edited("{port: 80}", HEADER.formatted("x-beta"))
                            .lead()
                            .edited("{port: 80}", HEADER.formatted("x-gamma"))
                            .lead();

            var routes = other.route().at("/spec/routes");
            assertThat(routes).hasSize(2);
            assertThat(routes.toString())
                    .contains("x-gamma")
                    .doesNotContain("x-beta")
                    .doesNotContain("x-canary");
        }
    }

    @Test
    void whatHasTheNameInAnotherNamespaceIsSomebodyElses() {
        var at =
                gateway("hosts: [app.test]", "")
                        .put(
                                """
                                apiVersion: gateway.networking.k8s.io/v1
                                kind: HTTPRoute
                                metadata: {name: podinfo, namespace: test}
                                spec:
                                  parentRefs: [{name: public}]
                                  rules:
                                  - matches: [{path: {type: PathPrefix, value: /other}}]
                                    backendRefs: [{name: podinfo, namespace: other, port: 80}]
                                  - matches: [{path: {type: PathPrefix, value: /all}}]
                                    backendRefs:
                                    - {group: multicluster.x-k8s.io, kind: ServiceImport, name: podinfo, port: 80}
                                  - backendRefs: [{name: podinfo, port: 80}]
                                """)
                        .shift(10);

        var rules = at.route().at("/spec/rules");
        assertThat(rules.at("/0/backendRefs/0/name").asText()).isEqualTo("podinfo");
        assertThat(rules.at("/0/backendRefs")).hasSize(1);
        assertThat(rules.at("/1/backendRefs/0/kind").asText()).isEqualTo("ServiceImport");
        assertThat(rules.at("/2/backendRefs/0/name").asText()).isEqualTo("podinfo-primary");
    }
}
