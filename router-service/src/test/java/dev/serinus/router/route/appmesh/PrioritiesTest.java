package dev.serinus.router.route.appmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.schemas.mesh.AppMesh;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.Collectors;

/** What App Mesh asks first in a router of the user's own it asks first with a Canary, too. */
class PrioritiesTest {

    private static final String WEIGHTS = "stepWeight: 10";
    private static final String AB = "iterations: 2, match: [{headers: {x-a: {exact: a}}}]";

    private static RouterAtWork at(String analysis, String routes) {
        return new RouterAtWork(
                        new AppMeshV1Beta2Router(),
                        "{port: 80}",
                        analysis.equals(AB) ? "[{headers: {x-a: {exact: a}}}]" : "[]",
                        "{analysis: {interval: 1m, threshold: 1, " + analysis + "}}")
                .put(
                        """
                        apiVersion: appmesh.k8s.aws/v1beta2
                        kind: VirtualRouter
                        metadata: {name: podinfo, namespace: test}
                        spec: {routes: [%s]}
                        """
                                .formatted(routes));
    }

    private static String route(String name, String priority, String node) {
        return "{name: %s, %s httpRoute: {match: {prefix: /}, action: {weightedTargets: [{virtualNodeRef: {name: %s}, weight: 1}]}}}"
                .formatted(name, priority.isEmpty() ? "" : "priority: " + priority + ",", node);
    }

    private static String priorities(RouterAtWork work) {
        return work.get(AppMesh.VIRTUAL_ROUTER, "podinfo")
                .at("/spec/routes")
                .valueStream()
                .map(it -> it.path("name").asText() + " " + it.path("priority").asText("-"))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the application's own | before it | after it | as it is then
                "''  | ''  | ''  | admin -, podinfo -, rest -",
                "50  | 5   | 900 | admin 5, podinfo 50, rest 900",
                "''  | 5   | ''  | admin 5, podinfo -, rest -"
            })
    void theApplicationIsAskedForWhereItWas(
            String own, String before, String after, String expected) {
        var work =
                at(
                        WEIGHTS,
                        route("admin", before, "admin")
                                + ", "
                                + route("podinfo", own, "podinfo")
                                + ", "
                                + route("rest", after, "rest"));

        assertThat(priorities(work.shift(0))).isEqualTo(expected);
        assertThat(priorities(work.shift(30))).as("at each step").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "50 | 5   | 900 | admin 5, podinfo-a 10, podinfo-b 20, rest 900",
                "50 | 15  | 900 | admin 15, podinfo-a 50, podinfo-b 51, rest 900",
                "50 | 48  | 51  | admin 48, podinfo-a 49, podinfo-b 50, rest 51",
                "'' | 100 | ''  | admin 100, podinfo-a 101, podinfo-b 102, rest -"
            })
    void soAreThoseOfATest(String own, String before, String after, String expected) {
        var work =
                at(
                        AB,
                        route("admin", before, "admin")
                                + ", "
                                + route("podinfo", own, "podinfo")
                                + ", "
                                + route("rest", after, "rest"));

        assertThat(priorities(work.lead())).isEqualTo(expected);
        assertThat(priorities(work.lead())).as("again").isEqualTo(expected);
    }

    @Test
    void whereThereIsNoRoomItIsSaid() {
        var work =
                at(
                        AB,
                        route("admin", "49", "admin")
                                + ", "
                                + route("podinfo", "50", "podinfo")
                                + ", "
                                + route("rest", "51", "rest"));

        assertThatThrownBy(work::lead)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(
                        "VirtualRouter podinfo.test has no room for 2 routes of the application")
                .hasMessageContaining("below 50 or above 51");
    }

    /** Those of a test come before all that have none, and would take what is for them. */
    @Test
    void routesWithoutAPriorityThatATestWouldTakeThePlaceOfAreNamed() {
        String admin = route("admin", "", "admin").replace("prefix: /}", "prefix: /admin}");
        String routes = admin + ", " + route("podinfo", "", "podinfo");

        assertThatThrownBy(at(AB, routes)::lead)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("VirtualRouter podinfo.test has routes without a priority")
                .hasMessageContaining("(admin)")
                .hasMessageContaining("give each of them one below 1000");
        assertThat(priorities(at(WEIGHTS, routes).shift(30))).isEqualTo("admin -, podinfo -");
    }
}
