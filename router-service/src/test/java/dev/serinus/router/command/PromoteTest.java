package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

class PromoteTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @BeforeEach
    void running() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private String flaggerId() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/metadata/annotations/flagger-id")
                .asText();
    }

    private void recolor(String color) {
        cluster.edit(
                Kind.CONFIG_MAP,
                "podinfo-config",
                it -> it.put("data", JsonNodeFactory.instance.objectNode().put("color", color)));
    }

    private String primaryColor() {
        return cluster.get(Kind.CONFIG_MAP, "podinfo-config-primary").at("/data/color").asText();
    }

    @Test
    void copiesTheTemplateAndTheConfigs() {
        // Given
        recolor("green");
        String before = flaggerId();
        // When
        var result = cluster.promote(4);
        // Then
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(result.getRevision()).isEqualTo(primary.annotation(Primaries.REVISION));
        assertThat(primary.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:2");
        assertThat(primary.annotations()).doesNotContainKey("example.com/owner");
        assertThat(primaryColor()).isEqualTo("green");
        assertThat(flaggerId()).isNotEqualTo(before);
    }

    @Test
    void thePrimaryRollsOnceForOneStepHoweverOftenItIsAsked() {
        // Given
        cluster.promote(4);
        String id = flaggerId();
        int writes = cluster.writes();
        recolor("red");
        // When
        var again = cluster.promote(4);
        // Then
        assertThat(again.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(again.getWrites()).isZero();
        assertThat(flaggerId()).isEqualTo(id);
        assertThat(primaryColor()).as("a config that nobody has analysed").isEqualTo("blue");
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void aConfigThatChangedRollsThePrimaryThoughTheTemplateIsTheSame() {
        // Given
        cluster.promote(4);
        String before = flaggerId();
        recolor("green");
        // When
        cluster.promote(5);
        // Then
        assertThat(flaggerId()).isNotEqualTo(before);
    }

    @Test
    void aTargetThatHasMovedOnIsNotPromoted() {
        // Given
        var command =
                cluster.command(RouterAction.PROMOTE, 4)
                        .setRevision(
                                Revision.of(
                                        cluster.get(Kind.DEPLOYMENT, "podinfo")
                                                .at("/spec/template")));
        cluster.release("podinfo:3");
        // When
        var result = cluster.send(command);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                .at("/spec/template/spec/containers/0/image")
                                .asText())
                .isEqualTo("podinfo:1");
    }

    @Test
    void whatDoesNotRunIsNotPromoted() {
        // Given
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 0));
        // When
        var result = cluster.promote(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause()).contains("what does not run is not promoted");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo-primary").at("/spec/replicas").asInt())
                .isEqualTo(2);
    }

    @Test
    void onlyTheLastPromotedTemplateIsKept() {
        // When
        cluster.promote(4);
        // Then
        var kept =
                cluster.objects()
                        .list(Kind.CONTROLLER_REVISION, PretendCluster.NAMESPACE, Map.of());
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().at("/data/spec/template/spec/containers/0/image").asText())
                .isEqualTo("podinfo:2");
    }

    @Test
    void aPrimaryLostAfterAPromotionThatDidNotEndRunsWhatItRanBefore() {
        // Given
        cluster.interfere(
                "podinfo-primary",
                () -> {
                    cluster.edit(
                            Kind.DEPLOYMENT,
                            "podinfo-primary",
                            it -> it.spec().put("minReadySeconds", 1));
                    cluster.release("podinfo:3");
                });
        assertThat(cluster.promote(4).getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        // When
        losePrimary();
        // Then
        assertThat(primaryImage()).isEqualTo("podinfo:1");
    }

    @Test
    void aPrimaryLostAfterItsPromotionRunsWhatWasPromoted() {
        // Given
        cluster.promote(4);
        // When
        losePrimary();
        // Then
        assertThat(primaryImage()).isEqualTo("podinfo:2");
    }

    private void losePrimary() {
        var primary = cluster.ref(Kind.DEPLOYMENT, "podinfo-primary");
        cluster.objects().delete(primary);
        await().until(() -> cluster.context().cluster().find(primary) == null);
        cluster.initialize(5);
    }

    private String primaryImage() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/spec/containers/0/image")
                .asText();
    }
}
