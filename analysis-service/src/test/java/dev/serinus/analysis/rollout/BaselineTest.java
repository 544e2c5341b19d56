package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

/** A run with a third workload that the canary is compared with. */
class BaselineTest {

    private static final Duration LONG = Duration.ofMinutes(20);

    private final SimulatedCluster cluster =
            new SimulatedCluster(Specs.withBaseline(Specs.linear(), true));

    /** At rest, and then with another image. */
    private SimulatedCluster released() {
        cluster.create();
        cluster.run(Duration.ofMinutes(1));
        cluster.image("b");
        return cluster;
    }

    private void runUntilWeight(int percent) {
        for (int i = 0; i < 600 && cluster.weight() != percent; i++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.weight()).isEqualTo(percent);
    }

    private List<Split> shifts() {
        return cluster.routes.stream()
                .filter(route -> route.action() == RouteAction.SHIFT)
                .map(Route::split)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "20, 20",
        "33, 33",
        "34, 33",
        "50, 25",
        "99, 0",
        "100, 0",
        "33.33, 33.33",
        "40.5, 29.75",
        "99.99, 0"
    })
    void itHasTheCanarysShareAsLongAsThePrimaryKeepsNoLess(double canary, double baseline) {
        var stop = new Stop(Split.of(Weight.nearest(canary)), 0, 0, Stop.Kind.WEIGHT);

        var split = Plan.besideBaseline(List.of(stop)).getFirst().split();

        assertThat(split.baseline() == null ? Weight.NONE : split.baseline())
                .isEqualTo(Weight.nearest(baseline));
        assertThat(split.primaryWeight()).isGreaterThanOrEqualTo(Weight.nearest(baseline));
    }

    @Test
    void itBeginsWithTheCanaryAndGoesBeforeThePromotion() {
        released().run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(shifts())
                .startsWith(
                        Split.of(20).beside(Weight.percent(20)),
                        Split.of(40).beside(Weight.percent(30)),
                        Split.of(60).beside(Weight.percent(20)));
        var actions =
                cluster.routes.stream()
                        .map(it -> it.action() + (it.baselineRunning() ? " with it" : ""))
                        .distinct()
                        .toList();
        assertThat(actions)
                .containsExactly(
                        "INITIALIZE",
                        "TAKE_OVER",
                        "SCALE with it",
                        "SHIFT with it",
                        "SCALE",
                        "PROMOTE");
        assertThat(cluster.baselineExists).isFalse();
        assertThat(cluster.baselineWeight).isEqualTo(Weight.NONE);
    }

    @Test
    void noTrafficMovesBeforeItIsReadyAndARunThatWaitsForItEndsWithItsName() {
        cluster.neverReady.add("baseline");
        released().run(Duration.ofSeconds(30));

        assertThat(shifts()).isEmpty();
        assertThat(cluster.rollout.waitingFor()).isEqualTo("the baseline is to become ready");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(it -> it.contains("baseline deployment podinfo-baseline.test not ready"));
        assertThat(cluster.baselineExists).isFalse();
    }

    @Test
    void whereItFailsTrafficGoesToThePrimaryUntilItServesAgain() {
        released();
        runUntilWeight(20);
        cluster.baselineServes(false);
        runUntilWeight(0);

        assertThat(cluster.baselineWeight).isEqualTo(Weight.NONE);
        cluster.baselineServes(true);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.history).anyMatch(it -> it.message().startsWith("The baseline does"));
    }

    @Test
    void whoDeletesItInTheMiddleGetsItBack() {
        released();
        runUntilWeight(20);
        cluster.baselineDeleted();
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.baselineExists).isFalse();
    }

    @Test
    void itGoesWithARunThatIsRolledBack() {
        cluster.metrics = (_, revision) -> revision.equals("b") ? 50.0 : 100.0;
        released().run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.baselineExists).isFalse();
        assertThat(cluster.baselineWeight).isEqualTo(Weight.NONE);
    }

    @Test
    void aNewerRevisionBeginsAnewWithIt() {
        released();
        runUntilWeight(40);
        cluster.image("c");
        cluster.run(Duration.ofSeconds(5));

        assertThat(shifts()).contains(Split.PRIMARY);
        assertThat(cluster.routes.getLast().split()).isEqualTo(shifts().getFirst());
        assertThat(cluster.baselineExists).isTrue();
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
        assertThat(cluster.baselineExists).isFalse();
    }

    @Test
    void withoutItInTheManifestTheRunGoesOnAlone() {
        released();
        runUntilWeight(20);
        cluster.edit(Specs.withBaseline(cluster.spec, false));
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.baselineExists).isFalse();
        assertThat(cluster.weight()).isEqualTo(20);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(shifts()).contains(Split.of(60));
    }

    @Test
    void itGoesWithTheCanary() {
        released();
        runUntilWeight(20);
        cluster.delete();
        cluster.run(LONG);

        assertThat(cluster.baselineExists).isFalse();
    }

    @Test
    void oneThatWasStoppedBeforeAPromotionIsStartedAgainWhereTheRunComesBack() {
        cluster.goneIsSeenFirst = true;
        released();
        for (int i = 0; i < 6000 && !isStopping(); i++) {
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(isStopping()).isTrue();
        // Not all of the canary's pods are ready for a moment: it is not promoted yet.
        cluster.targetPartly = true;
        cluster.targetServes(true);
        cluster.run(Duration.ofSeconds(20));
        cluster.targetPartly = false;
        cluster.targetServes(true);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    private boolean isStopping() {
        return cluster.rollout.stage().question() instanceof Question.StopBaseline;
    }

    @Test
    void takenOutOfTheManifestWhileItIsWhatDoesNotServeItKeepsNobodyWaiting() {
        released();
        runUntilWeight(20);
        cluster.baselineServes(false);
        runUntilWeight(0);
        cluster.edit(Specs.withBaseline(cluster.spec, false));
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.baselineExists).isFalse();
        assertThat(cluster.weight()).isEqualTo(20);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void takenOutOfTheManifestSinceItsNameIsTakenItIsAskedForNoMore() {
        cluster.baselinesNameIsTaken = true;
        released().run(Duration.ofSeconds(30));

        assertThat(cluster.rollout.stage().question()).isInstanceOf(Question.ScaleUp.class);
        cluster.edit(Specs.withBaseline(cluster.spec, false));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(shifts()).allMatch(split -> split.baseline() == null);
    }

    @Test
    void takenOutOfTheManifestOfAHeldRunItLosesItsShareAndTheRunStaysHeld() {
        released();
        runUntilWeight(20);
        cluster.edit(Specs.withBaseline(Specs.edited(cluster.spec, true, 1), true));
        cluster.run(Duration.ofMinutes(3));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Release.class);
        assertThat(cluster.baselineWeight).isEqualTo(Weight.percent(20));

        cluster.edit(Specs.withBaseline(cluster.spec, false));
        cluster.run(Duration.ofMinutes(3));

        assertThat(cluster.baselineWeight).isEqualTo(Weight.NONE);
        assertThat(cluster.baselineExists).isFalse();
        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Release.class);
        cluster.edit(Specs.withBaseline(Specs.edited(cluster.spec, false, 1), false));
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }
}
