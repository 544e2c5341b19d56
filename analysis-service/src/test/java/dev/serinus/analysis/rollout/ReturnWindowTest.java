package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** {@code rollbackWindow}: a return to what was promoted before needs no analysis. */
class ReturnWindowTest {

    private static final Duration RUN = Duration.ofMinutes(3);

    private static Spec spec(@Nullable Integer revisions, @Nullable Duration within) {
        return spec(Specs.linear(), revisions, within);
    }

    private static Spec spec(Spec spec, @Nullable Integer revisions, @Nullable Duration within) {
        var window = new ReturnWindow(revisions, within);
        return Specs.ruled(spec, new RunRules(false, RunRules.NONE.holdTimeout(), window, false));
    }

    /** These were promoted one after the other, after revision a. */
    private static SimulatedCluster promoted(Spec spec, String... revisions) {
        var cluster = SimulatedCluster.initialized(spec);
        for (String revision : revisions) {
            cluster.image(revision);
            cluster.run(RUN);
        }
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        cluster.told.clear();
        return cluster;
    }

    private static boolean analysed(SimulatedCluster cluster) {
        return cluster.told.stream().anyMatch(it -> it.contains("Starting canary analysis"));
    }

    private static boolean isAnalysed(SimulatedCluster cluster, String revision) {
        cluster.told.clear();
        cluster.image(revision);
        cluster.run(RUN);
        assertThat(cluster.primaryRevision).isEqualTo(revision);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        return analysed(cluster);
    }

    @Test
    void aReturnWithinSoManyRevisionsIsPromotedWithoutAnalysis() {
        var cluster = promoted(spec(2, null), "b", "c", "d");

        assertThat(isAnalysed(cluster, "b")).isFalse();
        assertThat(cluster.last("Returning").message())
                .startsWith("Revision b of podinfo.test was promoted at 2026-");
        assertThat(cluster.rollout.run().reached()).isZero();
    }

    @Test
    void anOlderOneIsAnalysedAndSoIsANewOne() {
        assertThat(isAnalysed(promoted(spec(2, null), "b", "c", "d", "e"), "b")).isTrue();
        assertThat(isAnalysed(promoted(spec(2, null), "b", "c", "d"), "e")).isTrue();
    }

    @Test
    void theOneThatServedWhenTheFirstWasPromotedCountsByNumber() {
        assertThat(isAnalysed(promoted(spec(1, null), "b"), "a")).isFalse();
        assertThat(isAnalysed(promoted(spec(null, Duration.ofHours(1)), "b"), "a")).isTrue();
    }

    @Test
    void aReturnWithinATimeIsPromotedWithoutAnalysis() {
        var cluster = promoted(spec(null, Duration.ofMinutes(10)), "b", "c");

        assertThat(isAnalysed(cluster, "b")).isFalse();
        cluster.run(Duration.ofMinutes(20));
        assertThat(isAnalysed(cluster, "c")).as("promoted too long ago").isTrue();
    }

    @Test
    void whatFailedIsNoReturn() {
        var cluster = promoted(spec(3, null), "b");
        cluster.metrics = (_, revision) -> revision.equals("bad") ? 50.0 : 100.0;
        cluster.image("bad");
        cluster.run(RUN);
        cluster.image("c");
        cluster.run(RUN);
        cluster.told.clear();

        cluster.image("bad");
        cluster.run(RUN);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void itsGatesAreAskedAndItsPodsHaveToBeReady() {
        var gated = Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION));
        var cluster = promoted(spec(gated, 2, null), "b", "c");
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(RUN);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);

        var stuck = promoted(spec(2, null), "b", "c");
        stuck.neverReady.add("b");
        stuck.image("b");
        stuck.run(RUN);
        assertThat(stuck.primaryRevision).isEqualTo("c");
    }

    @Test
    void withoutAWindowNothingIsRemembered() {
        assertThat(promoted(Specs.linear(), "b", "c").rollout.revisions().remembered()).isNull();
    }
}
