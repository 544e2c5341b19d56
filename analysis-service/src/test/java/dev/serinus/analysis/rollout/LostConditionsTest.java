package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/** The conditions of an A/B test are taken out of the manifest while a run goes on. */
class LostConditionsTest {

    private static final Duration LONG = Duration.ofMinutes(30);
    private static final Strategy AB_TEST = Specs.strategy(4, 0, List.of(), 100, 0, 0, false, true);
    private static final Strategy BLUE_GREEN =
            Specs.strategy(4, 0, List.of(), 100, 0, 0, false, false);
    private static final Spec.Hook MORE = Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE);

    private static Spec abTest(Spec.Hook... hooks) {
        return Specs.with(AB_TEST, 2, false, false, hooks);
    }

    /** Weights that were asked for in a run, with who may meet the canary. */
    private static List<String> shifts(SimulatedCluster cluster) {
        return cluster.routes.stream()
                .filter(route -> route.action() == RouteAction.SHIFT)
                .map(
                        route ->
                                route.split().canaryWeight()
                                        + (route.split().matched() ? " who match" : ""))
                .toList();
    }

    private static SimulatedCluster analysing(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        cluster.run(Duration.ofSeconds(25));
        return cluster;
    }

    @Test
    void beforeTheFirstIterationNobodyMeetsTheCanaryBeforeTheSwitch() {
        // Given
        var cluster = SimulatedCluster.initialized(abTest(MORE));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(60));
        assertThat(shifts(cluster)).isEmpty();
        // When
        cluster.edit(Specs.planned(cluster.spec, BLUE_GREEN));
        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("0", "100", "0");
        assertThat(cluster.told)
                .anyMatch(line -> line.contains("canary iteration 4/4"))
                .anyMatch(line -> line.contains("the analysis starts over"));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void inTheMiddleEverybodyGoesToThePrimaryAndTheNewPlanBegins() {
        // Given
        var cluster = analysing(abTest());
        assertThat(shifts(cluster)).containsExactly("100 who match");
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("100 who match", "0", "20", "40", "60", "0");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void beforeTheGateOfItsStartTheRunIsOnlyPlannedAnew() {
        // Given
        var cluster =
                SimulatedCluster.initialized(abTest(Specs.hook("start", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(60));
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("20", "40", "60", "0");
        assertThat(cluster.happened("Restarted")).isEmpty();
    }

    @Test
    void whatPeopleHoldIsTakenBackAndStartsOverWhenTheySaySo() {
        // Given
        var cluster = analysing(abTest());
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(5));
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("100 who match", "0");
        // When
        cluster.ask(Action.RESUME);
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).endsWith("20", "40", "60", "0");
    }

    /** The edit, and the primary's pods that go: both orders, and the router answers late. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatPeopleHoldIsRescuedWhereThePrimaryGoesMeanwhile(boolean editedFirst) {
        // Given
        var cluster = analysing(abTest());
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(5));
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        // When
        if (editedFirst) {
            cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
            cluster.run(Duration.ofSeconds(2));
        }
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        if (!editedFirst) {
            cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
            cluster.run(Duration.ofSeconds(2));
        }
        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(shifts(cluster)).endsWith("100");
        // When
        cluster.primaryServes(true);
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(cluster.weight()).isZero();
        // When
        cluster.ask(Action.RESUME);
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).endsWith("20", "40", "60", "0");
    }

    @Test
    void whatPeopleDecideAboutIsRescuedWhereThePrimaryGoesMeanwhile() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.holding(abTest(), LONG));
        cluster.metrics = (_, _) -> 10.0;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(2));
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(Duration.ofSeconds(2));
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(shifts(cluster)).endsWith("100");
    }

    @Test
    void aRunThatGoesOnIsRescuedWhereThePrimaryGoesMeanwhile() {
        // Given
        var cluster = analysing(abTest());
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        // When
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(Duration.ofSeconds(2));
        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(1));
        // Then
        assertThat(shifts(cluster)).endsWith("100");
    }

    @Test
    void aSuspendedOneStaysAsItIsUntilItGoesOn() {
        // Given
        var cluster = analysing(abTest());
        var without = Specs.planned(cluster.spec, Specs.LINEAR);
        // When
        cluster.edit(Specs.edited(without, true, 2));
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("100 who match");
        // When
        cluster.edit(without);
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).containsExactly("100 who match", "0", "20", "40", "60", "0");
    }

    @Test
    void aFailureThatPeopleAreToDecideAboutIsTakenBackAndStaysTheirs() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.holding(abTest(), LONG));
        cluster.metrics = (_, _) -> 10.0;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(2));
        assertThat(HeldFailure.waits(cluster.rollout)).isTrue();
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(shifts(cluster)).containsExactly("100 who match", "0");
        assertThat(HeldFailure.waits(cluster.rollout)).isTrue();
        // When
        cluster.metrics = (_, _) -> 100.0;
        cluster.ask(Action.RESUME);
        cluster.run(LONG);
        // Then
        assertThat(shifts(cluster)).endsWith("20", "40", "60", "0");
    }

    /** Its primary serves with some of its pods, so that who matches stayed with the canary. */
    @Test
    void atRestWhoMatchedGoesToThePrimary() {
        // Given
        var cluster = SimulatedCluster.initialized(abTest());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().split().matched()).isTrue();
        cluster.routes.clear();
        // When
        cluster.edit(Specs.planned(cluster.spec, Specs.LINEAR));
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(cluster.routes)
                .filteredOn(route -> route.action() == RouteAction.TAKE_OVER)
                .isNotEmpty()
                .allMatch(route -> !route.split().canaryWeight().isAny());
        assertThat(cluster.rollout.traffic().split().canaryWeight().isAny()).isFalse();
    }
}
