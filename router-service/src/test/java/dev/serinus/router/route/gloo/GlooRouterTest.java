package dev.serinus.router.route.gloo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Gloo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class GlooRouterTest {

    private static final String PRIMARY = "test-podinfo-primaryupstream-80";
    private static final String CANARY = "test-podinfo-canaryupstream-80";

    private static RouterAtWork gloo(String match, String more) {
        return new RouterAtWork(new GlooRouter(), "{port: 80}", match, more);
    }

    private static RouterAtWork gloo(String match) {
        return gloo(match, "{}");
    }

    private static String table(String spec) {
        return """
        apiVersion: gateway.solo.io/v1
        kind: RouteTable
        metadata: {name: podinfo, namespace: test}
        spec: %s
        """
                .formatted(spec);
    }

    private static String upstream(String spec) {
        return """
        apiVersion: gloo.solo.io/v1
        kind: Upstream
        metadata: {name: settings, namespace: gloo-system}
        spec: %s
        """
                .formatted(spec);
    }

    private static JsonNode route(RouterAtWork at, int index) {
        return at.route().at("/spec/routes/" + index);
    }

    private static List<String> weights(JsonNode route) {
        return route.at("/routeAction/multi/destinations")
                .valueStream()
                .map(
                        it ->
                                it.at("/destination/upstream/name").asText()
                                        + " "
                                        + it.path("weight").asInt())
                .toList();
    }

    /** With Flagger they have no route at all. */
    @Test
    void whoDoesNotMatchStaysOnThePrimary() {
        var at = gloo("[{headers: {x-canary: {exact: insider}}}]").lead();

        assertThat(at.route().at("/spec/routes")).hasSize(2);
        assertThat(weights(route(at, 0))).containsExactly(PRIMARY + " 0", CANARY + " 100");
        assertThat(route(at, 1).has("matchers")).isFalse();
        assertThat(weights(route(at, 1))).containsExactly(PRIMARY + " 100", CANARY + " 0");
        assertThat(at.shown()).isEqualTo(Split.of(100).matching(true));
    }

    @Test
    void entriesAreOrAndWhatIsInOneIsAnd() {
        var at =
                gloo("[{headers: {x-b: {exact: b}, x-a: {exact: a}}}, {queryParams: {q: {regex:"
                                + " c.*}}}]")
                        .shift(0);

        assertThat(route(at, 0).path("matchers").toString().replace("\"", ""))
                .isEqualTo(
                        "[{headers:[{name:x-a,value:a},{name:x-b,value:b}]},{queryParameters:[{name:q,value:c.*,regex:true}]}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {exact: insider} | {name:x-canary,value:insider}
                    {exact: ""}      | {name:x-canary,value:^$,regex:true}
                    {prefix: in}     | {name:x-canary,value:in.*,regex:true}
                    {suffix: er}     | {name:x-canary,value:.*er,regex:true}
                    {regex: "i.+"}   | {name:x-canary,value:i.+,regex:true}
                    """)
    void everyComparisonOfAHeaderIsOneThatGlooKnows(String value, String condition) {
        var at = gloo("[{headers: {x-canary: " + value + "}}]").shift(0);

        assertThat(route(at, 0).at("/matchers/0/headers/0").toString().replace("\"", ""))
                .isEqualTo(condition);
    }

    @Test
    void anEntryWithoutAConditionThatGlooHasIsRefused() {
        assertThatThrownBy(() -> gloo("[{sourceLabels: {app: tester}}]").shift(0))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("spec.analysis.match");
    }

    @Test
    void theUpstreamsFollowTheUsersOwnAndKeepWhatItDoesNotSay() {
        var at =
                gloo(
                        "[]",
                        "{upstreamRef: {kind: Upstream, name: settings, namespace: gloo-system}}");
        at.put(
                upstream(
                        "{useHttp2: true, sslConfig: {sni: a}, failover: {}, kube: {serviceName:"
                                + " x}}"));
        at.shift(0);
        assertThat(at.get(Gloo.UPSTREAM, CANARY).at("/spec").toString().replace("\"", ""))
                .isEqualTo(
                        "{kube:{serviceName:podinfo-canary,serviceNamespace:test,servicePort:80},sslConfig:{sni:a},useHttp2:true}");
        // When
        at.put(upstream("{useHttp2: false}")).shift(0);
        // Then
        assertThat(at.get(Gloo.UPSTREAM, CANARY).at("/spec/useHttp2").asBoolean(true)).isFalse();
        assertThat(at.get(Gloo.UPSTREAM, CANARY).at("/spec").has("sslConfig")).isFalse();
    }

    /** A copy of a selector would stay when the Service's changes. */
    @Test
    void anUpstreamOfFlaggersLosesTheSelectorOfTheService() {
        var at = gloo("[]").shift(0);
        var theirs = at.get(Gloo.UPSTREAM, PRIMARY).json().deepCopy();
        theirs.withObject("/spec/kube/selector").put("app", "podinfo-primary");
        at.put(theirs.toString()).shift(0);

        assertThat(at.get(Gloo.UPSTREAM, PRIMARY).at("/spec/kube").has("selector")).isFalse();
    }

    @Test
    void anUpstreamThatIsMissingIsNamedInFlaggersWords() {
        assertThatThrownBy(() -> gloo("[]", "{upstreamRef: {kind: Upstream, name: none}}").shift(0))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.RETRY))
                .hasMessageContaining("config upstream none.test get query error");
    }

    @Test
    void whatWasThereIsDividedWhereItIsAndGivenBack() {
        String theirs =
                table(
                        """
                        {routes: [
                          {matchers: [{prefix: /admin}], routeAction: {single: {kube: {ref: {name: admin, namespace: test}, port: 80}}}},
                          {matchers: [{prefix: /a, headers: [{name: x-v, value: "2"}]}], options: {timeout: 5s},
                           routeAction: {multi: {destinations: [
                             {destination: {kube: {ref: {name: podinfo, namespace: test}, port: 80}}, weight: 4, options: {headerManipulation: {}}},
                             {destination: {upstream: {name: test-old-80, namespace: gloo-system}}, weight: 1}]}}},
                          {routeAction: {single: {upstream: {name: test-podinfo-80, namespace: gloo-system}}}}]}\
                        """);
        var at = gloo("[{headers: {x-canary: {exact: insider}}}]");
        at.put(theirs).shift(0).lead();

        assertThat(at.route().at("/spec/routes")).hasSize(5);
        assertThat(route(at, 0)).isEqualTo(RouterAtWork.read(theirs).at("/spec/routes/0"));
        assertThat(route(at, 1).path("matchers").toString().replace("\"", ""))
                .isEqualTo(
                        "[{prefix:/a,headers:[{name:x-v,value:2},{name:x-canary,value:insider}]}]");
        assertThat(route(at, 1).at("/options/timeout").asText()).isEqualTo("5s");
        assertThat(weights(route(at, 1)))
                .containsExactly(PRIMARY + " 0", CANARY + " 100", "test-old-80 25");
        assertThat(route(at, 1).at("/routeAction/multi/destinations/1").has("options")).isTrue();
        assertThat(weights(route(at, 2)))
                .containsExactly(PRIMARY + " 100", CANARY + " 0", "test-old-80 25");
        assertThat(weights(route(at, 3))).containsExactly(PRIMARY + " 0", CANARY + " 100");
        assertThat(weights(route(at, 4))).containsExactly(PRIMARY + " 100", CANARY + " 0");
        assertThat(at.giveBack().route().json()).isEqualTo(RouterAtWork.read(theirs));
    }

    /** The first route that fits counts. */
    @Test
    void eachRouteOfTheApplicationStaysWhereItIsAmongTheOthers() {
        var at =
                gloo("[{headers: {x-canary: {exact: insider}}}]")
                        .put(
                                table(
                                        """
                                        {routes: [
                                          {matchers: [{prefix: /a}], routeAction: {single: {upstream: {name: test-podinfo-80, namespace: gloo-system}}}},
                                          {matchers: [{prefix: /admin}], routeAction: {single: {upstream: {name: test-admin-80, namespace: gloo-system}}}},
                                          {matchers: [{prefix: /}], routeAction: {single: {upstream: {name: test-podinfo-80, namespace: gloo-system}}}}]}\
                                        """));
        for (int weight : List.of(0, 50, 0)) {
            at.shift(weight);

            assertThat(at.route().at("/spec/routes").valueStream().map(GlooRouterTest::prefix))
                    .containsExactly("/a x-canary", "/a", "/admin", "/ x-canary", "/");
        }
    }

    @Test
    void aRouteThatSomebodyPutsBetweenOursStaysBeforeTheOneForEverybody() {
        var at =
                gloo("[{headers: {x-canary: {exact: insider}}}]")
                        .put(
                                table(
                                        """
                                        {routes: [{matchers: [{prefix: /}], routeAction: {single: {upstream: {name: test-podinfo-80, namespace: gloo-system}}}}]}\
                                        """))
                        .lead();
        var between = at.route().json().deepCopy();
        ((ArrayNode) between.at("/spec/routes"))
                .insertObject(1)
                .putArray("matchers")
                .addObject()
                .put("prefix", "/admin");

        at.put(between.toString()).shift(0);

        assertThat(at.route().at("/spec/routes").valueStream().map(GlooRouterTest::prefix))
                .containsExactly("/admin", "/ x-canary", "/");
    }

    private static String prefix(JsonNode route) {
        String header = route.at("/matchers/0/headers/0/name").asText();
        String prefix = route.at("/matchers/0/prefix").asText("none");
        return header.isEmpty() ? prefix : prefix + " " + header;
    }

    /** A matcher has to name a path, unless the route inherits it. */
    @Test
    void conditionsOnARouteForAllRequestsAreForAllPaths() {
        String theirs =
                table(
                        "{routes: [{routeAction: {single: {upstream: {name: test-podinfo-80,"
                                + " namespace: gloo-system}}}}]}");
        var at = gloo("[{headers: {x-canary: {exact: insider}}}]").put(theirs);
        for (int weight : List.of(0, 50, 0)) {
            at.shift(weight);

            assertThat(at.route().at("/spec/routes").valueStream().map(GlooRouterTest::prefix))
                    .containsExactly("/ x-canary", "none");
        }
        assertThat(at.giveBack().route().json()).isEqualTo(RouterAtWork.read(theirs));
    }

    @Test
    void whatARouteSaysOfItsDestinationHoldsForBothSides() {
        var at =
                gloo("[]")
                        .put(
                                table(
                                        """
                                        {routes: [{routeAction: {single: {
                                          kube: {ref: {name: podinfo, namespace: test}, port: 80},
                                          subset: {values: {tier: web, app: shop}},
                                          destinationSpec: {rest: {functionName: get}}}}}]}\
                                        """))
                        .shift(30)
                        .shift(40);

        for (int side : List.of(0, 1)) {
            var destination = route(at, 0).at("/routeAction/multi/destinations/" + side);
            assertThat(destination.at("/destination/subset/values").toString())
                    .isEqualTo("{\"tier\":\"web\",\"app\":\"shop\"}");
            assertThat(destination.at("/destination/destinationSpec/rest/functionName").asText())
                    .isEqualTo("get");
            assertThat(destination.at("/destination").has("kube")).isFalse();
        }
        for (String upstream : List.of(PRIMARY, CANARY)) {
            assertThat(at.get(Gloo.UPSTREAM, upstream).at("/spec/kube/subsetSpec").toString())
                    .as("Gloo rejects a route to a subset that an Upstream does not tell apart")
                    .isEqualTo("{\"selectors\":[{\"keys\":[\"app\",\"tier\"]}]}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {routes: [{delegateAction: {ref: {name: other}}}]} | has no route to Service podinfo
                    {routes: [{routeAction: {multi: {destinations: [{destination: {upstream: {name: test-podinfo-80}}}, {destination: {upstream: {name: old}}, weight: 1}]}}}]} | has no weight
                    """)
    void oneThatDoesNotLeadToTheApplicationIsRefused(String spec, String because) {
        assertThatThrownBy(() -> gloo("[]").put(table(spec)).shift(0))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.INVALID))
                .hasMessageContaining("RouteTable podinfo.test")
                .hasMessageContaining(because);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{routes: []}"})
    void oneWithoutRoutesIsTakenOver(String spec) {
        var at = gloo("[]").put(table(spec)).shift(20);

        assertThat(weights(route(at, 0))).containsExactly(PRIMARY + " 80", CANARY + " 20");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                  | TAKEN   | ''
                    {state: 1}                                                          | TAKEN   | ''
                    {state: 2, reason: no such upstream}                                | REFUSED | no such upstream
                    {statuses: {gloo: {state: Accepted}}}                               | TAKEN   | ''
                    {statuses: {gloo: {state: Warning, reason: slow}}}                  | TAKEN   | ''
                    {statuses: {gloo: {state: Rejected, reason: no such upstream}}}     | REFUSED | no such upstream
                    """)
    void gloosStatusTellsWhetherItTookTheRoute(
            String status, Acceptance.State state, String because) {
        var at = gloo("[]").put(table("{}") + "status: " + status + "\n");

        assertThat(at.accepted().state()).isEqualTo(state);
        assertThat(at.accepted().because()).contains(because);
    }
}
