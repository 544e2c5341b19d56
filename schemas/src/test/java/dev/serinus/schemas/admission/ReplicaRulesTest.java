package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.SpecRules;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** A share by pods, where nothing else can share out traffic. */
class ReplicaRulesTest {

    private static final String STEPS = "stepWeights: [10, 30, 50]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                STEPS,
                "stepWeights: [50]",
                "stepWeights: [5, 50, 100]",
                "stepWeight: 10, maxWeight: 50",
                "stepWeight: 25, maxWeight: 40",
                "stepWeight: 10, maxWeight: 50, iterations: 9"
            })
    void admitsSharesUpToHalfAndAll(String weights) {
        var admission = admission("provider: kubernetes", "replicas: weighted, " + weights);

        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        admitted -> {
                            assertThat(admitted.spec().getProvider()).isEqualTo("kubernetes");
                            assertThat(admitted.spec().getRules())
                                    .returns(true, SpecRules::getByReplicas)
                                    .returns(true, SpecRules::getProportional);
                            assertThat(admitted.unused()).isEmpty();
                        });
    }

    @Test
    void isBlueGreenWithoutIt() {
        var admission = admission("provider: kubernetes", STEPS);

        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        admitted -> assertThat(admitted.spec().getRules()).isNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    replicas: half, stepWeights: [10] | .replicas | must be one of weighted
                    replicas: weighted, iterations: 5 | .replicas | give one of them, or leave it out, and the release is Blue/Green
                    replicas: weighted, stepWeights: [10, 60] | .stepWeights[1] | must be 1 to 50 percent, or 100, was 60: with spec.analysis.replicas: weighted the primary keeps all of its pods
                    replicas: weighted, stepWeight: 10 | .maxWeight | is 100 when absent, and must be 1 to 50 percent
                    replicas: weighted, stepWeight: 10, maxWeight: 60 | .maxWeight | is reached at 60 by steps of 10
                    replicas: weighted, stepWeight: 20, maxWeight: 50 | .maxWeight | is reached at 60 by steps of 20
                    replicas: weighted, stepWeights: [10], stepWeightPromotion: 10 | .stepWeightPromotion | all goes back at once; leave it out
                    replicas: weighted, stepWeights: [10], canaryReplicas: full | .canaryReplicas | has no effect
                    replicas: weighted, stepWeights: [0.5] | .stepWeights[0] | must be whole percent
                    replicas: weighted, stepWeights: [10], mirror: true | .mirror | mirroring before the first weight needs
                    replicas: weighted, stepWeights: [10], sessionAffinity: {cookieName: a} | .sessionAffinity | cannot keep clients on the side that they met
                    replicas: weighted, stepWeights: [10], match: [{headers: {x: {exact: y}}}] | .match | pods are no condition
                    """)
    void refusesWhatPodsCannotDo(String analysis, String path, String message) {
        var problems = problems("provider: kubernetes", analysis);

        assertThat(problems).extracting(Problem::getPath).containsExactly("spec.analysis" + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @Test
    void refusesItWhereRoutesShareOutTheTraffic() {
        var problems = problems("provider: istio", "replicas: weighted, " + STEPS);

        assertThat(problems)
                .containsExactly(
                        new Problem(
                                "spec.analysis.replicas",
                                "provider istio shares out traffic by itself: leave it out, or set"
                                        + " spec.provider: kubernetes"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    autoscalerRef: {kind: HorizontalPodAutoscaler, name: scaler} | spec.autoscalerRef | an autoscaler changes how many pods there are
                    targetRef: {apiVersion: apps/v1, kind: DaemonSet, name: shop} | spec.analysis.replicas | needs a target of kind Deployment
                    """)
    void refusesPodsThatAreNotOursToCount(String spec, String path, String message) {
        var problems = problems("provider: kubernetes, " + spec, "replicas: weighted, " + STEPS);

        assertThat(problems).extracting(Problem::getPath).containsExactly(path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @Test
    void connectionsOfAnyProtocolAreSharedOut() {
        var admission =
                admission(
                        "provider: kubernetes, service: {port: 5432, appProtocol: tcp}",
                        "replicas: weighted, " + STEPS);

        assertThat(admission).isInstanceOf(Admission.Admitted.class);
    }

    private static Admission admission(String spec, String analysis) {
        // What is merged over has one.
        var weights = analysis.contains("stepWeight:") ? "" : "stepWeight: null, ";
        return Admissions.admit(
                CanaryReader.read(
                                Manifests.canary(
                                        "{%s, analysis: {%s%s}}"
                                                .formatted(spec, weights, analysis)))
                        .resource(),
                Installation.named("eu-1"));
    }

    private static List<Problem> problems(String spec, String analysis) {
        return admission(spec, analysis) instanceof Admission.Refused(var problems)
                ? problems
                : List.of();
    }
}
