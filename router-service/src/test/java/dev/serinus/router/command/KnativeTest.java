package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.targets.KnativeService;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A Knative Service is target and route in one, and stays its author's. */
class KnativeTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: knative
              targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}
              analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
            """;

    private static final String SERVICE =
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: podinfo, labels: {mine: "yes"}, annotations: {note: keep}}
            spec:
              template: {spec: {containers: [{image: "podinfo:1", ports: [{containerPort: 9898}]}], timeoutSeconds: 30}}
              traffic: [{latestRevision: true, percent: 100, tag: live}]
            status: {latestCreatedRevisionName: podinfo-00001, latestReadyRevisionName: podinfo-00001}
            """;

    private static final String LIVE = "- {latestRevision: true, tag: live}";

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private void revision(String name, boolean ready) {
        cluster.create(
                """
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata: {name: %s}
                spec: {containers: [{image: podinfo}]}
                status: {observedGeneration: 1000000, conditions: [{type: Ready, status: "%s", message: no port}]}
                """
                        .formatted(name, ready ? "True" : "False"));
    }

    private void becomes(String revision, boolean ready) {
        cluster.edit(
                Knative.REVISION,
                revision,
                it ->
                        it.put(
                                "status",
                                tree(
                                        "{observedGeneration: 1000000, conditions: [{type: Ready, status: '%s'}]}"
                                                .formatted(ready ? "True" : "False"))));
    }

    /** What was promoted last is not ready any more, and somebody pushes the next. */
    private void afterAFailedPromotion(boolean nextIsReady) {
        atThirtyPercent();
        promote(5, "podinfo-00002");
        becomes("podinfo-00002", false);
        revision("podinfo-00003", nextIsReady);
        latest("podinfo-00003", nextIsReady ? "podinfo-00003" : "podinfo-00002");
    }

    private RouterResult sendToOther(RouterCommand.Builder command) {
        return cluster.sendTo("other", command);
    }

    /** What Knative does after an edit. */
    private void latest(String created, String ready) {
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it ->
                        it.put(
                                "status",
                                tree(
                                        "{latestCreatedRevisionName: %s, latestReadyRevisionName: %s}"
                                                .formatted(created, ready))));
    }

    private static JsonNode tree(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private void initialized() {
        revision("podinfo-00001", true);
        cluster.create(SERVICE).create(CANARY);
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    private void atThirtyPercent() {
        initialized();
        revision("podinfo-00002", true);
        latest("podinfo-00002", "podinfo-00002");
        cluster.scale(3, true);
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
    }

    private RouterResult promote(long step, String revision) {
        return cluster.send(cluster.command(RouterAction.PROMOTE, step).setRevision(revision));
    }

    private ClusterObject service() {
        return cluster.get(Knative.SERVICE, "podinfo");
    }

    private JsonNode traffic() {
        return service().at("/spec/traffic");
    }

    private String primary() {
        return String.valueOf(service().annotation(KnativeService.PRIMARY_REVISION));
    }

    private RouterOutcome deleted() {
        cluster.delete("podinfo");
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9)).getOutcome();
    }

    @Test
    void whatServesBecomesThePrimaryInOneWriteAndNothingElseOfTheServiceChanges() {
        revision("podinfo-00001", true);
        cluster.create(SERVICE).create(CANARY);
        // When
        var done = cluster.initialize(1);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getRevision()).isEqualTo("podinfo-00001");
        assertThat(done.getWrites()).isEqualTo(1);
        assertThat(primary()).isEqualTo("podinfo-00001");
        assertThat(traffic())
                .isEqualTo(
                        tree(
                                """
                                - {latestRevision: true, percent: 0}
                                - {revisionName: podinfo-00001, percent: 100}
                                """
                                        + LIVE));
        assertThat(service().labels()).containsEntry("mine", "yes");
        assertThat(service().annotation("note")).isEqualTo("keep");
        assertThat(service().at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(30);
        assertThat(service().at("/metadata/ownerReferences").isMissingNode()).isTrue();
        assertThat(cluster.takeOver(2).getWrites()).isZero();
        assertThat(cluster.scale(3, true).getWrites()).isZero();
    }

    /** Flagger takes the latest revision, whoever serves, and gives it everything. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{revisionName: podinfo-00001, percent: 100}] | podinfo-00001",
                "[{revisionName: podinfo-00001, percent: 30}, {latestRevision: true, percent: 70}]"
                        + " | podinfo-00002",
                "[{revisionName: podinfo-00001, percent: 90}, {latestRevision: true, percent: 10}]"
                        + " | podinfo-00001",
                "[{latestRevision: true, percent: 100}] | podinfo-00002"
            })
    void thePrimaryIsTheRevisionThatServesMost(String traffic, String primary) {
        revision("podinfo-00001", true);
        revision("podinfo-00002", true);
        cluster.create(SERVICE).create(CANARY);
        latest("podinfo-00002", "podinfo-00002");
        cluster.edit(Knative.SERVICE, "podinfo", it -> it.spec("traffic", tree(traffic)));
        // When
        var done = cluster.initialize(1);
        // Then
        assertThat(done.getRevision()).isEqualTo(primary);
        assertThat(primary()).isEqualTo(primary);
    }

    @Test
    void whatDoesNotServeYetIsNotNamed() {
        revision("podinfo-00001", false);
        cluster.create(SERVICE).create(CANARY);
        var before = service();
        // When
        var refused = cluster.initialize(1);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(refused.getBecause())
                .isEqualTo(
                        "revision podinfo-00001 of Knative Service podinfo.test is not ready: no"
                                + " port");
        assertThat(service()).isEqualTo(before);
    }

    @Test
    void aServiceWithoutARevisionOrNoServiceIsWaitedFor() {
        cluster.create(CANARY);
        assertThat(cluster.initialize(1).getBecause())
                .contains("services.serving.knative.dev \"podinfo\" not found");
        cluster.create(SERVICE.replaceFirst("status: .*", ""));
        assertThat(cluster.initialize(1).getBecause())
                .isEqualTo("Knative Service podinfo.test has no revision that serves yet");
    }

    @Test
    void trafficIsSharedBetweenTheLatestRevisionAndThePrimary() {
        atThirtyPercent();

        assertThat(traffic())
                .isEqualTo(
                        tree(
                                """
                                - {latestRevision: true, percent: 30}
                                - {revisionName: podinfo-00001, percent: 70}
                                """
                                        + LIVE));
        assertThat(cluster.shift(4, 30).getWrites()).isZero();
    }

    /** Knative would go on with the last that is ready, and its share would be judged as this. */
    @Test
    void aRevisionThatIsNotReadyGetsNoTraffic() {
        initialized();
        revision("podinfo-00002", false);
        latest("podinfo-00002", "podinfo-00001");
        // When
        var refused = cluster.shift(4, 30);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(traffic().at("/0/percent").asInt()).isZero();
    }

    @Test
    void aPromotionNamesTheRevisionAndTrafficFollowsInAStepOfItsOwn() {
        atThirtyPercent();
        // When
        var promoted = promote(5, "podinfo-00002");
        // Then
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(primary()).isEqualTo("podinfo-00002");
        assertThat(traffic().at("/0/percent").asInt()).isEqualTo(30);
        assertThat(traffic().at("/1/revisionName").asText()).isEqualTo("podinfo-00001");
        assertThat(cluster.shift(6, 0).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic())
                .isEqualTo(
                        tree(
                                """
                                - {latestRevision: true, percent: 0}
                                - {revisionName: podinfo-00002, percent: 100}
                                """
                                        + LIVE));
    }

    /** Else nobody would serve: Knative collects what nothing names. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatServedBeforeAFailedPromotionGetsTheTrafficBack(boolean nextIsReady) {
        afterAFailedPromotion(nextIsReady);
        // When
        var done = cluster.shift(6, 0);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic())
                .isEqualTo(
                        tree(
                                """
                                - {latestRevision: true, percent: 0}
                                - {revisionName: podinfo-00001, percent: 100}
                                """
                                        + LIVE));
        assertThat(primary()).isEqualTo("podinfo-00002");
        becomes("podinfo-00002", true);
        cluster.shift(7, 0);
        assertThat(traffic().at("/1/revisionName").asText()).isEqualTo("podinfo-00002");
    }

    @Test
    void aRepairAfterAFailedPromotionKeepsWhatServesNamed() {
        cluster.withDrift();
        afterAFailedPromotion(false);
        cluster.settle();
        // When
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().at("/traffic/0")).put("percent", 31));
        // Then
        await().untilAsserted(() -> assertThat(traffic().at("/0/percent").asInt()).isEqualTo(30));
        assertThat(traffic().at("/1/revisionName").asText()).isEqualTo("podinfo-00001");
    }

    @Test
    void whatServedBeforeAFailedPromotionServesOnWithoutTheCanary() {
        afterAFailedPromotion(false);
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic())
                .isEqualTo(tree("- {revisionName: podinfo-00001, percent: 100}\n" + LIVE));
    }

    @Test
    void aNewerRevisionThanTheOneThatWasAnalysedIsNotPromoted() {
        atThirtyPercent();
        revision("podinfo-00003", true);
        latest("podinfo-00003", "podinfo-00003");

        assertThat(promote(5, "podinfo-00002").getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(primary()).isEqualTo("podinfo-00001");
    }

    /** Knative collects what nothing names. */
    @Test
    void thePrimaryStaysNamedWhenAllTrafficIsAtTheCanary() {
        atThirtyPercent();
        cluster.shift(5, 100);

        assertThat(traffic().at("/1/revisionName").asText()).isEqualTo("podinfo-00001");
        assertThat(traffic().at("/1/percent").asInt()).isZero();
    }

    @Test
    void aRollbackTakesAllTrafficFromTheCanaryThoughKnativeHasNotSeenTheLastChange() {
        atThirtyPercent();
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it ->
                        it.put(
                                "status",
                                ((ObjectNode) service().at("/status").deepCopy())
                                        .put("observedGeneration", 0)));
        // When
        var done = cluster.shift(5, 0);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic().at("/0/percent").asInt()).isZero();
    }

    @Test
    void moreTrafficWaitsForWhatKnativeHasSeen() {
        atThirtyPercent();
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it ->
                        it.put(
                                "status",
                                ((ObjectNode) service().at("/status").deepCopy())
                                        .put("observedGeneration", 0)));
        // When
        var refused = cluster.shift(5, 60);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(refused.getBecause()).startsWith("Knative has not seen generation ");
        assertThat(traffic().at("/0/percent").asInt()).isEqualTo(30);
    }

    @Test
    void theTrafficThatWasThereIsGivenBackOnceItLeadsToWhatWasPromoted() {
        atThirtyPercent();
        promote(5, "podinfo-00002");
        cluster.shift(6, 0);
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic()).isEqualTo(tree("[{latestRevision: true, percent: 100, tag: live}]"));
        assertThat(service().annotations().keySet()).containsExactly("note");
        assertThat(service().at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(30);
    }

    /** With the traffic that was there everybody would meet what has failed. */
    @Test
    void thePrimaryStaysPinnedWhereTheLatestRevisionWasNotPromoted() {
        atThirtyPercent();
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic())
                .isEqualTo(tree("- {revisionName: podinfo-00001, percent: 100}\n" + LIVE));
        assertThat(service().annotations().keySet()).containsExactly("note");
    }

    /** Flagger notes no traffic; nor is there any where somebody took our note away. */
    @Test
    void thePrimaryStaysPinnedWhereTheTrafficThatWasThereIsNotKnown() {
        atThirtyPercent();
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it -> it.withoutAnnotations("serinus.dev/original-traffic"::equals));
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic().at("/0/revisionName").asText()).isEqualTo("podinfo-00001");
        assertThat(traffic().at("/0/percent").asInt()).isEqualTo(100);
    }

    @Test
    void anAnnotationAndTrafficThatSomebodyTookAwayComeBackAsTheyWere() {
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.put(
                                "status",
                                tree("{phase: Progressing, lastPromotedSpec: podinfo-00001}")));
        await().until(
                        () ->
                                cluster.canaries()
                                                .get(PretendCluster.NAMESPACE, "podinfo")
                                                .orElseThrow()
                                                .latest()
                                                .getStatus()
                                        != null);
        // When
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it ->
                        it.withoutAnnotations(_ -> true)
                                .spec(
                                        "traffic",
                                        tree("[{latestRevision: true, percent: 100, tag: live}]")));
        // Then
        await().untilAsserted(
                        () -> {
                            assertThat(traffic().at("/0/percent").asInt()).isEqualTo(30);
                            assertThat(primary()).isEqualTo("podinfo-00001");
                        });
    }

    /** Knative's webhook fills in what is left out; to write it again would never end. */
    @Test
    void whatKnativeFillsInIsNoChange() {
        atThirtyPercent();
        cluster.edit(
                Knative.SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().at("/traffic/1")).put("latestRevision", false));

        assertThat(cluster.shift(4, 30).getWrites()).isZero();
    }

    @Test
    void aSecondCanaryOfTheSameServiceIsRefused() {
        initialized();
        var before = service();
        cluster.create(CANARY.replace("{name: podinfo}", "{name: other}"));
        // When
        var refused =
                cluster.sendTo(
                        "other",
                        cluster.command(
                                RouterAction.INITIALIZE, 1, cluster.get(Kind.CANARY, "other")));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .contains("Knative Service podinfo.test is released by Canary podinfo already");
        assertThat(service()).isEqualTo(before);
    }

    /** Its manifest may have come to name this Service long after it was initialised. */
    @ParameterizedTest
    @EnumSource(
            value = RouterAction.class,
            names = {"TAKE_OVER", "SCALE", "SHIFT", "PROMOTE"})
    void nothingOfAnothersServiceIsWrittenByAnyCommand(RouterAction action) {
        atThirtyPercent();
        var before = service();
        cluster.create(CANARY.replace("{name: podinfo}", "{name: other}"));
        var other = cluster.get(Kind.CANARY, "other");
        // When
        var refused = sendToOther(cluster.command(action, 7, other));
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(refused.getBecause()).contains("is released by Canary podinfo already");
        assertThat(service()).isEqualTo(before);
    }

    @Test
    void anothersServiceStaysAsItIsWhenACanaryGoes() {
        atThirtyPercent();
        var before = service();
        cluster.create(
                CANARY.replace(
                        "{name: podinfo}",
                        "{name: other, finalizers: [finalizer.flagger.app, test/stay]}"));
        cluster.delete("other");
        // When
        var done =
                sendToOther(
                        cluster.command(
                                RouterAction.RESTORE, 9, cluster.get(Kind.CANARY, "other")));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(service()).isEqualTo(before);
    }

    private void targets(String name) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("targetRef")).put("name", name));
    }

    private void assertGivenBack() {
        await().untilAsserted(
                        () -> assertThat(service().annotations().keySet()).containsExactly("note"));
        assertThat(traffic())
                .isEqualTo(tree("- {revisionName: podinfo-00001, percent: 100}\n" + LIVE));
    }

    @Test
    void aServiceThatIsTheTargetNoMoreGetsBackWhatItHad() {
        cluster.withDrift();
        atThirtyPercent();
        cluster.settle();
        // When: to one that is yet to come
        targets("store");
        // Then
        assertGivenBack();
    }

    @Test
    void aServiceThatIsTheTargetNoMoreIsFoundByARouterThatKnowsNothingOfIt() {
        atThirtyPercent();
        cluster.create(SERVICE.replace("podinfo", "store"));
        // When
        cluster.restart(() -> targets("store"));
        cluster.reach("Progressing");
        cluster.withDrift();
        // Then
        assertGivenBack();
        assertThat(cluster.get(Knative.SERVICE, "store").annotations().keySet())
                .containsExactly("note");
    }

    @Test
    void withoutRevertTheServiceStaysAsItIs() {
        revision("podinfo-00001", true);
        cluster.create(SERVICE).create(CANARY + "  revertOnDeletion: false\n");
        cluster.initialize(1);
        cluster.takeOver(2);
        var before = traffic();
        // When, Then
        assertThat(deleted()).isEqualTo(RouterOutcome.DONE);
        assertThat(traffic()).isEqualTo(before);
    }
}
