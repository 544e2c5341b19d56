package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Kubernetes;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/** Shares without a mesh: one Service selects the pods of both sides, and how many those are. */
class ReplicasTest {

    private static final Map<String, String> PRIMARY = Map.of("app", "podinfo-primary");
    private static final Map<String, String> CANARY = Map.of("app", "podinfo");
    private static final Map<String, String> BOTH = Map.of(Kubernetes.SHARED_LABEL, "podinfo");

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void label() {
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().at("/template/metadata/labels"))
                                .put(Kubernetes.SHARED_LABEL, "podinfo"));
    }

    /** With so many pods of the primary, and none of the canary. */
    private void takenOver(int size) {
        label();
        cluster.apply("replicas-canary.yaml");
        cluster.initialize(1);
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", size));
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private RouterResult begin(int percent) {
        cluster.release("podinfo:2");
        return cluster.send(
                cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(percent * 100));
    }

    /** Ten pods of the primary, and 30 percent at five of the canary. */
    private void atThirtyPercent() {
        takenOver(10);
        begin(30);
        cluster.serve("podinfo");
        assertThat(cluster.ask(shift(4, 30)).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private RouterCommand.Builder shift(long step, int percent) {
        return cluster.command(RouterAction.SHIFT, step)
                .setCanaryWeight(percent)
                .setPodShareBasisPoints(percent == 0 ? null : percent * 100)
                .setPodsFirst(true);
    }

    private int replicas(String deployment) {
        return cluster.get(Kind.DEPLOYMENT, deployment).at("/spec/replicas").asInt();
    }

    private ClusterObject apex() {
        return cluster.get(Kind.SERVICE, "podinfo");
    }

    private static JsonNode json(Map<String, String> labels) {
        var json = JsonNodeFactory.instance.objectNode();
        labels.forEach(json::put);
        return json;
    }

    private void assertLeadsTo(Map<String, String> labels) {
        assertThat(apex().at("/spec/selector")).isEqualTo(json(labels));
    }

    @Test
    void atRestTheApexSelectsThePrimaryAlone() {
        takenOver(10);

        assertLeadsTo(PRIMARY);
        assertThat(replicas("podinfo")).isZero();
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    @Test
    void theFirstShareIsThereBeforeTheApexSelectsIt() {
        // Given
        takenOver(10);
        // When
        begin(10);
        // Then
        assertThat(replicas("podinfo")).as("one beside ten is a tenth, rounded up").isEqualTo(2);
        assertLeadsTo(PRIMARY);
        // When
        cluster.serve("podinfo", 1);
        var early = cluster.send(shift(4, 10));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertLeadsTo(PRIMARY);
        // When
        cluster.serve("podinfo");
        var done = cluster.ask(shift(4, 10));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getCanaryWeight()).isEqualTo(10);
        assertLeadsTo(BOTH);
        assertThat(cluster.send(shift(4, 10)).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void aStepUpHasItsPodsBeforeItIsReached() {
        // Given
        atThirtyPercent();
        assertThat(replicas("podinfo")).isEqualTo(5);
        // When
        var early = cluster.send(shift(5, 50));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(replicas("podinfo")).isEqualTo(10);
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
        // When
        cluster.serve("podinfo");
        var done = cluster.ask(shift(5, 50));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getCanaryWeight()).isEqualTo(50);
        assertThat(done.getBecause()).isEmpty();
        assertLeadsTo(BOTH);
    }

    @Test
    void whatIsTakenBackIsOneWriteBeforeAnyPodGoes() {
        // Given
        atThirtyPercent();
        int before = cluster.written().size();
        // When
        var back = cluster.ask(shift(5, 0));
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getCanaryWeight()).isZero();
        assertLeadsTo(PRIMARY);
        assertThat(apex().annotations()).doesNotContainKey("serinus.dev/apex-split");
        var written = cluster.written().subList(before, cluster.written().size());
        assertThat(written.getFirst().ref()).isEqualTo(cluster.ref(Kind.SERVICE, "podinfo"));
        assertThat(replicas("podinfo")).as("its pods are there still").isEqualTo(5);
        // When
        var down = cluster.ask(cluster.command(RouterAction.SCALE, 6).setTargetRunning(false));
        // Then
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(replicas("podinfo")).isZero();
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    /** Somebody took the note off, and nothing can be planned without a target. */
    @Test
    void whatIsTakenBackNeedsNeitherItsNoteNorTheTarget() {
        // Given
        atThirtyPercent();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> it.withoutAnnotations("serinus.dev/apex-split"::equals));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        // When
        var back = cluster.ask(shift(5, 0));
        // Then
        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getCanaryWeight()).isZero();
        assertLeadsTo(PRIMARY);
    }

    /** Its others have most of the requests already, and the canary is what fails. */
    @Test
    void whatIsTakenBackWaitsForNoPodThatThePrimaryLacks() {
        atThirtyPercent();
        cluster.serve("podinfo-primary", 7);

        var back = cluster.send(shift(5, 0));

        assertThat(back.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertLeadsTo(PRIMARY);
    }

    /** Somebody made it small meanwhile, so that the canary has the most. */
    @Test
    void whatIsTakenBackWaitsForPodsThatThePrimaryIsYetToBeGiven() {
        // Given
        atThirtyPercent();
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 1));
        cluster.serve("podinfo-primary", 1);

        // When
        var early = cluster.send(shift(5, 0));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
        assertThat(cluster.send(shift(5, 0)).getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertLeadsTo(BOTH);
        // When
        cluster.serve("podinfo-primary", 5);
        cluster.send(shift(5, 0));
        // Then
        assertLeadsTo(PRIMARY);
    }

    @Test
    void whatComesFromACanaryAloneWaitsForThePrimarysPods() {
        // Given
        atThirtyPercent();
        assertThat(cluster.promote(5).getOutcome()).isEqualTo(RouterOutcome.RETRY);
        cluster.serve("podinfo");
        assertThat(cluster.promote(5).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary", 7);
        // When
        var early = cluster.send(shift(6, 0));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertLeadsTo(CANARY);
    }

    @Test
    void aPromotionHasEverybodyAtAWholeCanaryWhileThePrimaryIsReplaced() {
        // Given
        atThirtyPercent();
        // When
        var early = cluster.promote(6);
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertLeadsTo(BOTH);
        assertThat(replicas("podinfo")).isEqualTo(10);
        assertThat(primarysImage()).isEqualTo("podinfo:1");
        // When
        cluster.serve("podinfo");
        var promoted = cluster.promote(6);
        // Then
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(promoted.getCanaryWeight()).isEqualTo(100);
        assertLeadsTo(CANARY);
        assertThat(primarysImage()).isEqualTo("podinfo:2");
        assertThat(
                        Duration.between(
                                cluster.lastWritten(Kind.SERVICE, "podinfo"),
                                cluster.lastWritten(Kind.DEPLOYMENT, "podinfo-primary")))
                .as("data planes had time to follow")
                .isGreaterThanOrEqualTo(PretendCluster.PATIENCE);
        assertThat(cluster.promote(6).getCanaryWeight()).as("said again").isEqualTo(100);
        // When
        cluster.serve("podinfo-primary", 0);
        assertThat(cluster.send(shift(7, 0)).getOutcome()).isEqualTo(RouterOutcome.RETRY);
        // Then
        assertLeadsTo(CANARY);
        // When
        cluster.serve("podinfo-primary");
        assertThat(cluster.ask(shift(7, 0)).getOutcome()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertLeadsTo(PRIMARY);
        assertThat(replicas("podinfo")).isEqualTo(10);
        // When
        cluster.ask(cluster.command(RouterAction.SCALE, 8).setTargetRunning(false));
        // Then
        assertThat(replicas("podinfo")).isZero();
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    /** At the share that the canary has. */
    private RouterCommand.Builder promotion(int percent) {
        var template = cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/template");
        return cluster.command(RouterAction.PROMOTE, 6)
                .setCanaryWeight(percent)
                .setRevision(Revision.of(template));
    }

    private void readingAConfig() {
        cluster.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: cm}
                data: {color: blue}
                """);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    var pod = (ObjectNode) it.spec().at("/template/spec");
                    pod.putArray("volumes")
                            .addObject()
                            .put("name", "c")
                            .putObject("configMap")
                            .put("name", "cm");
                });
    }

    @Test
    void nobodyIsMovedForAConfigThatWasEditedSinceItWasAnalysed() {
        // Given
        readingAConfig();
        atThirtyPercent();
        // When
        var changed = cluster.send(promotion(30).setConfigs(Map.of("configmap/cm", "another")));
        // Then
        assertThat(changed.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertLeadsTo(BOTH);
        assertThat(replicas("podinfo")).isEqualTo(5);
    }

    @Test
    void nobodyIsMovedForAPrimaryThatTheServerWouldNotTake() {
        // Given
        atThirtyPercent();
        cluster.takingForInvalid("serinus.dev/size-before");
        // When
        var refused = cluster.send(promotion(30));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertLeadsTo(BOTH);
        assertThat(replicas("podinfo")).isEqualTo(5);
    }

    @Test
    void whoWasMovedForAPromotionThatIsRefusedHasTheShareAgain() {
        // Given: a webhook that knows no dry run
        atThirtyPercent();
        cluster.withoutTrials();
        cluster.send(promotion(30));
        cluster.serve("podinfo");
        cluster.takingForInvalid("serinus.dev/size-before");
        // When
        var refused = cluster.send(promotion(30));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(refused.getBecause())
                .isEqualTo(
                        "update error: invalid; podinfo.test leads to 30 percent of the canary"
                                + " again");
        assertLeadsTo(BOTH);
        assertThat(primarysImage()).isEqualTo("podinfo:1");
    }

    /** Its pods were on their way when the target was edited. */
    @Test
    void podsThatWereForEverybodyGoAgainWhenNothingIsPromoted() {
        // Given
        atThirtyPercent();
        cluster.send(promotion(30));
        cluster.serve("podinfo");
        assertThat(replicas("podinfo")).isEqualTo(10);
        cluster.takingForInvalid("serinus.dev/size-before");
        // When
        cluster.send(promotion(30));
        // Then
        assertLeadsTo(BOTH);
        assertThat(replicas("podinfo")).isEqualTo(5);
    }

    private String primarysImage() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/spec/containers/0/image")
                .asText();
    }

    @Test
    void noPodGoesWhileTheApexSelectsIt() {
        atThirtyPercent();

        var down = cluster.send(cluster.command(RouterAction.SCALE, 5).setTargetRunning(false));

        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(replicas("podinfo")).isEqualTo(5);
    }

    /** All traffic was at the canary since the primary had no pods, and it has some again. */
    @Test
    void aShareThatIsLessAgainHasTheOthersSelectedBeforeItsPodsGo() {
        // Given
        atThirtyPercent();
        cluster.serve("podinfo-primary", 0);
        cluster.send(shift(5, 100));
        cluster.serve("podinfo");
        assertThat(cluster.ask(shift(5, 100)).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        int before = cluster.written().size();
        // When
        var done = cluster.ask(shift(6, 30));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertLeadsTo(BOTH);
        assertThat(replicas("podinfo")).isEqualTo(5);
        assertThat(cluster.written().subList(before, cluster.written().size()))
                .extracting(it -> it.ref())
                .containsExactly(
                        cluster.ref(Kind.SERVICE, "podinfo"),
                        cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        assertThat(
                        Duration.between(
                                cluster.lastWritten(Kind.SERVICE, "podinfo"),
                                cluster.lastWritten(Kind.DEPLOYMENT, "podinfo")))
                .as("data planes had time to follow")
                .isGreaterThanOrEqualTo(PretendCluster.PATIENCE);
    }

    @Test
    void aCanaryThatHadMoreIsMadeSmallerBeforeAnybodyMeetsIt() {
        // Given
        atThirtyPercent();
        cluster.ask(shift(5, 0));
        // When
        var early = cluster.send(shift(6, 10));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(replicas("podinfo")).isEqualTo(2);
        assertLeadsTo(PRIMARY);
        // When
        cluster.serve("podinfo");
        cluster.ask(shift(6, 10));
        // Then
        assertLeadsTo(BOTH);
    }

    @Test
    void theShareThatItsPodsHaveIsToldWhereItIsAnother() {
        takenOver(4);
        begin(10);
        cluster.serve("podinfo");

        var done = cluster.ask(shift(4, 10));

        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getCanaryWeight()).isEqualTo(10);
        assertThat(done.getBecause())
                .isEqualTo(
                        "1 of 5 pods that podinfo.test leads to are the canary's, which is 20"
                                + " percent of its connections instead of 10");
    }

    @Test
    void aShareThatOnePodIsFarBeyondIsRefusedBeforeThatPodIsStarted() {
        takenOver(1);

        var refused = begin(10);

        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .isEqualTo(
                        "1 of the canary's pods beside 1 of podinfo-primary gets 50 percent of the"
                            + " connections, too far beyond the 10 percent of the step: begin with"
                            + " as much, or have at least 4 pods there");
        assertThat(replicas("podinfo")).isZero();
    }

    @Test
    void whoSaysHalfMayHaveOneBesideOne() {
        takenOver(1);
        begin(50);
        cluster.serve("podinfo");

        assertThat(cluster.ask(shift(4, 50)).getOutcome()).isEqualTo(RouterOutcome.DONE);

        assertLeadsTo(BOTH);
    }

    /** Behind one Service only those count that serve. */
    @Test
    void aShareThatWouldBeFarBeyondForWantOfPodsOfThePrimaryWaits() {
        // Given
        takenOver(10);
        begin(10);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary", 2);
        // When
        var early = cluster.send(shift(4, 10));
        // Then
        assertThat(early.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(early.getBecause())
                .isEqualTo(
                        "podinfo-primary.test has 2 available replicas of 10, so that the"
                                + " canary would get 50 percent of the connections instead of 10");
        assertLeadsTo(PRIMARY);
        // When
        cluster.serve("podinfo-primary");
        cluster.ask(shift(4, 10));
        // Then
        assertLeadsTo(BOTH);
    }

    /** What a manifest asks for is all that the application is to have, and the canary a share. */
    @ParameterizedTest
    @ValueSource(ints = {20, 5})
    void theSizeOfItsManifestIsThePrimarysWhenTheRunHasEnded(int size) {
        // Given
        takenOver(10);
        applied(size);
        assertThat(replicas("podinfo")).isEqualTo(2);
        for (int percent : new int[] {30, 50}) {
            cluster.send(shift(percent, percent));
            cluster.serve("podinfo");
            cluster.ask(shift(percent, percent));
        }
        assertThat(cluster.promote(60).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        cluster.ask(shift(61, 0));
        assertThat(replicas("podinfo-primary")).as("until the run ends").isEqualTo(10);
        // When
        cluster.ask(cluster.command(RouterAction.SCALE, 62).setTargetRunning(false));
        // Then
        assertThat(replicas("podinfo-primary")).isEqualTo(size);
        assertThat(replicas("podinfo")).isZero();
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").annotations())
                .doesNotContainKeys("serinus.dev/begun-with", "serinus.dev/asked-size");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary").annotations())
                .doesNotContainKey("serinus.dev/size-after");
    }

    @Test
    void theSizeOfAManifestThatIsTakenBackIsNobodys() {
        takenOver(10);
        applied(20);

        cluster.ask(shift(6, 0));
        cluster.ask(cluster.command(RouterAction.SCALE, 7).setTargetRunning(false));

        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    @Test
    void theSizesThatItsSharesGiveItAreNoneOfItsManifest() {
        takenOver(10);
        begin(10);
        int step = 4;
        for (int percent : new int[] {10, 30, 10}) {
            cluster.send(shift(step, percent));
            cluster.serve("podinfo");
            cluster.ask(shift(step++, percent));
        }
        cluster.promote(60);
        cluster.serve("podinfo");
        assertThat(cluster.promote(60).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        cluster.ask(shift(61, 0));

        cluster.ask(cluster.command(RouterAction.SCALE, 62).setTargetRunning(false));

        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    /** Released with a size in the manifest, and brought to its first share. */
    private void applied(int size) {
        cluster.release("podinfo:2");
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", size));
        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(1000));
        cluster.serve("podinfo");
        cluster.send(shift(4, 10));
        cluster.serve("podinfo");
        assertThat(cluster.ask(shift(4, 10)).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void aTargetWithoutTheLabelIsRefusedBeforeAnythingIsMade() {
        cluster.apply("replicas-canary.yaml");

        var refused = cluster.initialize(1);

        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .isEqualTo(
                        "the pods of deployment podinfo have no label serinus.dev/traffic: podinfo"
                            + " (spec.template.metadata.labels), by which one Service selects those"
                            + " of both sides with spec.analysis.replicas: weighted; add it, or"
                            + " leave that out");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aPrimaryWithoutTheLabelIsRefusedBeforeAPodIsStarted() {
        // Given
        takenOver(10);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-primary",
                it ->
                        ((ObjectNode) it.spec().at("/template/metadata/labels"))
                                .remove(Kubernetes.SHARED_LABEL));
        // When
        var refused = begin(10);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .startsWith("the pods of podinfo-primary have no label serinus.dev/traffic");
        assertThat(replicas("podinfo")).isZero();
    }

    /** Helm gives such labels to all that a chart makes. */
    @Test
    void whatElseHasTheLabelIsRefusedByNameWhileItHasPods() {
        // Given
        takenOver(10);
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: worker}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: worker}}
                  template: {metadata: {labels: {app: worker, serinus.dev/traffic: podinfo}}}
                """);
        // When
        var refused = begin(10);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .isEqualTo(
                        "pods of Deployment worker.test have the label serinus.dev/traffic: podinfo"
                            + " as well (spec.template.metadata.labels), and would get requests of"
                            + " podinfo: take it from them, or scale them to 0");
        assertThat(replicas("podinfo")).isZero();
        // When
        cluster.edit(Kind.DEPLOYMENT, "worker", it -> it.spec().put("replicas", 0));
        begin(10);
        // Then
        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    @Test
    void anAutoscalerThatWouldChangeTheShareIsRefusedByName() {
        // Given
        takenOver(10);
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 2, maxReplicas: 9}
                """);
        // When
        var refused = begin(10);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause())
                .contains("HorizontalPodAutoscaler scaler.test sizes podinfo");
        assertThat(replicas("podinfo")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: apps/v1, kind: StatefulSet, name: podinfo}",
                "{apiVersion: argoproj.io/v1alpha1, kind: Deployment, name: podinfo}"
            })
    void anAutoscalerOfSomethingElseOfThatNameIsNone(String sized) {
        takenOver(10);
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: %s, minReplicas: 2, maxReplicas: 9}
                """
                        .formatted(sized));

        assertThat(begin(10).getBecause()).isEmpty();

        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    @Test
    void anApexThatWasThereIsGivenBackAsItWasInTheMiddleOfARun() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, labels: {mine: "yes"}}
                spec: {selector: {app: podinfo}, ports: [{name: http, port: 80, targetPort: 9898}]}
                """);
        atThirtyPercent();
        assertLeadsTo(BOTH);
        // When
        cluster.delete("podinfo");
        var canary = cluster.canary();
        cluster.send(cluster.command(RouterAction.RESTORE, 9, canary));
        cluster.serve("podinfo");
        var done = cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertLeadsTo(CANARY);
        assertThat(apex().annotations().keySet()).noneMatch(it -> it.startsWith("serinus.dev/"));
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
        assertThat(replicas("podinfo")).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 100})
    void aSelectorThatSomebodyChangedIsPutBackAtThePresentSplit(int percent) {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        if (percent != 30) {
            cluster.send(shift(5, percent));
            cluster.serve("podinfo");
            assertThat(cluster.ask(shift(5, percent)).getOutcome()).isEqualTo(RouterOutcome.DONE);
        }
        cluster.settle();
        var left = apex().at("/spec/selector");
        // When
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> it.spec().set("selector", json(Map.of("app", "elsewhere"))));
        // Then
        await().untilAsserted(() -> assertThat(apex().at("/spec/selector")).isEqualTo(left));
    }

    @Test
    void aDeletedApexComesBackAtThePresentSplit() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo"));
        // Then
        await().ignoreExceptions().untilAsserted(() -> assertLeadsTo(BOTH));
    }

    @Test
    void aCanaryThatAsksForItNoMoreHasEverybodyAtThePrimary() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("analysis")).remove("replicas"));
        // Then
        await().untilAsserted(() -> assertLeadsTo(PRIMARY));
        assertThat(apex().annotations()).doesNotContainKey("serinus.dev/apex-split");
    }

    /** Nobody asks for it any more, and its clients would find nobody when the canary goes. */
    @Test
    void anApexOfAFormerNameLeadsBackToThePrimary() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.send(shift(5, 100));
        cluster.serve("podinfo");
        assertThat(cluster.ask(shift(5, 100)).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.settle();
        assertLeadsTo(CANARY);
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("name", "shop"));
        // Then
        await().untilAsserted(() -> assertLeadsTo(PRIMARY));
        assertThat(apex().annotations()).doesNotContainKey("serinus.dev/apex-split");
    }

    /** It is the same object, of which others keep ports and labels. */
    @Test
    void anEditOfThePortLeavesTheShareAsItIsInEveryWrite() {
        // Given
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        int before = cluster.written(Kind.SERVICE, "podinfo").size();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("portName", "web"));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(apex().at("/spec/ports/0/name").asText())
                                        .isEqualTo("web"));
        var written = cluster.written(Kind.SERVICE, "podinfo");
        assertThat(written.subList(before, written.size()))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.at("/spec/selector")).isEqualTo(json(BOTH)));
    }

    /** A promotion of which the primary's new pods do not become ready. */
    private void failedPromotion() {
        cluster.withDrift();
        atThirtyPercent();
        cluster.send(promotion(30));
        cluster.serve("podinfo");
        assertThat(cluster.ask(promotion(30)).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary", 0);
        cluster.settle();
        assertLeadsTo(CANARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replicas", "provider", "name"})
    void anApexThatNobodySteersAnyMoreStaysWithTheCanaryUntilThePrimaryServes(String edited) {
        // Given
        failedPromotion();
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> {
                    var service = (ObjectNode) it.spec().path("service");
                    service.putObject("apex").putObject("annotations").put("edited", "yes");
                    if (edited.equals("name")) {
                        service.put("name", "shop");
                        return;
                    }
                    ((ObjectNode) it.spec().path("analysis")).remove("replicas");
                    if (edited.equals("provider")) {
                        it.spec().put("provider", "istio");
                    }
                });
        String apex = edited.equals("name") ? "shop" : "podinfo";
        await().ignoreExceptions()
                .until(() -> cluster.get(Kind.SERVICE, apex).annotations().containsKey("edited"));
        // Then
        assertLeadsTo(CANARY);
        // When
        cluster.serve("podinfo-primary");
        // Then
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertLeadsTo(PRIMARY));
        assertThat(apex().annotations()).doesNotContainKey("serinus.dev/apex-split");
    }

    @Test
    void anApexThatIsDeletedOrLosesItsNoteNeverLeadsToAPrimaryThatDoesNotServe() {
        // Given
        failedPromotion();
        int before = cluster.written().size();
        // When
        cluster.objects().delete(cluster.ref(Kind.SERVICE, "podinfo"));
        await().ignoreExceptions().untilAsserted(() -> assertLeadsTo(CANARY));
        cluster.settle();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> it.withoutAnnotations("serinus.dev/apex-split"::equals));
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(apex().annotations())
                                        .containsKey("serinus.dev/apex-split"));
        assertLeadsTo(CANARY);
        assertThat(cluster.written().subList(before, cluster.written().size()))
                .filteredOn(it -> it.ref().equals(cluster.ref(Kind.SERVICE, "podinfo")))
                .allSatisfy(
                        it ->
                                assertThat(requireNonNull(it.object()).at("/spec/selector"))
                                        .isEqualTo(json(CANARY)));
    }

    /** Somebody stopped the target by hand while everybody was there. */
    @Test
    void noApexOfASuspendedCanaryLeadsToATargetWithoutPods() {
        // Given
        failedPromotion();
        cluster.serve("podinfo-primary");
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", true));
        cluster.settle();
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 0));
        cluster.serve("podinfo", 0);
        // When
        cluster.edit(Kind.SERVICE, "podinfo", it -> it.annotate("touched", "yes"));
        // Then
        await().untilAsserted(() -> assertLeadsTo(PRIMARY));
        // When
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("suspend", false));
        cluster.settle();
        // Then
        assertLeadsTo(PRIMARY);
    }
}
