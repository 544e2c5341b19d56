package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A target with an autoscaler: the primary gets one, and the two never fight over its pods. */
class ScalerTest {

    private static final String PAUSED = "autoscaling.keda.sh/paused-replicas";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void scaledBy(String apiVersion, String kind) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .putObject("autoscalerRef")
                                .put("apiVersion", apiVersion)
                                .put("kind", kind)
                                .put("name", "scaler"));
    }

    private void scaledByKeda() {
        cluster.create(
                """
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: scaler, annotations: {mine: "yes"}}
                spec: {scaleTargetRef: {name: podinfo}, minReplicaCount: 3, maxReplicaCount: 9}
                """);
        scaledBy("keda.sh/v1alpha1", "ScaledObject");
    }

    private void scaledByKubernetes() {
        scaledBy("autoscaling/v2", "HorizontalPodAutoscaler");
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 4, maxReplicas: 9}
                """);
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
    }

    private int replicas(String deployment) {
        return cluster.get(Kind.DEPLOYMENT, deployment).at("/spec/replicas").asInt();
    }

    @Test
    void whatIsMissingStopsTheTakeOverInFlaggersWords() {
        // Given
        scaledBy("autoscaling/v2", "HorizontalPodAutoscaler");
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        // When
        var result = cluster.takeOver(2);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause())
                .isEqualTo(
                        "HorizontalPodAutoscaler scaler.test get query error:"
                                + " horizontalpodautoscalers.autoscaling \"scaler\" not found");
        assertThat(result.getWrites()).isZero();
        assertThat(cluster.has(Kind.SERVICE, "podinfo")).isFalse();
        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    @Test
    void takingOverGivesThePrimaryItsScalerAndHoldsTheTargetsStill() {
        // Given
        scaledByKeda();
        // When
        takenOver();
        // Then
        var copy = cluster.get(Kind.SCALED_OBJECT, "scaler-primary");
        assertThat(copy.at("/spec/scaleTargetRef/name").asText()).isEqualTo("podinfo-primary");
        assertThat(copy.annotation(PAUSED)).isNull();
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotation(PAUSED)).isEqualTo("0");
        assertThat(replicas("podinfo")).isZero();
        assertThat(cluster.takeOver(2).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void theTargetBeginsWithItsScalersMinimumAndIsNoLongerHeldStill() {
        // Given
        scaledByKeda();
        takenOver();
        // When
        cluster.scale(3, true);
        // Then
        assertThat(replicas("podinfo")).isEqualTo(3);
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotation(PAUSED)).isNull();
    }

    @Test
    void theTargetBeginsWithTheMinimumOfKubernetesOwnScaler() {
        // Given
        scaledByKubernetes();
        takenOver();
        // When
        cluster.scale(3, true);
        // Then
        assertThat(replicas("podinfo")).isEqualTo(4);
    }

    @Test
    void aScalerIsNotHeldStillWhileThePrimaryServesNothing() {
        // Given: holding it still takes the pods away
        scaledByKeda();
        takenOver();
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary", 0);
        // When
        var result = cluster.scale(4, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotation(PAUSED)).isNull();
    }

    @Test
    void aScalerIsHeldStillAgainWhenSomebodyLetItGoOn() {
        // Given
        scaledByKeda();
        takenOver();
        cluster.edit(Kind.SCALED_OBJECT, "scaler", it -> it.withoutAnnotations(PAUSED::equals));
        // When
        var result = cluster.scale(3, false);
        // Then
        assertThat(result.getWrites()).isEqualTo(1);
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotation(PAUSED)).isEqualTo("0");
    }

    @Test
    void anEditOfTheTargetsScalerReachesThePrimarysWithThePromotionAndItsSizeIsLeftToIt() {
        // Given
        scaledByKubernetes();
        takenOver();
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 7));
        cluster.edit(Kind.AUTOSCALER, "scaler", it -> it.spec().put("maxReplicas", 20));
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(maximum()).isEqualTo(9);
        // When
        var result = cluster.promote(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(maximum()).isEqualTo(20);
        assertThat(replicas("podinfo-primary")).isEqualTo(7);
    }

    private int maximum() {
        return cluster.get(Kind.AUTOSCALER, "scaler-primary").at("/spec/maxReplicas").asInt();
    }

    @Test
    void aLostScalerOfThePrimaryIsMadeAgainAndItsStatusIsNoDrift() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        cluster.objects().delete(cluster.ref(Kind.AUTOSCALER, "scaler-primary"));
        // When
        Awaitility.await().until(() -> cluster.has(Kind.AUTOSCALER, "scaler-primary"));
        // Then
        assertThat(maximum()).isEqualTo(9);
        // Given
        cluster.settle();
        var before = new AtomicInteger(-1);
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .until(() -> cluster.requests() == before.getAndSet(cluster.requests()));
        int requests = cluster.requests();
        // When
        cluster.edit(
                Kind.AUTOSCALER,
                "scaler-primary",
                it -> it.put("status", JsonNodeFactory.instance.objectNode().put("seen", true)));
        // Then
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> true);
        assertThat(cluster.requests()).as("the edit's own").isEqualTo(requests + 2);
    }

    @Test
    void aCanaryThatGoesLeavesTheTargetsScalerAsItWasFound() {
        // Given
        scaledByKeda();
        var found = cluster.get(Kind.SCALED_OBJECT, "scaler");
        takenOver();
        cluster.delete("podinfo");
        var canary = cluster.canary();
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> it.put("status", JsonNodeFactory.instance.objectNode()));
        cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        // When
        var result = cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        var now = cluster.get(Kind.SCALED_OBJECT, "scaler");
        assertThat(now.annotations()).isEqualTo(found.annotations());
        assertThat(now.at("/spec")).isEqualTo(found.at("/spec"));
        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    private void scaledByNobody() {
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().remove("autoscalerRef"));
    }

    @Test
    void anotherScalerTakesThePlaceOfTheOneBefore() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        has("podinfo-primary", 7);
        // When
        scaledByKeda();
        Awaitility.await().until(() -> cluster.has(Kind.SCALED_OBJECT, "scaler-primary"));
        // Then
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler-primary")).isFalse();
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler")).as("the user's own").isTrue();
        assertThat(replicas("podinfo-primary")).isEqualTo(7);
        assertThat(cluster.written().stream().map(it -> it.ref().kind()).toList())
                .containsSubsequence(Kind.AUTOSCALER, Kind.AUTOSCALER, Kind.SCALED_OBJECT);
    }

    @Test
    void anotherScalerTakesThePlaceOfTheOneBeforeThoughItWasNamedWhileTheRouterWasDown() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        cluster.restart(this::scaledByKeda);
        // When: nobody watches yet
        var result = cluster.takeOver(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.SCALED_OBJECT, "scaler-primary")).isTrue();
        // When
        cluster.reach("Initialized");
        cluster.withDrift();
        // Then
        Awaitility.await().until(() -> !cluster.has(Kind.AUTOSCALER, "scaler-primary"));
    }

    @Test
    void aScalerThatIsAskedForNoMoreGoesThoughItWasTakenOutWhileTheRouterWasDown() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        // When
        cluster.restart(this::scaledByNobody);
        cluster.reach("Initialized");
        cluster.withDrift();
        // Then
        Awaitility.await().until(() -> !cluster.has(Kind.AUTOSCALER, "scaler-primary"));
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler")).isTrue();
        assertThat(replicas("podinfo-primary")).isEqualTo(2);
    }

    /** KEDA is gone, and what it needed of the role as well. */
    @Test
    void aKindThatMayNotBeReadAnyMoreKeepsNoRunAndNoCanary() {
        // Given
        scaledByKeda();
        takenOver();
        scaledByKubernetes();
        cluster.takeOver(3);
        cluster.forbidding(Kind.SCALED_OBJECT);
        // When
        var begun = cluster.scale(4, true);
        // Then
        assertThat(begun.getBecause()).isEmpty();
        assertThat(begun.getOutcome()).isEqualTo(RouterOutcome.DONE);
        // When
        var result = gone();
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aKindThatMayNotBeReadIsNeededWhereItIsAskedFor() {
        // Given
        scaledByKeda();
        takenOver();
        cluster.forbidding(Kind.SCALED_OBJECT);
        // When
        var result = cluster.scale(3, true);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
    }

    /** As a policy does it, or a role without that right. */
    private void denyDeletionsOfTheScalerBefore() {
        cluster.atEachWrite(
                ref -> {
                    if (ref.equals(cluster.ref(Kind.AUTOSCALER, "scaler-primary"))) {
                        throw Refusal.retry("denied");
                    }
                },
                _ -> {});
    }

    @Test
    void aScalerThatCannotBeDeletedKeepsNothingElseFromComingBack() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        denyDeletionsOfTheScalerBefore();
        scaledByKeda();
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo"));
        // Then
        Awaitility.await().until(() -> cluster.has(Kind.SERVICE, "podinfo"));
        assertThat(cluster.has(Kind.SCALED_OBJECT, "scaler-primary"))
                .as("no two set the size of the primary")
                .isFalse();
        // When
        cluster.atEachWrite(_ -> {}, _ -> {});
        // Then
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> cluster.has(Kind.SCALED_OBJECT, "scaler-primary"));
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler-primary")).isFalse();
    }

    @Test
    void aScalerThatCannotBeDeletedKeepsNobodyFromTheirTraffic() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        denyDeletionsOfTheScalerBefore();
        scaledByKeda();
        cluster.settle();
        // When
        var result = cluster.takeOver(3);
        // Then
        assertThat(result.getBecause()).isEqualTo("denied");
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void theScalerBeforeStaysWhileTheNewOneCannotBeMade() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        // When
        scaledBy("keda.sh/v1alpha1", "ScaledObject");
        var result = cluster.takeOver(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler-primary")).isTrue();
    }

    @Test
    void aCanaryThatGoesTakesTheScalerAlongThatItAsksForNoMore() {
        // Given: nobody watches autoscalers
        scaledByKubernetes();
        takenOver();
        scaledByNobody();
        // When
        var result = gone();
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler-primary")).isFalse();
        assertThat(cluster.has(Kind.AUTOSCALER, "scaler")).isTrue();
    }

    private RouterResult gone() {
        cluster.delete("podinfo");
        var canary = cluster.canary();
        cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
    }

    /** Whoever gives the target pods later would see them go again, and nobody knows why. */
    @Test
    void aTargetsScalerIsNotHeldStillByACanaryThatGoesWithoutARevert() {
        // Given
        scaledByKeda();
        takenOver();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", false));
        // When
        var result = gone();
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotations())
                .containsOnlyKeys("mine");
        assertThat(replicas("podinfo")).isZero();
    }

    @Test
    void aScalerOfAnotherWorkloadThatHasTheNameOfThePrimarysIsLeftAloneAndTold() {
        // Given
        scaledByKubernetes();
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler-primary}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: other}, minReplicas: 0, maxReplicas: 9}
                """);
        var before = cluster.get(Kind.AUTOSCALER, "scaler-primary");
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        // When
        var result = cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        var promoted = cluster.promote(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause())
                .isEqualTo(
                        "HorizontalPodAutoscaler scaler-primary.test is there already, and is of"
                            + " another workload than podinfo-primary (spec.scaleTargetRef): the"
                            + " primary's autoscaler gets this name; give that one another");
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.AUTOSCALER, "scaler-primary")).isEqualTo(before);
    }

    /** It would take away the pods of the target, which is all that serves then. */
    @Test
    void aScalerThatTheTargetHadBeforeIsNotHeldStillAfterTheCanary() {
        // Given
        scaledByKeda();
        takenOver();
        scaledByNobody();
        // When
        gone();
        // Then
        var now = cluster.get(Kind.SCALED_OBJECT, "scaler");
        assertThat(now.annotations()).containsOnlyKeys("mine");
    }

    @Test
    void aScalerThatTheTargetHadBeforeKeepsNoCanaryFromItsPods() {
        // Given
        scaledByKeda();
        takenOver();
        scaledByNobody();
        // When
        cluster.scale(3, true);
        // Then
        assertThat(cluster.get(Kind.SCALED_OBJECT, "scaler").annotation(PAUSED)).isNull();
        assertThat(replicas("podinfo")).isEqualTo(2);
        assertThat(cluster.scale(3, true).getWrites()).as("twice changes nothing").isZero();
    }

    /** As KEDA does with it where nothing is to do. */
    private void idle(String bounds) {
        scaledBy("keda.sh/v1alpha1", "ScaledObject");
        cluster.create(
                """
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: scaler}
                spec: {scaleTargetRef: {name: podinfo}%s}
                """
                        .formatted(bounds));
        takenOver();
        has("podinfo-primary", 0);
    }

    private ClusterObject copy() {
        return cluster.get(Kind.SCALED_OBJECT, "scaler-primary");
    }

    /** Else a run would wait for it, and a rollback for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", minReplicaCount: 0",
                ", maxReplicaCount: 9, minReplicaCount: 2, idleReplicaCount: 0"
            })
    void aPrimaryThatItsScalerStoppedServesAsLongAsThereIsACanary(String bounds) {
        // Given
        idle(bounds);
        var before = copy().at("/spec");
        // When
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        // Then
        assertThat(replicas("podinfo-primary")).isPositive();
        assertThat(copy().at("/spec/minReplicaCount").asInt()).isPositive();
        assertThat(copy().at("/spec").has("idleReplicaCount")).isFalse();
        assertThat(cluster.scale(3, true).getWrites()).as("twice changes nothing").isZero();
        // When
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.promote(4);
        // Then
        assertThat(copy().at("/spec/minReplicaCount").asInt()).isPositive();
        // When
        cluster.serve("podinfo-primary");
        var down = cluster.scale(5, false);
        // Then
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(copy().at("/spec")).isEqualTo(before);
        assertThat(copy().annotation("serinus.dev/held-minimum")).isNull();
    }

    /** One of a release before knows the minimum alone, and writes that note anew. */
    @Test
    void howFewPodsItsScalerLeftIsRememberedThoughAnOlderRouterNotedTheRestAnew() {
        // Given
        idle(", maxReplicaCount: 9, minReplicaCount: 2, idleReplicaCount: 0");
        var before = copy().at("/spec");
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.edit(
                Kind.SCALED_OBJECT,
                "scaler-primary",
                it -> it.annotate("serinus.dev/held-minimum", "2 1970-01-01T00:00:00Z"));
        // When
        cluster.scale(4, false);
        // Then
        assertThat(copy().at("/spec")).isEqualTo(before);
        assertThat(copy().annotations())
                .doesNotContainKeys("serinus.dev/held-minimum", "serinus.dev/held-idle");
    }

    @Test
    void aScalerThatStopsNoPrimaryIsNotTouchedByACanary() {
        // Given
        scaledByKeda();
        takenOver();
        var before = copy();
        // When
        cluster.scale(3, true);
        // Then
        assertThat(copy()).isEqualTo(before);
    }

    @Test
    void aPrimaryThatStopsBesideACanaryRunsAgainAndAtRestIsLeftToItsScaler() {
        // Given
        cluster.withDrift();
        idle("");
        cluster.settle();
        assertThat(replicas("podinfo-primary")).as("at rest").isZero();
        cluster.scale(3, true);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.settle();
        // When
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 0));
        // Then
        Awaitility.await().until(() -> replicas("podinfo-primary") > 0);
    }

    private void bounded(int minimum, int maximum) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("autoscalerRef")
                                .putObject("primaryScalerReplicas")
                                .put("minReplicas", minimum)
                                .put("maxReplicas", maximum));
    }

    private JsonNode scaler(String field) {
        return cluster.get(Kind.AUTOSCALER, "scaler-primary").at("/spec/" + field);
    }

    /** A primary that is too small does not wait for a release. */
    @Test
    void boundsThatAreEditedReachThePrimaryAtOnceAndNothingElseDoes() {
        // Given
        scaledByKubernetes();
        takenOver();
        cluster.edit(
                Kind.AUTOSCALER, "scaler", it -> it.spec().put("maxReplicas", 20).put("more", 1));
        bounded(6, 12);
        // When
        cluster.takeOver(3);
        // Then
        assertThat(scaler("minReplicas").asInt()).isEqualTo(6);
        assertThat(maximum()).isEqualTo(12);
        assertThat(scaler("more").isMissingNode()).as("waits for its promotion").isTrue();
        assertThat(cluster.takeOver(3).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void boundsThatAreEditedBesideACanaryReachThePrimaryAtOnce() {
        // Given
        scaledByKubernetes();
        cluster.withDrift();
        takenOver();
        cluster.scale(3, true);
        // When
        bounded(6, 12);
        // Then
        Awaitility.await().until(() -> scaler("minReplicas").asInt() == 6);
        assertThat(maximum()).isEqualTo(12);
    }

    @Test
    void boundsThatAreEditedAreTheOwnOfAMinimumThatIsHeld() {
        // Given
        scaledByKubernetes();
        takenOver();
        cluster.edit(
                Kind.AUTOSCALER,
                "scaler-primary",
                it -> {
                    it.spec().put("minReplicas", 8);
                    it.annotate("serinus.dev/held-minimum", "4 2026-01-01T00:00:00Z");
                });
        bounded(6, 12);
        // When
        cluster.takeOver(3);
        // Then
        assertThat(scaler("minReplicas").asInt()).isEqualTo(8);
        // When
        cluster.scale(4, false);
        // Then
        assertThat(scaler("minReplicas").asInt()).isEqualTo(6);
    }

    @Test
    void boundsThatDoNotFitWhatWasPromotedAreSaidAndStopNothing() {
        // Given
        scaledByKubernetes();
        takenOver();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("autoscalerRef")
                                .putObject("primaryScalerReplicas")
                                .put("minReplicas", 30));
        // When
        var result = cluster.takeOver(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause())
                .contains("spec.autoscalerRef.primaryScalerReplicas", "30", "9 at most");
        assertThat(scaler("minReplicas").asInt()).isEqualTo(4);
    }

    @Test
    void aQueryThatIsEditedReachesThePrimaryAtOnce() {
        // Given
        cluster.create(
                """
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: scaler}
                spec:
                  scaleTargetRef: {name: podinfo}
                  minReplicaCount: 1
                  triggers:
                  - {type: prometheus, name: load, metadata: {query: load_of_podinfo, threshold: "5"}}
                  - {type: prometheus, name: other, metadata: {query: "sum(podinfo)", threshold: "5"}}
                """);
        scaledBy("keda.sh/v1alpha1", "ScaledObject");
        takenOver();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("autoscalerRef")
                                .putObject("primaryScalerQueries")
                                .put("load", "mine"));
        // When
        cluster.takeOver(3);
        // Then
        assertThat(copy().at("/spec/triggers").findValuesAsText("query"))
                .containsExactly("mine", "sum(podinfo-primary)");
    }

    @Test
    void whatIsAskedForOfATriggerThatIsNotThereIsSaid() {
        // Given
        scaledByKeda();
        takenOver();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .withObjectProperty("autoscalerRef")
                                .putObject("primaryScalerQueries")
                                .put("load", "mine"));
        // When
        var result = cluster.takeOver(3);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getBecause()).contains("primaryScalerQueries.load", "scaler-primary");
    }

    private void has(String deployment, int pods) {
        cluster.edit(Kind.DEPLOYMENT, deployment, it -> it.spec().put("replicas", pods));
        cluster.serve(deployment);
    }
}
