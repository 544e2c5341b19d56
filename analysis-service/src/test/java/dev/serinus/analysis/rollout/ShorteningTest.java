package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** {@code planChanges: now}: an edit in mid-run may shorten the plan. */
class ShorteningTest {

    private static final RunRules NOW =
            new RunRules(false, RunRules.NONE.holdTimeout(), null, true);
    private static final Strategy SMALL = Specs.strategy(0, 10, List.of(), 80, 80, 0, false, false);
    private static final Duration RUN = Duration.ofMinutes(5);

    private static Spec now(Spec spec) {
        return Specs.ruled(spec, NOW);
    }

    private static Spec by(Strategy strategy) {
        return now(Specs.planned(Specs.linear(), strategy));
    }

    /** A run by steps of 10 stands at this weight. */
    private static SimulatedCluster at(int weight, Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        for (int seconds = 0; seconds < 300 && cluster.weight() < weight; seconds++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.weight()).isEqualTo(weight);
        cluster.told.clear();
        return cluster;
    }

    private static List<String> steps(SimulatedCluster cluster) {
        return cluster.told.stream()
                .filter(it -> it.contains("Advance "))
                .map(it -> it.substring(it.lastIndexOf(' ') + 1))
                .toList();
    }

    @Test
    void theRestOfAShorterPlanIsWalked() {
        var cluster = at(20, by(SMALL));

        cluster.edit(by(Specs.strategy(0, 0, List.of(15, 50), 50, 0, 0, false, false)));
        cluster.run(RUN);

        assertThat(steps(cluster)).containsExactly("50");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.last("PlanShortened").message())
                .isEqualTo("The plan of podinfo.test was edited: 1 steps are left, instead of 6");
    }

    @Test
    void whereAllOfItIsPassedItIsPromotedAfterTheNextCheck() {
        var cluster = at(40, by(SMALL));

        cluster.edit(by(Specs.strategy(0, 10, List.of(), 30, 30, 0, false, false)));
        cluster.run(RUN);

        assertThat(steps(cluster)).isEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aLongerPlanAndOneOfAnotherKindWaitForTheNextRun() {
        var longer = at(40, by(SMALL));
        longer.edit(by(Specs.strategy(0, 2, List.of(), 80, 80, 0, false, false)));
        longer.run(RUN);
        var other = at(40, by(SMALL));
        other.edit(by(Specs.strategy(2, 0, List.of(), 100, 0, 0, false, false)));
        other.run(RUN);

        assertThat(steps(longer)).containsExactly("50", "60", "70", "80");
        assertThat(steps(other)).containsExactly("50", "60", "70", "80");
    }

    @Test
    void withoutTheFieldThePlanOfARunStays() {
        var cluster = at(20, Specs.planned(Specs.linear(), SMALL));

        cluster.edit(Specs.planned(Specs.linear(), Specs.SHORTER));
        cluster.run(RUN);

        assertThat(steps(cluster)).containsExactly("30", "40", "50", "60", "70", "80");
    }

    @Test
    void theLargerStepHasItsGateBeforeIt() {
        var gate = Specs.linear(Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE));
        var cluster = at(20, now(Specs.planned(gate, SMALL)));
        cluster.hooks = (_, _) -> false;

        cluster.edit(
                now(
                        Specs.planned(
                                gate, Specs.strategy(0, 0, List.of(80), 80, 0, 0, false, false))));
        cluster.run(RUN);
        int closed = cluster.weight();
        cluster.hooks = (_, _) -> true;
        cluster.run(RUN);

        assertThat(closed).isEqualTo(20);
        assertThat(steps(cluster)).containsExactly("80");
    }

    @Test
    void iterationsThatWereCountedAreNotRunAgain() {
        var ten = Specs.strategy(10, 0, List.of(), 100, 0, 0, false, false);
        var cluster = SimulatedCluster.initialized(by(ten));
        cluster.image("b");
        for (int seconds = 0;
                seconds < 300 && cluster.rollout.traffic().iterations() < 3;
                seconds++) {
            cluster.run(Duration.ofSeconds(1));
        }
        cluster.told.clear();

        cluster.edit(by(Specs.strategy(4, 0, List.of(), 100, 0, 0, false, false)));
        cluster.run(RUN);

        assertThat(cluster.told)
                .filteredOn(it -> it.contains("Advance "))
                .containsExactly("N Advance podinfo.test canary iteration 4/4");
        assertThat(cluster.told).contains("N Routing all traffic to canary");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }
}
