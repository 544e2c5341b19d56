package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class InitializeTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void makesThePrimaryAsFlaggerDoes() {
        // When
        var result = cluster.initialize(1);
        // Then
        var target = cluster.get(Kind.DEPLOYMENT, "podinfo");
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getRevision()).isEqualTo(Revision.of(target.at("/spec/template")));
        assertThat(primary.annotation(Primaries.REVISION)).isEqualTo(result.getRevision());
        assertThat(primary.annotation("serinus.dev/step"))
                .isEqualTo("1.1 " + cluster.canary().at("/metadata/uid").asText());
        assertThat(primary.annotation("example.com/owner")).isEqualTo("checkout");
        assertThat(primary.annotations().keySet()).noneMatch(key -> key.contains("fluxcd"));
        assertThat(primary.labels())
                .containsOnlyKeys("app", ManagedBy.LABEL)
                .containsEntry("app", "podinfo-primary");
        assertThat(primary.at("/spec/selector/matchLabels").toString())
                .isEqualTo("{\"app\":\"podinfo-primary\"}");
        assertThat(primary.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(primary.at("/spec/template/metadata/labels/app").asText())
                .isEqualTo("podinfo-primary");
        assertThat(primary.at("/spec/template/metadata/annotations/flagger-id").asText())
                .hasSize(36);
        assertThat(primary.at("/spec/template/spec/containers/0/env").toString())
                .contains(
                        "podinfo-config-primary",
                        "podinfo-secret-primary",
                        "\"not-there-primary\"");
        assertThat(primary.at("/spec/template/spec/affinity").toString())
                .contains("\"app\":\"podinfo-primary\"");
        assertThat(primary.at("/metadata/ownerReferences/0/uid").asText())
                .isEqualTo(cluster.canary().at("/metadata/uid").asText());
    }

    @Test
    void copiesConfigsWithTheirBinaryData() {
        // When
        cluster.initialize(1);
        // Then
        var copy = cluster.get(Kind.CONFIG_MAP, "podinfo-config-primary");
        assertThat(copy.at("/data/color").asText()).isEqualTo("blue");
        assertThat(copy.at("/binaryData/logo").asText()).isEqualTo("AAEC");
        assertThat(cluster.get(Kind.SECRET, "podinfo-secret-primary").at("/data/key").asText())
                .isEqualTo("dmFsdWU=");
    }

    @Test
    void makesAServiceForEachSideAndLeavesTheApexAlone() {
        // When
        cluster.initialize(1);
        // Then
        var candidate = cluster.get(Kind.SERVICE, "podinfo-canary");
        assertThat(candidate.at("/spec/selector/app").asText()).isEqualTo("podinfo");
        assertThat(candidate.at("/spec/ports").toString())
                .isEqualTo(
                        "[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":9898,\"targetPort\":9898}]");
        assertThat(candidate.labels()).containsEntry("app", "podinfo-canary");
        assertThat(cluster.get(Kind.SERVICE, "podinfo-primary").at("/spec/selector/app").asText())
                .isEqualTo("podinfo-primary");
        assertThat(cluster.has(Kind.SERVICE, "podinfo")).isFalse();
    }

    @Test
    void holdsTheCanaryBeforeAnythingElseIsMade() {
        // When
        cluster.initialize(1);
        // Then
        assertThat(cluster.canary().at("/metadata/finalizers").toString())
                .isEqualTo("[\"finalizer.flagger.app\"]");
    }

    @ParameterizedTest
    @CsvSource({"55, true", "56, false"})
    void aLabelThatThePrimarysPodsCouldNotHaveIsRefusedBeforeAnythingIsMade(
            int length, boolean fits) {
        // Given
        String value = "x".repeat(length);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it -> {
                    ((ObjectNode) it.spec().at("/selector/matchLabels")).put("app", value);
                    ((ObjectNode) it.spec().at("/template/metadata/labels")).put("app", value);
                });
        int before = cluster.writes();
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome())
                .isEqualTo(fits ? RouterOutcome.DONE : RouterOutcome.INVALID);
        if (!fits) {
            assertThat(result.getBecause())
                    .contains("app=" + value, "app=" + value + "-primary", "63 characters");
            assertThat(cluster.writes()).isEqualTo(before);
        }
    }

    @Test
    void doingItTwiceChangesNothing() {
        // Given
        cluster.initialize(1);
        int before = cluster.writes();
        // When
        var again = cluster.initialize(1);
        // Then
        assertThat(again.getWrites()).isZero();
        assertThat(cluster.writes()).isEqualTo(before);
    }

    @Test
    void takesAPrimaryThatFlaggerMadeAsItIsAndFindsItsRevision() {
        // Given: what Flagger leaves, then a release that it has not seen.
        String promoted = cluster.initialize(1).getRevision();
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-primary",
                it -> it.withoutAnnotations(key -> key.startsWith("serinus.dev/")));
        cluster.release("podinfo:2");
        var before = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        // When
        var result = cluster.initialize(2);
        // Then
        assertThat(result.getRevision()).isEqualTo(promoted);
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary")).isEqualTo(before);
    }

    @Test
    void aLostPrimaryComesBackAsItWasPromotedAndNotAsTheTargetIs() {
        // Given
        String promoted = cluster.initialize(1).getRevision();
        cluster.release("podinfo:broken");
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 1));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        // When
        var result = cluster.initialize(2);
        // Then
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(primary.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:1");
        assertThat(primary.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(result.getRevision()).isEqualTo(promoted);
    }

    @Test
    void aTargetWithoutASelectorLabelIsRefusedInFlaggersWords() {
        // Given
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().at("/selector/matchLabels"))
                                .removeAll()
                                .put("x", "y"));
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .isEqualTo(
                        "getSelectorLabel failed: deployment podinfo.test spec.selector.matchLabels"
                                + " must contain one of [app name app.kubernetes.io/name]");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aMissingTargetIsWaitedFor() {
        // Given
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause())
                .isEqualTo(
                        "deployment podinfo.test get query error: deployments.apps \"podinfo\" not"
                                + " found");
    }

    @Test
    void aGenerationThatWasNotSeenYetIsWaitedFor() {
        // When
        var result = cluster.send(cluster.command(RouterAction.INITIALIZE, 1).setGeneration(99));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("generation 99 has not been seen yet");
    }

    @Test
    void aTargetThatAnotherCanaryReleasesIsRefusedAndNothingIsTouched() {
        // Given
        cluster.initialize(1);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-primary",
                it ->
                        ((ObjectNode) it.metadata().path("ownerReferences").path(0))
                                .put("name", "first"));
        cluster.edit(Kind.CANARY, "podinfo", it -> it.metadata().putArray("finalizers"));
        int writes = cluster.writes();
        for (RouterAction action : RouterAction.values()) {
            if (action == RouterAction.RESTORE) {
                continue;
            }
            // When
            var result =
                    cluster.send(
                            cluster.command(action, 2)
                                    .setTargetRunning(action != RouterAction.SCALE));
            // Then
            assertThat(result.getOutcome()).as("%s", action).isEqualTo(RouterOutcome.INVALID);
            assertThat(result.getBecause())
                    .isEqualTo(
                            "deployment podinfo.test is released by Canary first already: a target"
                                + " has one Canary; change spec.targetRef or delete one of both");
        }
        assertThat(cluster.writes()).isEqualTo(writes);
        assertThat(cluster.canary().at("/metadata/finalizers"))
                .as("it may go at any time")
                .isEmpty();
    }

    @Test
    void aDaemonSetThatNeverRollsByItselfIsRefusedInFlaggersWords() {
        // Given
        cluster.create(
                """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  updateStrategy: {type: OnDelete}
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {containers: [{name: agent, image: "agent:1"}]}
                """);
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .putObject("targetRef")
                                .put("apiVersion", "apps/v1")
                                .put("kind", "DaemonSet")
                                .put("name", "agent"));
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .isEqualTo(
                        "createPrimaryDaemonSet failed: daemonset agent.test must have"
                                + " RollingUpdate strategy but have OnDelete");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aServiceOfAnotherCanaryIsNotTaken() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: podinfo-primary
                  ownerReferences: [{apiVersion: flagger.app/v1beta1, kind: Canary, name: other, uid: u, controller: true}]
                spec: {selector: {app: other-primary}, ports: [{name: http, port: 80}]}
                """);
        // When
        var result = cluster.initialize(1);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause()).contains("belongs to Canary other");
    }

    /** A primary that we did not make, and a Canary to which Flagger wrote so long ago. */
    private void leftByFlagger(Duration ago) {
        cluster.initialize(1);
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo-primary",
                it -> it.withoutAnnotations(key -> key.startsWith("serinus.dev/")));
        var canary =
                cluster.client()
                        .genericKubernetesResources(Kind.CANARY.context())
                        .inNamespace(PretendCluster.NAMESPACE)
                        .withName("podinfo");
        var _ =
                canary.edit(
                        it -> {
                            var wrote = new ManagedFieldsEntry();
                            wrote.setManager("flagger");
                            wrote.setTime(Instant.now().minus(ago).truncatedTo(SECONDS).toString());
                            it.getMetadata().setManagedFields(List.of(wrote));
                            return it;
                        });
    }

    @Test
    void waitsUntilFlaggerHasKeptStillForTwoIntervals() {
        // Given
        leftByFlagger(Duration.ofSeconds(1));
        int before = cluster.writes();
        // When
        var result = cluster.initialize(2);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("podinfo.test", "stop Flagger");
        assertThat(cluster.writes()).isEqualTo(before);
    }

    @Test
    void takesOverWhatFlaggerHasLeft() {
        // Given
        leftByFlagger(Duration.ofHours(1));
        // When
        var result = cluster.initialize(2);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
    }
}
