package dev.serinus.router.route.apisix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.KnownObjects;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is special about APISIX; shapes are in the golden folders. */
class ApisixRouterTest {

    private static ClusterObject copy(String spec) {
        var canary =
                Copies.canary(
                        "routeRef: {kind: ApisixRoute, name: shop}",
                        "{port: 80}",
                        "stepWeight: 10");
        var source = Copies.object(route("shop", 1, "{%s}".formatted(spec), "[]"));
        return new CanaryRoute(new ApisixRouter(), canary)
                .plan(
                        new Routing(canary, Split.of(30), 1, "app"),
                        ref -> ref.equals(source.ref()) ? source : null)
                .getFirst()
                .desired();
    }

    private static String route(String name, int generation, String spec, String conditions) {
        return """
        apiVersion: apisix.apache.org/v2
        kind: ApisixRoute
        metadata: {name: %s, namespace: test, generation: %d}
        spec: %s
        status: {conditions: %s}
        """
                .formatted(name, generation, spec, conditions);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | APISIX route shop.test's spec.http is empty",
                "http: [] | APISIX route shop.test's spec.http is empty",
                "stream: [{name: raw}] | APISIX route shop.test's spec.http is empty",
                "http: [{name: a, backends: [{serviceName: x, servicePort: 80}]}]"
                        + " | Can not find podinfo backend on apisix route shop.test",
                "http: [{name: a}] | Can not find podinfo backend on apisix route shop.test",
                "http: [{name: a, backends: [{serviceName: podinfo, servicePort: 80}, {serviceName:"
                        + " x, servicePort: 80}]}]"
                        + " | http route a only one http backend is supported",
                "http: [{name: a, backends: [{serviceName: podinfo, servicePort: 80}], upstreams:"
                        + " [{name: x}]}]"
                        + " | http route a only one http backend is supported",
                "http: [{name: a, backends: [{serviceName: podinfo, servicePort: web}]}]"
                        + " | apisix route shop.test leads to port web of podinfo"
            })
    void aRouteThatCannotBeSplitIsNamed(String spec, String because) {
        assertThatThrownBy(() -> copy(spec))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(because);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | TAKEN",
                "[{type: ResourcesAvailable, status: 'True', observedGeneration: 4}] | TAKEN",
                "[{type: ResourcesAvailable, status: 'True'}] | TAKEN",
                "[{type: ResourcesAvailable, status: 'True', observedGeneration: 3}] | UNSEEN",
                "[{type: ResourcesAvailable, status: 'False', observedGeneration: 4, reason:"
                        + " ResourceSyncAborted, message: no Service}] | REFUSED",
                "[{type: Accepted, status: 'False', observedGeneration: 4}] | REFUSED",
                "[{type: ResourcesAvailable, status: 'False', observedGeneration: 2}, {type:"
                        + " Accepted, status: 'True', observedGeneration: 4}] | TAKEN",
                "[{type: Other, status: 'False', observedGeneration: 4}] | TAKEN"
            })
    void theControllerSaysWhetherTheRouteIsServed(String conditions, Acceptance.State state) {
        var accepted =
                new ApisixRouter()
                        .accepted(
                                Copies.object(route("shop-podinfo-canary", 4, "{}", conditions)),
                                new KnownObjects(Map.of()));

        assertThat(accepted.state()).isEqualTo(state);
    }

    @Test
    void whatTheControllerSaysIsPassedOn() {
        var accepted =
                new ApisixRouter()
                        .accepted(
                                Copies.object(
                                        route(
                                                "shop-podinfo-canary",
                                                4,
                                                "{}",
                                                "[{type: ResourcesAvailable, status: 'False',"
                                                        + " observedGeneration: 4, reason:"
                                                        + " ResourceSyncAborted, message: no"
                                                        + " Service}]")),
                                new KnownObjects(Map.of()));

        assertThat(accepted.because())
                .isEqualTo(
                        "ApisixRoute shop-podinfo-canary.test is not in APISIX yet"
                                + " (ResourcesAvailable: False, ResourceSyncAborted, no Service)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "podinfo-primary 80, podinfo-canary 20 | podinfo-primary 40, podinfo-canary 60 |"
                        + " 60",
                "podinfo-primary 100, podinfo-canary | podinfo-primary 100, podinfo-canary 0 | 50",
                "podinfo-primary, podinfo-canary 50 | podinfo-primary 100, podinfo-canary 0 |"
                        + " 33.33",
                "podinfo-primary 999, podinfo-canary 1 | podinfo-primary 100, podinfo-canary 0 |"
                        + " 0.1",
                "podinfo-canary | podinfo-primary 100, podinfo-canary 0 | 100",
                "other 5, other-canary 5 | podinfo-primary 100, podinfo-canary 0 | 0"
            })
    void whatReachesTheCanaryByAnyRuleIsShown(String first, String second, double shown) {
        var copy =
                Copies.object(
                        route(
                                "shop-podinfo-canary",
                                1,
                                "{http: [{name: a, backends: %s}, {name: b, backends: %s}]}"
                                        .formatted(backends(first), backends(second)),
                                "[]"));

        assertThat(new ApisixRouter().shown(copy)).hasValue(Split.of(Weight.nearest(shown)));
    }

    private static String backends(String weights) {
        return Stream.of(weights.split(", "))
                .map(it -> it.split(" "))
                .map(
                        it ->
                                "{serviceName: %s, servicePort: 80%s}"
                                        .formatted(
                                                it[0], it.length < 2 ? "" : ", weight: " + it[1]))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Whose weights look like ours, but which nobody copied. */
    @Test
    void theUsersOwnRouteShowsNothing() {
        var route =
                Copies.object(
                        route(
                                "shop",
                                1,
                                "{http: [{name: a, backends: [{serviceName: x-primary, servicePort:"
                                    + " 80, weight: 50}, {serviceName: x-canary, servicePort: 80,"
                                    + " weight: 50}]}]}",
                                "[]"));

        assertThat(new ApisixRouter().shown(route)).isEmpty();
    }
}
