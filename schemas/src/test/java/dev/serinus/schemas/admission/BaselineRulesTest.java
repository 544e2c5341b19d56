package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** A third workload beside primary and canary: where it can be, and what it cannot be beside. */
class BaselineRulesTest {

    private static final Installation INSTALLATION = Installation.named("eu-1");
    private static final String BASELINE = "spec.analysis.baseline";

    /** One that can have a baseline; a test takes a part of it away. */
    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: shop, namespace: test}
            spec:
              provider: istio
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
              service: {port: 80}
              analysis:
                interval: 1m
                threshold: 3
                stepWeight: 10
                baseline: true
                metrics:
                - {name: request-duration, compare: {direction: increase}}
            """;

    private static Admission admission(String manifest) {
        return Admissions.admit(
                CanaryReader.read((ObjectNode) Manifests.yaml(manifest)).resource(), INSTALLATION);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                row("a mesh without a third share", BASELINE, "istio", "linkerd", "use istio or"),
                row("no route", BASELINE, "istio", "kubernetes", "moves no traffic"),
                row("a DaemonSet", BASELINE, "kind: Deployment", "kind: DaemonSet", "every node"),
                row(
                        "a Service",
                        BASELINE,
                        "apiVersion: apps/v1, kind: Deployment",
                        "apiVersion: v1, kind: Service",
                        "kind Deployment"),
                row(
                        "Blue/Green",
                        BASELINE,
                        "stepWeight: 10",
                        "iterations: 5",
                        "use stepWeight or stepWeights"),
                row(
                        "chosen requests",
                        BASELINE,
                        "stepWeight: 10",
                        "stepWeight: 10\n    match: [{headers: {x: {exact: y}}}]",
                        "canary alone"),
                row(
                        "copies",
                        BASELINE,
                        "stepWeight: 10",
                        "stepWeight: 10\n    mirror: true",
                        "canary alone"),
                row(
                        "clients that stay",
                        BASELINE,
                        "stepWeight: 10",
                        "stepWeight: 10\n    sessionAffinity: {cookieName: stay}",
                        "none on the baseline"),
                row(
                        "routes of the user's own",
                        BASELINE,
                        "provider: istio",
                        "provider: gatewayapi:v1",
                        "spec.service.gatewayRefs",
                        "service: {port: 80}",
                        "service: {port: 80, routeRefs: [{kind: HTTPRoute, name: shop}]}"),
                row(
                        "nothing that is compared",
                        BASELINE,
                        ", compare: {direction: increase}",
                        "",
                        "no metric has compare"),
                row(
                        "a name that is too long",
                        BASELINE,
                        "service: {port: 80}",
                        "service: {port: 80, name: " + "a".repeat(55) + "}",
                        "shorter spec.service.name"),
                row(
                        "the primary beside it",
                        "spec.analysis.metrics[0].compare.with",
                        "direction: increase",
                        "direction: increase, with: primary",
                        "leave one of both out"),
                row(
                        "a baseline that is not asked for",
                        "spec.analysis.metrics[0].compare.with",
                        "baseline: true",
                        "baseline: false",
                        "set spec.analysis.baseline to true",
                        "direction: increase",
                        "direction: increase, with: baseline"),
                row(
                        "a query that takes it for the canary",
                        "spec.analysis.metrics[0].query",
                        "name: request-duration,",
                        "name: latency, query: 'a{pod=~\"{{ target }}-(b.*)\"}',",
                        "NAME-baseline"));
    }

    private static Arguments row(
            String name, String path, String part, String instead, String says, String... more) {
        return argumentSet(name, path, part, instead, says, more);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotHaveOneIsRefusedWithItsPathAndWhatToDo(
            String path, String part, String instead, String says, String[] more) {
        String manifest = CANARY.replace(part, instead);
        if (more.length > 0) {
            manifest = manifest.replace(more[0], more[1]);
        }

        var refused = admission(manifest);

        assertThat(refused).isInstanceOf(Admission.Refused.class);
        assertThat(((Admission.Refused) refused).problems())
                .filteredOn(problem -> problem.getPath().equals(path))
                .extracting(Problem::getMessage)
                .anyMatch(message -> message.contains(says));
    }

    @Test
    void allComparisonsAreWithIt() {
        assertThat(admission(CANARY))
                .asInstanceOf(type(Admission.Admitted.class))
                .satisfies(
                        it -> {
                            assertThat(it.spec().getBaseline()).isTrue();
                            assertThat(it.spec().getMetrics())
                                    .extracting(MetricSpec::getCompare)
                                    .allMatch(compare -> compare.getWith().equals("baseline"));
                        });
    }

    @Test
    void withoutItComparisonsAreWithThePrimary() {
        assertThat(admission(CANARY.replace("baseline: true", "baseline: false")))
                .asInstanceOf(type(Admission.Admitted.class))
                .satisfies(
                        it -> {
                            assertThat(it.spec().getBaseline()).isFalse();
                            assertThat(it.spec().getMetrics())
                                    .extracting(MetricSpec::getCompare)
                                    .allMatch(compare -> compare.getWith().equals("primary"));
                        });
    }

    @Test
    void gatewayApiAndIstioHaveAShareForIt() {
        assertThat(Meshes.served().stream().filter(mesh -> mesh.can(Ability.BASELINE)))
                .extracting(Mesh::title)
                .containsExactlyInAnyOrder("Istio", "Gateway API", "Gateway API v1beta1");
    }
}
