package dev.serinus.router.route.contour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ContourRouterTest {

    private static RouterAtWork contour(String service, String match) {
        return new RouterAtWork(new ContourRouter(null), service, match);
    }

    private final RouterAtWork contour = contour("{port: 80}", "[]");

    private static String found(String spec) {
        return """
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata: {name: podinfo, namespace: test, generation: 3}
        spec: %s
        """
                .formatted(spec);
    }

    private static List<String> conditions(RouterAtWork at) {
        return at.route()
                .at("/spec/routes")
                .valueStream()
                .map(it -> it.path("conditions").toString().replace("\"", ""))
                .toList();
    }

    private static List<String> weights(JsonNode route) {
        return route.path("services")
                .valueStream()
                .map(it -> it.path("name").asText() + " " + it.path("weight").asInt())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {uri: {exact: /a}}                              | [{exact:/a}]
                    {uri: {regex: "/a.*"}}                          | [{regex:/a.*}]
                    {method: {exact: GET}}                          | [{prefix:/}]
                    {uri: {prefix: /a}, headers: {x-b: {exact: c}}} | [{prefix:/a},{header:{name:x-b,exact:c}}]
                    {queryParams: {q: {prefix: c}}}                 | [{prefix:/},{queryParameter:{name:q,regex:c.*}}]
                    """)
    void aMatchOfTheServiceIsARouteOfItsOwn(String match, String conditions) {
        var at = contour("{port: 80, match: [" + match + "]}", "[]").shift(0);

        assertThat(conditions(at)).containsExactly(conditions);
    }

    /** Contour takes a header without a comparison for everybody's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {exact: insider} | exact:insider
                    {exact: ""}      | regex:^$
                    {prefix: a.b}    | regex:a\\.b.*
                    {suffix: (x)}    | regex:.*\\(x\\)
                    {regex: "a.+b"}  | regex:a.+b
                    {prefix: ""}     | present:true
                    """)
    void everyComparisonOfAHeaderIsOneThatContourKnows(String value, String condition) {
        var at = contour("{port: 80}", "[{headers: {x-canary: " + value + "}}]").lead();

        assertThat(conditions(at))
                .containsExactly(
                        "[{prefix:/,header:{name:x-canary,"
                                + condition.replace("\\", "\\\\")
                                + "}}]",
                        "[{prefix:/}]");
    }

    @Test
    void entriesAreOrAndWhatIsInOneIsAndAtEveryPlace() {
        var at =
                contour(
                                "{port: 80, match: [{uri: {prefix: /a}}, {uri: {prefix: /b},"
                                        + " headers: {x-beta: {exact: two}}}]}",
                                "[{headers: {x-beta: {exact: one}, x-canary: {exact: a}}},"
                                        + " {queryParams: {q: {exact: c}}}]")
                        .lead();

        assertThat(conditions(at))
                .containsExactly(
                        "[{prefix:/a,header:{name:x-beta,exact:one}},{header:{name:x-canary,exact:a}}]",
                        "[{prefix:/a},{queryParameter:{name:q,exact:c}}]",
                        "[{prefix:/a}]",
                        "[{prefix:/b,header:{name:x-beta,exact:one}},{header:{name:x-canary,exact:a}}]",
                        "[{prefix:/b},{header:{name:x-beta,exact:two}},{queryParameter:{name:q,exact:c}}]",
                        "[{prefix:/b},{header:{name:x-beta,exact:two}}]");
        assertThat(at.shown()).isEqualTo(Split.of(100).matching(true));
    }

    @Test
    void whoDoesNotMatchStaysOnThePrimary() {
        var at = contour("{port: 80}", "[{headers: {x-canary: {exact: insider}}}]").lead();

        assertThat(weights(at.route().at("/spec/routes/0")))
                .containsExactly("podinfo-primary 0", "podinfo-canary 100");
        assertThat(weights(at.route().at("/spec/routes/1")))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0");
    }

    @Test
    void anEntryWithoutAConditionThatContourHasIsRefused() {
        assertThatThrownBy(() -> contour("{port: 80}", "[{sourceLabels: {app: tester}}]").shift(0))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("spec.analysis.match");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {attempts: 3}                               | {"count":3}
                    {attempts: 3, retryOn: "5xx, reset"}        | {"count":3,"retryOn":["5xx","reset"]}
                    {attempts: 1, perTryTimeout: 2s, retryOn: "503"} | {"count":1,"perTryTimeout":"2s","retriableStatusCodes":[503],"retryOn":["retriable-status-codes"]}
                    """)
    void retriesAreWrittenAsContourReadsThem(String retries, String policy) {
        var at = contour("{port: 80, retries: " + retries + "}", "[]").shift(0);

        assertThat(at.route().at("/spec/routes/0/retryPolicy")).hasToString(policy);
    }

    @Test
    void theClassOfTheInstallationIsOnWhatWeMakeAndOneThatIsThereStays() {
        var classed = new RouterAtWork(new ContourRouter("public"));
        assertThat(classed.shift(0).route().at("/spec/ingressClassName").asText())
                .isEqualTo("public");

        assertThat(
                        classed.put(
                                        found(
                                                "{ingressClassName: internal, routes: [{services:"
                                                        + " [{name: podinfo, port: 80}]}]}"))
                                .shift(10)
                                .route()
                                .at("/spec/ingressClassName")
                                .asText())
                .isEqualTo("internal");
    }

    /** The root HTTPProxy is named as the target. */
    @Test
    void ofARootOnlyWhatLeadsToTheApplicationIsChanged() {
        String theirs =
                found(
                        """
                        {virtualhost: {fqdn: shop.example.com},
                         includes: [{name: blog, conditions: [{prefix: /blog}]}],
                         routes: [{conditions: [{prefix: /}], services: [{name: web, port: 80}]},
                                  {conditions: [{prefix: /shop}], services: [{name: podinfo, port: 80}]}]}\
                        """);
        var at = contour("{port: 80}", "[{headers: {x-canary: {exact: insider}}}]");
        at.put(theirs).shift(0).lead();

        assertThat(at.route().at("/spec/virtualhost/fqdn").asText()).isEqualTo("shop.example.com");
        assertThat(at.route().at("/spec/includes")).hasSize(1);
        assertThat(conditions(at))
                .containsExactly(
                        "[{prefix:/}]",
                        "[{prefix:/shop,header:{name:x-canary,exact:insider}}]",
                        "[{prefix:/shop}]");
        assertThat(weights(at.route().at("/spec/routes/0"))).containsExactly("web 0");
        assertThat(at.giveBack().route().json()).isEqualTo(RouterAtWork.read(theirs));
    }

    @Test
    void aServiceWithoutWeightsHasAnEvenShareBesideOthers() {
        contour.put(
                        found(
                                "{routes: [{services: [{name: podinfo, port: 80}, {name: old, port:"
                                        + " 80}, {name: shadow, mirror: true, weight: 5}]}]}"))
                .shift(30);

        assertThat(weights(contour.route().at("/spec/routes/0")))
                .containsExactly("podinfo-primary 70", "podinfo-canary 30", "old 100", "shadow 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {tcpproxy: {services: [{name: podinfo, port: 80}]}}               | has spec.tcpproxy
                    {routes: [{services: [{name: web, port: 80}]}]}                   | leads [{\"prefix\":\"/\"}] elsewhere already
                    {includes: [{name: web, conditions: [{prefix: /}]}]}              | leads [{\"prefix\":\"/\"}] elsewhere already
                    """)
    void oneWhereOursWouldTakeThePlaceOfSomethingElseIsRefused(String spec, String because) {
        contour.put(found(spec));

        assertThatThrownBy(() -> contour.shift(0))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.INVALID))
                .hasMessageContaining("HTTPProxy podinfo.test")
                .hasMessageContaining(because)
                .hasMessageContaining("spec.service.name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                                     | TAKEN   | ''
                    {currentStatus: NotReconciled, description: Waiting for controller}                    | UNSEEN  | has not been seen by Contour: Waiting for controller
                    {currentStatus: valid}                                                                 | TAKEN   | ''
                    {currentStatus: orphaned, description: no root}                                        | REFUSED | is orphaned: no root
                    {currentStatus: valid, conditions: [{type: Valid, status: "True", observedGeneration: 2}]} | UNSEEN | observed generation: 2, current generation: 3
                    {currentStatus: valid, conditions: [{type: Valid, status: "True", observedGeneration: 3}]} | TAKEN | ''
                    {currentStatus: invalid, conditions: [{type: Valid, status: "False", observedGeneration: 3, errors: [{reason: ServiceUnresolvedReference, message: no podinfo-canary}]}]} | REFUSED | is invalid: ServiceUnresolvedReference: no podinfo-canary
                    """)
    void contoursStatusTellsWhetherItTookTheRoute(
            String status, Acceptance.State state, String because) {
        contour.put(
                found("{routes: [{services: [{name: podinfo, port: 80}]}]}")
                        + "status: "
                        + status
                        + "\n");

        assertThat(contour.accepted().state()).isEqualTo(state);
        assertThat(contour.accepted().because()).contains(because);
    }

    /** An API server with an older definition takes away what it does not know. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{header: {name: x-canary}}", "{queryParameter: {name: q}}", "{}"})
    void aConditionThatWasLostIsNotTaken(String condition) {
        contour.put(
                found(
                        "{routes: [{conditions: [{prefix: /}, %s], services: [{name: podinfo-primary, port: 80, weight: 100}, {name: podinfo-canary, port: 80}]}]}"
                                .formatted(condition)));

        assertThat(contour.accepted().state()).isEqualTo(Acceptance.State.REFUSED);
        assertThat(contour.accepted().because()).contains("older than Contour 1.26");
    }
}
