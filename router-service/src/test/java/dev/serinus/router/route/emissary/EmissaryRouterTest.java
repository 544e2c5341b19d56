package dev.serinus.router.route.emissary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.KnownObjects;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;

/** What is special about Emissary; shapes are in the golden folders. */
class EmissaryRouterTest {

    private static final Split WHO_MATCHES = Split.of(100).matching(true);

    private static Canary canary(String service, String analysis) {
        return Copies.canary("routeRef: {kind: Mapping, name: shop}", service, analysis);
    }

    private static ClusterObject mapping(String name, String spec) {
        return Copies.object(
                """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: %s, namespace: test}
                spec: {hostname: "*", prefix: /, %s}
                """
                        .formatted(name, spec));
    }

    private static JsonNode copy(Canary canary, Split split, String spec) {
        return planned(canary, split, mapping("shop", spec)).at("/spec");
    }

    private static ClusterObject planned(Canary canary, Split split, ClusterObject... live) {
        Map<Object, ClusterObject> objects = new HashMap<>();
        for (ClusterObject object : live) {
            objects.put(object.ref(), object);
        }
        return new CanaryRoute(new EmissaryRouter(), canary)
                .plan(new Routing(canary, split, 1, "app"), objects::get)
                .getFirst()
                .desired();
    }

    @ParameterizedTest
    @CsvSource({
        "podinfo, podinfo-canary",
        "podinfo:80, podinfo-canary:80",
        "podinfo.test, podinfo-canary.test",
        "podinfo.test:80, podinfo-canary.test:80",
        "podinfo.test.svc.cluster.local:80, podinfo-canary.test.svc.cluster.local:80",
        "http://podinfo, http://podinfo-canary",
        "HTTP://podinfo.test:80, HTTP://podinfo-canary.test:80",
        "//podinfo:80, //podinfo-canary:80"
    })
    void theServiceIsWrittenAsItsUserDoes(String theirs, String ours) {
        var copy =
                copy(
                        canary("{port: 80}", "stepWeight: 10"),
                        Split.of(10),
                        "service: \"%s\"".formatted(theirs));

        assertThat(copy.path("service").asText()).isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://podinfo", "https://podinfo:443", "podinfo, tls: upstream"})
    void whatSpeaksTlsIsAskedAtItsPort(String service) {
        var copy =
                copy(canary("{port: 443}", "stepWeight: 10"), Split.of(10), "service: " + service);

        assertThat(copy.path("service").asText()).contains("podinfo-canary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service: other | Mapping shop.test leads to other and not to podinfo",
                "service: podinfo.other | Mapping shop.test leads to podinfo.other and not to",
                "service: 'podinfo-2' | leads to podinfo-2 and not to podinfo",
                "service: 'http://' | leads to http:// and not to podinfo",
                "service: podinfo, weight: 50 | Mapping shop.test has spec.weight",
                "service: podinfo, weight: 0 | Mapping shop.test has spec.weight",
                "service: podinfo, add_linkerd_headers: true | has spec.add_linkerd_headers",
                "service: podinfo, shadow: true | Mapping shop.test has spec.shadow",
                "service: podinfo, host_redirect: true | Mapping shop.test has spec.host_redirect",
                "service: podinfo:9898 | Mapping shop.test leads to port 9898 of podinfo",
                "service: https://podinfo | Mapping shop.test leads to port 443 of podinfo",
                "service: podinfo, tls: upstream | Mapping shop.test leads to port 443 of podinfo"
            })
    void aMappingThatCannotShareItsRequestsIsNamed(String spec, String because) {
        var canary = canary("{port: 80, targetPort: 9898}", "stepWeight: 10");
        for (Split split : new Split[] {Split.PRIMARY, Split.of(10)}) {
            assertThatThrownBy(() -> copy(canary, split, spec))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(because);
        }
    }

    @Test
    void podsAreAskedByTheirOwnPortWhereTheServiceHasNoAddress() {
        var copy =
                copy(
                        canary("{port: 80, targetPort: 9898, headless: true}", "stepWeight: 10"),
                        Split.of(10),
                        "service: podinfo:9898");

        assertThat(copy.path("service").asText()).isEqualTo("podinfo-canary:9898");
    }

    /** A Mapping alone has all requests, whatever it weighs. */
    @Test
    void withoutAShareTheCopyLeadsWhereTheUsersDoesAndIsCountedAsThat() {
        var copy =
                copy(
                        canary("{port: 80}", "stepWeight: 10"),
                        Split.PRIMARY,
                        "service: podinfo, stats_name: mine");

        assertThat(copy.path("service").asText()).isEqualTo("podinfo");
        assertThat(copy.path("stats_name").asText()).isEqualTo("mine");
        assertThat(copy.path("weight").isInt()).isTrue();
        assertThat(copy.path("weight").asInt()).isZero();
    }

    @Test
    void everyWayToCompareIsOneThatEmissaryHas() {
        var copy =
                copy(
                        canary(
                                "{port: 80}",
                                """
                                iterations: 1, match: [{headers: {a: {exact: x}, b: {regex: "y.*"},
                                c: {prefix: "z."}, d: {suffix: "z"}, e: {}},
                                queryParams: {q: {exact: x}, r: {regex: "y"}}}]
                                """),
                        WHO_MATCHES,
                        "service: podinfo, headers: {team: shop}");

        assertThat(copy.path("headers").toString()).isEqualTo("{\"team\":\"shop\",\"a\":\"x\"}");
        assertThat(copy.path("regex_headers").toString())
                .isEqualTo("{\"b\":\"y.*\",\"c\":\"z\\\\..*\",\"d\":\".*z\",\"e\":\".*\"}");
        assertThat(copy.path("query_parameters").toString()).isEqualTo("{\"q\":\"x\"}");
        assertThat(copy.path("regex_query_parameters").toString()).isEqualTo("{\"r\":\"y\"}");
        assertThat(copy.has("weight")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{headers: {X-Canary: {exact: a}}} | Mapping shop.test has a condition on that"
                        + " already",
                "{headers: {x-team: {exact: a}}} | Mapping shop.test has a condition on that"
                        + " already",
                "{headers: {x-there: {exact: a}}} | Mapping shop.test has a condition on that"
                        + " already",
                "{queryParams: {there: {exact: a}}} | Mapping shop.test has a condition on that"
                        + " already",
                "{headers: {':authority': {exact: a}}} | by the Mapping's hostname or method alone",
                "{headers: {a: {exact: a}}}, {headers: {b: {exact: a}}} | holds one entry",
                "{sourceLabels: {app: a}} | has no condition that Emissary can route by"
            })
    void conditionsThatWouldLeadOthersToTheCanaryAreRefused(String match, String because) {
        var canary = canary("{port: 80}", "iterations: 1, match: [%s]".formatted(match));

        assertThatThrownBy(
                        () ->
                                copy(
                                        canary,
                                        WHO_MATCHES,
                                        "service: podinfo, headers: {x-canary: insider},"
                                                + " regex_headers: {x-team: \".*\"}, v2BoolHeaders:"
                                                + " [X-There], v2BoolQueryParameters: [there]"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(because);
    }

    @Test
    void aShareOfThoseWhoMatchIsRefused() {
        var canary = canary("{port: 80}", "stepWeight: 1, match: [{headers: {a: {exact: b}}}]");

        assertThatThrownBy(() -> copy(canary, Split.of(30).matching(true), "service: podinfo"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cannot lead a share of the requests that match");
    }

    /** Nothing shares the copy's requests with it any more. */
    @Test
    void withoutTheUsersMappingTheCopyGetsAllOrNothing() {
        var canary = canary("{port: 80}", "stepWeight: 10");
        var copy = planned(canary, Split.of(30), mapping("shop", "service: podinfo.test:80"));
        var elsewhere = mapping("shop", "service: other");

        assertThatThrownBy(() -> planned(canary, Split.of(10), copy))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Mapping shop.test cannot share requests with its copy");
        assertThatThrownBy(() -> planned(canary, Split.of(30), copy, elsewhere))
                .isInstanceOf(Refusal.class);
        for (ClusterObject back :
                new ClusterObject[] {
                    planned(canary, Split.PRIMARY, copy),
                    planned(canary, Split.PRIMARY, copy, elsewhere)
                }) {
            assertThat(back.at("/spec/service").asText()).isEqualTo("podinfo.test:80");
            assertThat(back.at("/spec/weight").asInt()).isZero();
            assertThat(back.at("/spec").has("stats_name")).isFalse();
        }
    }

    @Test
    void withoutTheUsersMappingWhoMatchesStaysOnTheCanary() {
        var canary = canary("{port: 80}", "iterations: 1, match: [{headers: {a: {exact: b}}}]");
        var copy = planned(canary, WHO_MATCHES, mapping("shop", "service: podinfo"));

        var standing = planned(canary, WHO_MATCHES, copy);

        assertThat(standing.at("/spec")).isEqualTo(copy.at("/spec"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop-podinfo-canary | service: podinfo-canary, weight: 30 | 30",
                "shop-podinfo-canary | service: 'http://podinfo-canary.test:80', weight: 130 | 100",
                "shop-podinfo-canary | service: podinfo-canary, weight: 0 | 0",
                "shop-podinfo-canary | service: podinfo, weight: 0 | 0",
                "shop-podinfo-canary | service: podinfo, weight: 40 | 0",
                "shop-podinfo-canary | service: other-canary, weight: 40 | none",
                "shop-podinfo-canary | service: other | none",
                "shop-podinfo-canary | weight: 5 | none",
                "shop | service: podinfo-canary, weight: 30 | none",
                "shop | service: podinfo | none"
            })
    void whatACopyShows(String name, String spec, String shown) {
        assertThat(
                        new EmissaryRouter()
                                .shown(mapping(name, spec))
                                .map(split -> String.valueOf(split.canaryWeight().wholePercent()))
                                .orElse("none"))
                .isEqualTo(shown);
    }

    @Test
    void whatEmissarySaysOfItIsPassedOn() {
        var inactive =
                Copies.object(
                        """
                        kind: Mapping
                        metadata: {name: shop-podinfo-canary, namespace: test}
                        status: {state: Inactive, reason: no such resolver}
                        """);
        var running =
                Copies.object(
                        """
                        kind: Mapping
                        metadata: {name: shop-podinfo-canary, namespace: test}
                        status: {state: Running}
                        """);

        assertThat(new EmissaryRouter().accepted(running, new KnownObjects(Map.of())))
                .isEqualTo(Acceptance.TAKEN);
        assertThat(new EmissaryRouter().accepted(inactive, new KnownObjects(Map.of())).state())
                .isEqualTo(Acceptance.State.REFUSED);
        assertThat(new EmissaryRouter().accepted(inactive, new KnownObjects(Map.of())).because())
                .isEqualTo(
                        "Mapping shop-podinfo-canary.test is not in Emissary (Inactive: no such"
                                + " resolver)");
    }

    @Test
    void whatEmissarySaysOfTheUsersIsNotCopied() {
        var copy =
                planned(
                        canary("{port: 80}", "stepWeight: 10"),
                        Split.of(10),
                        Copies.object(
                                """
                                apiVersion: getambassador.io/v3alpha1
                                kind: Mapping
                                metadata: {name: shop, namespace: test, annotations: {a: b}}
                                spec: {hostname: "*", prefix: /, service: podinfo}
                                status: {state: Running}
                                """));

        assertThat(copy.json().has("status")).isFalse();
        assertThat(copy.annotations()).containsEntry("a", "b");
    }
}
