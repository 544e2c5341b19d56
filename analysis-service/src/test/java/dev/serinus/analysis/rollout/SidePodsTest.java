package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.Pods;
import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A side that gets more traffic has its pods first, as long as that may be waited for. */
class SidePodsTest {

    private static final Spec PROPORTIONAL =
            Specs.ruled(
                    Specs.linear(),
                    new RunRules(
                            false,
                            RunRules.NONE.holdTimeout(),
                            null,
                            false,
                            null,
                            true,
                            null,
                            null));

    /** Much of the traffic is at the canary, and the primary has one pod left. */
    private static SimulatedCluster shrunk(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        while (cluster.weight() < 30) {
            cluster.run(Duration.ofSeconds(1));
        }
        cluster.primaryShrinks(1);
        cluster.routes.clear();
        cluster.turned.clear();
        return cluster;
    }

    private static List<@Nullable Pods> pods(SimulatedCluster cluster, RouteAction action) {
        return cluster.routes.stream()
                .filter(route -> route.action() == action)
                .map(Route::pods)
                .distinct()
                .toList();
    }

    @Test
    void aCanaryBeginsWithItsFirstShareAndHasThePodsOfEachBeforeItRises() {
        var cluster = SimulatedCluster.initialized(PROPORTIONAL);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        var first = cluster.turned.getFirst();
        var share = first.route().split().canaryWeight();
        assertThat(pods(cluster, RouteAction.SCALE)).startsWith(new Pods(share, false));
        assertThat(first.route().pods()).isEqualTo(new Pods(share, true));
        assertThat(cluster.turned)
                .filteredOn(turned -> turned.route().split().canaryWeight().isAny())
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        turned ->
                                assertThat(turned.targetPods() * 10_000)
                                        .isEqualTo(
                                                SimulatedCluster.ENOUGH
                                                        * turned.route()
                                                                .split()
                                                                .canaryWeight()
                                                                .basisPoints()));
    }

    @Test
    void anEditThatTakesItAwayGivesNoTrafficToTheFewPodsThereAre() {
        // Given
        var cluster = SimulatedCluster.initialized(PROPORTIONAL);
        cluster.image("b");
        while (cluster.weight() < 20) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.targetPods).isEqualTo(2);
        cluster.turned.clear();
        // When
        cluster.edit(Specs.linear());
        cluster.run(Duration.ofMinutes(10));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.turned)
                .filteredOn(turned -> turned.route().split().canaryWeight().isAny())
                .isNotEmpty()
                .allMatch(turned -> turned.targetPods() == SimulatedCluster.ENOUGH);
    }

    /** Nothing makes its canary smaller before the next revision begins at weight 0. */
    @Test
    void aRestartDoesNotLetThePrimaryGrow() {
        var cluster = SimulatedCluster.initialized(PROPORTIONAL);
        cluster.image("b");
        while (cluster.weight() < 40) {
            cluster.run(Duration.ofSeconds(1));
        }
        cluster.image("c");
        cluster.run(Duration.ofSeconds(20));
        while (cluster.weight() < 10) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.targetPods).isEqualTo(4);

        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofMinutes(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryPods).isEqualTo(SimulatedCluster.ENOUGH);
    }

    @Test
    void withoutItTheCanaryHasThePrimarysSize() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.routes)
                .extracting(Route::pods)
                .allMatch(pods -> pods == null || pods.share() == null);
    }

    @Test
    void withoutAnalysisItHasThePrimarysSizeAsWell() {
        var cluster = SimulatedCluster.initialized(PROPORTIONAL);
        cluster.annotate(true, false);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(pods(cluster, RouteAction.SCALE)).containsOnlyNulls();
    }

    @Test
    void whatIsTakenBackWaitsForThePrimarysPods() {
        var cluster = shrunk(Specs.linear());

        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofMinutes(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.turned)
                .singleElement()
                .satisfies(
                        turned -> {
                            assertThat(turned.primaryPods()).isEqualTo(SimulatedCluster.ENOUGH);
                            assertThat(turned.at()).isBefore(turned.since().plusSeconds(10));
                        });
        assertThat(cluster.told).noneMatch(line -> line.contains("on their way"));
    }

    @Test
    void itWaitsForThemNoLongerThanHalfAMinute() {
        var cluster = shrunk(Specs.linear());
        cluster.isFull = true;

        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofSeconds(20));

        assertThat(cluster.weight()).isEqualTo(40);
        assertThat(cluster.rollout.waitingFor()).contains("pods of the primary are on their way");
        cluster.run(Duration.ofSeconds(15));
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aCanaryThatDoesNotServeLosesItsTrafficAtOnce() {
        var cluster = shrunk(Specs.linear());
        cluster.isFull = true;

        cluster.targetServes(false);
        cluster.run(Duration.ofSeconds(2));

        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aPromotionWaitsForThemUntilItsDeadline() {
        var cluster = shrunk(Specs.linear());
        cluster.isFull = true;
        cluster.ask(Action.PROMOTE);
        cluster.run(Specs.linear().progressDeadline().minusSeconds(30));
        assertThat(cluster.weight()).isEqualTo(40);

        cluster.run(Duration.ofMinutes(3));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.weight()).isZero();
    }
}
