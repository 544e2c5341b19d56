package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a primary reads stays what was promoted, whoever lays hands on the copies. */
class CopyRepairTest {

    private static final String COPY = "podinfo-config-primary";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml").withDrift();

    @BeforeEach
    void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void color(Edit config, String color) {
        config.put("data", JsonNodeFactory.instance.objectNode().put("color", color));
    }

    private String color(String config) {
        return cluster.has(Kind.CONFIG_MAP, config)
                ? cluster.get(Kind.CONFIG_MAP, config).at("/data/color").asText()
                : "";
    }

    private List<String> notes() {
        return cluster.objects().list(Kind.EVENT, PretendCluster.NAMESPACE, Map.of()).stream()
                .filter(it -> it.at("/reason").asText().equals("NotRepaired"))
                .map(it -> it.at("/message").asText())
                .toList();
    }

    private void delete(Kind kind, String name) {
        cluster.objects().delete(cluster.ref(kind, name));
    }

    @Test
    void aCopyThatIsDeletedComesBackAsItWas() {
        // Given
        var before = cluster.get(Kind.CONFIG_MAP, COPY);
        // When
        delete(Kind.CONFIG_MAP, COPY);
        // Then
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("blue"));
        var after = cluster.get(Kind.CONFIG_MAP, COPY);
        assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
        assertThat(after.mark()).isPresent();
    }

    @Test
    void soDoesOneOfASecret() {
        // When
        delete(Kind.SECRET, "podinfo-secret-primary");
        // Then
        await().until(() -> cluster.has(Kind.SECRET, "podinfo-secret-primary"));
        assertThat(cluster.get(Kind.SECRET, "podinfo-secret-primary").at("/data/key").asText())
                .isEqualTo("dmFsdWU=");
    }

    @Test
    void aCopyThatIsEditedIsPutBack() {
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> color(it, "green"));
        // Then
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("blue"));
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatNobodyKnowsAnyMoreIsTold() {
        // Given
        cluster.edit(Kind.CONFIG_MAP, "podinfo-config", it -> color(it, "red"));
        // When
        delete(Kind.CONFIG_MAP, COPY);
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(notes())
                                        .containsExactly(
                                                "Not as it has to be for now: configmap"
                                                    + " podinfo-config-primary.test, which the pods"
                                                    + " of podinfo-primary.test read, was deleted"
                                                    + " by somebody else, and what was promoted"
                                                    + " with it is no more in configmap"
                                                    + " podinfo-config: put it back by hand, or"
                                                    + " release what podinfo-config says now"));
        assertThat(cluster.has(Kind.CONFIG_MAP, COPY)).isFalse();
    }

    @Test
    void aPromotionIsNoEditAndItsContentIsWhatIsPutBackAfterwards() {
        // Given
        releaseInRed();
        assertThat(cluster.promote(4).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.settle();
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> color(it, "green"));
        // Then
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("red"));
        assertThat(notes()).isEmpty();
    }

    private void releaseInRed() {
        cluster.edit(Kind.CONFIG_MAP, "podinfo-config", it -> color(it, "red"));
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
    }

    private void assertThatRedIsPutBackAndNothingTold() {
        cluster.settle();
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> color(it, "green"));
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("red"));
        assertThat(notes()).isEmpty();
    }

    @Test
    void norIsOneThatFailedHalfWay() {
        // Given
        releaseInRed();
        cluster.interfere(
                cluster.ref(Kind.DEPLOYMENT, "podinfo-primary")::equals,
                () -> {
                    throw Refusal.retry("the quota is used up");
                });
        // When
        assertThat(cluster.promote(4).getOutcome()).isEqualTo(RouterOutcome.DONE);
        // Then
        assertThatRedIsPutBackAndNothingTold();
    }

    @Test
    void aCopyIsPutBackToWhatIsPromotedWhateverItSaysOfItself() {
        // Given
        var first = cluster.get(Kind.CONFIG_MAP, COPY);
        releaseInRed();
        cluster.promote(4);
        cluster.settle();
        // When
        cluster.edit(
                Kind.CONFIG_MAP,
                COPY,
                it -> it.put("data", first.at("/data")).annotate(first.annotations()));
        // Then
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("red"));
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatARouterWroteThatNotesNothingStays() {
        // Given
        var mark = new Mark(cluster.canary().at("/metadata/uid").asText(), 1, 7);
        cluster.edit(
                Kind.CONFIG_MAP,
                COPY,
                it -> {
                    color(it, "yellow");
                    it.annotate(Mark.ANNOTATION, mark.toString());
                });
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> it.label(Map.of("mine", "yes")));
        delete(Kind.SECRET, "podinfo-secret-primary");
        // Then
        await().until(() -> cluster.has(Kind.SECRET, "podinfo-secret-primary"));
        cluster.settle();
        assertThat(color(COPY)).isEqualTo("yellow");
        assertThat(notes()).isEmpty();
    }

    private void suspended(boolean suspended) {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.spec("suspend", JsonNodeFactory.instance.booleanNode(suspended)));
        await().until(
                        () ->
                                cluster.canaries()
                                        .get(PretendCluster.NAMESPACE, "podinfo")
                                        .filter(
                                                it ->
                                                        Boolean.valueOf(suspended)
                                                                .equals(
                                                                        it.latest()
                                                                                .getSpec()
                                                                                .suspend()))
                                        .isPresent());
    }

    @Test
    void whatIsChangedWhileTheCanaryIsSuspendedIsPutBackAfterwards() {
        // Given
        suspended(true);
        int writes = cluster.writes();
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> color(it, "green"));
        delete(Kind.SECRET, "podinfo-secret-primary");
        delete(Kind.CONFIG_MAP, COPY);
        cluster.settle();
        assertThat(cluster.writes()).isEqualTo(writes);
        suspended(false);
        // Then
        await().until(() -> cluster.has(Kind.SECRET, "podinfo-secret-primary"));
        await().untilAsserted(() -> assertThat(color(COPY)).isEqualTo("blue"));
        assertThat(notes()).isEmpty();
    }

    @Test
    void aLabelThatSomebodyPutsOnACopyStays() {
        // Given
        int writes = cluster.writes();
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> it.label(Map.of("mine", "yes")));
        delete(Kind.SECRET, "podinfo-secret-primary");
        // Then
        await().until(() -> cluster.has(Kind.SECRET, "podinfo-secret-primary"));
        cluster.settle();
        assertThat(cluster.get(Kind.CONFIG_MAP, COPY).labels()).containsEntry("mine", "yes");
        assertThat(cluster.writes()).isEqualTo(writes + 1);
    }

    @Test
    void aCopyThatThePrimaryReadsNoMoreGoesForGood() {
        // Given
        cluster.edit(
                Kind.CONFIG_MAP,
                "podinfo-config",
                it -> it.annotate("flagger.app/config-tracking", "disabled"));
        await().until(
                        () ->
                                !cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                        .at("/spec/template")
                                        .toString()
                                        .contains(COPY));
        cluster.settle();
        // When
        delete(Kind.CONFIG_MAP, COPY);
        delete(Kind.SECRET, "podinfo-secret-primary");
        // Then
        await().until(() -> cluster.has(Kind.SECRET, "podinfo-secret-primary"));
        cluster.settle();
        assertThat(cluster.has(Kind.CONFIG_MAP, COPY)).isFalse();
        assertThat(notes()).isEmpty();
    }

    @Test
    void whatAnEarlierReleaseCopiedIsToldWhereItIsDeleted() {
        // Given
        cluster.edit(
                Kind.CONFIG_MAP,
                COPY,
                it -> it.withoutAnnotations(key -> key.equals("serinus.dev/content")));
        cluster.settle();
        int writes = cluster.writes();
        // When
        cluster.edit(Kind.CONFIG_MAP, COPY, it -> it.label(Map.of("mine", "yes")));
        delete(Kind.CONFIG_MAP, COPY);
        // Then
        await().untilAsserted(
                        () ->
                                assertThat(notes())
                                        .singleElement()
                                        .asString()
                                        .contains("may be no more in configmap podinfo-config"));
        assertThat(cluster.written().stream().skip(writes))
                .noneMatch(
                        it ->
                                it.ref().equals(cluster.ref(Kind.CONFIG_MAP, COPY))
                                        && Objects.nonNull(it.object()));
    }
}
