package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.Announce;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.Spec.Strategy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What must always hold, over random histories: lost and repeated answers, pods that come and go,
 * edits at any time.
 */
class RolloutInvariantsTest {

    private static final Strategy[] STRATEGIES = {
        Specs.LINEAR,
        new Strategy(0, 0, List.of(5, 30, 70), 70, 0, 30, false, false),
        new Strategy(2, 0, List.of(), 100, 0, 0, false, true),
        new Strategy(2, 0, List.of(), 100, 0, 0, false, false),
        new Strategy(0, 50, List.of(), 50, 50, 0, true, false),
    };

    private static SimulatedCluster history(long seed) {
        var chance = new Random(seed);
        var hooks =
                chance.nextBoolean()
                        ? new Spec.Hook[] {
                            Specs.hook("start", HookType.CONFIRM_ROLLOUT),
                            Specs.hook("load", HookType.ROLLOUT),
                            Specs.hook("end", HookType.CONFIRM_PROMOTION),
                            Specs.hook("post", HookType.POST_ROLLOUT),
                            Specs.hook("feed", HookType.EVENT)
                        }
                        : new Spec.Hook[0];
        var spec =
                Specs.with(
                        STRATEGIES[chance.nextInt(STRATEGIES.length)],
                        1 + chance.nextInt(3),
                        chance.nextInt(6) == 0,
                        false,
                        hooks);
        var cluster = new SimulatedCluster(spec, seed).unreliable(0.2, 0.1);
        cluster.hooks = (_, _) -> chance.nextInt(4) != 0;
        cluster.metrics =
                (_, revision) ->
                        revision.startsWith("bad") && chance.nextInt(3) > 0
                                ? Double.valueOf(50.0)
                                : chance.nextInt(20) == 0 ? null : Double.valueOf(99.5);
        cluster.recreates = chance.nextBoolean();
        cluster.neverReady.add("never");
        cluster.neverReady.add("primary-stuck");
        cluster.create();
        cluster.run(Duration.ofSeconds(chance.nextInt(60)));
        for (int i = 0; i < 12; i++) {
            disturb(cluster, chance, spec);
            cluster.run(Duration.ofMillis(chance.nextInt(40_000)));
        }
        return cluster;
    }

    private static void disturb(SimulatedCluster cluster, Random chance, Spec spec) {
        switch (chance.nextInt(9)) {
            case 0, 1 ->
                    cluster.image(
                            List.of("b", "c", "bad1", "bad2", "never", "stuck", "a")
                                    .get(chance.nextInt(7)));
            case 2 -> cluster.targetServes(false);
            case 3 -> cluster.targetServes(cluster.targetReplicas > 0);
            case 4 -> cluster.primaryServes(false);
            case 5 -> cluster.primaryServes(cluster.primaryExists);
            case 6 ->
                    cluster.edit(
                            new Spec(
                                    spec.provider(),
                                    spec.target(),
                                    spec.service(),
                                    spec.progressDeadline(),
                                    spec.skipAnalysis(),
                                    chance.nextInt(3) == 0,
                                    true,
                                    spec.interval(),
                                    1 + chance.nextInt(4),
                                    spec.strategy(),
                                    spec.checks(),
                                    spec.hooks()));
            case 7 -> {
                var wishes = List.of(RolloutEvent.Wish.values());
                var wish = wishes.get(chance.nextInt(wishes.size()));
                cluster.inject(at -> new RolloutEvent.Commanded(at, "ada", wish, "", 0));
            }
            default -> cluster.unreliable(chance.nextDouble() / 3, chance.nextDouble() / 4);
        }
    }

    /** What the machine knew when it decided, beside what it decided. */
    private interface Look {
        void at(Rollout before, RolloutEvent event, Transition decision);
    }

    private static void walk(SimulatedCluster cluster, Look look) {
        Rollout before = Rollout.of(SimulatedCluster.CANARY);
        for (int i = 0; i < cluster.journal.size(); i++) {
            look.at(before, cluster.journal.get(i), cluster.decisions.get(i));
            before = cluster.decisions.get(i).state();
        }
    }

    @Property(tries = 300)
    @Label("traffic is raised only for a canary that was observed to serve")
    void trafficGoesOnlyWhereSomebodyServes(@ForAll long seed) {
        walk(
                history(seed),
                (before, _, decision) -> {
                    for (Effect effect : decision.effects()) {
                        if (effect instanceof Effect.Route route
                                && route.action() == RouteAction.SHIFT
                                && route.split().canaryWeight() > before.traffic().canaryWeight()) {
                            assertThat(decision.state().target()).isNotNull();
                            boolean asked =
                                    before.await().stage() == decision.state().await().stage();
                            assertThat(asked || decision.state().target().serves()).isTrue();
                        }
                    }
                });
    }

    @Property(tries = 300)
    @Label(
            "after a decision on it, traffic is nowhere without an answer while another side has"
                    + " one")
    void trafficIsNotLeftWhereNobodyServes(@ForAll long seed) {
        walk(
                history(seed),
                (_, event, decision) -> {
                    Rollout r = decision.state();
                    boolean onlyCanaryServes =
                            r.primary() != null
                                    && !r.primary().serves()
                                    && r.target() != null
                                    && r.target().serves();
                    if (event instanceof RolloutEvent.PrimarySeen
                            && !r.held()
                            && onlyCanaryServes
                            && r.phase() == Phase.PROMOTING
                            && r.traffic().canaryWeight() < 100) {
                        assertThat(r.await().stage()).isEqualTo(Stage.RESCUING);
                    }
                });
    }

    @Property(tries = 300)
    @Label("the target is scaled down only while a primary serves, or nothing was ever sent to it")
    void nothingGoodIsScaledAwayBeforeItsSuccessorServes(@ForAll long seed) {
        walk(
                history(seed),
                (before, _, decision) -> {
                    for (Effect effect : decision.effects()) {
                        if (effect instanceof Effect.Route route
                                && !route.targetRunning()
                                && before.await().stage() != decision.state().await().stage()) {
                            assertThat(decision.state().traffic().canaryWeight()).isZero();
                        }
                    }
                });
    }

    @Property(tries = 300)
    @Label("whatever waits has a due time, is at rest, or is held")
    void everyPhaseHasADeadline(@ForAll long seed) {
        walk(
                history(seed),
                (_, _, decision) -> {
                    Rollout r = decision.state();
                    boolean rests =
                            switch (r.await().stage()) {
                                case UNKNOWN, RESTING, TERMINATED, GONE -> true;
                                // It has failed, and says what it takes to begin again.
                                case FIRST_PRIMARY_LATE -> r.shown() == Phase.FAILED;
                                default -> false;
                            };
                    assertThat(rests || r.held() || r.due().isPresent())
                            .as("%s", r.await())
                            .isTrue();
                });
    }

    @Property(tries = 300)
    @Label("sequence numbers have no gaps, and every run ends at most once")
    void theHistoryHasNoGapsAndOneEnd(@ForAll long seed) {
        Map<Long, Long> sequences = new HashMap<>();
        Map<Long, Integer> ends = new HashMap<>();
        List<Long> announced = new ArrayList<>();
        walk(
                history(seed),
                (_, _, decision) -> {
                    for (Effect effect : decision.effects()) {
                        if (effect instanceof Happened h) {
                            assertThat(h.sequence())
                                    .isEqualTo(sequences.merge(h.run(), 1L, Long::sum));
                            if (h.type().equals("Promoted")
                                    || h.type().equals("RolledBack")
                                    || h.type().equals("PromotionFailed")) {
                                assertThat(ends.merge(h.run(), 1, Integer::sum)).isEqualTo(1);
                            }
                        } else if (effect instanceof Announce a) {
                            announced.add(a.sequence());
                            assertThat(a.sequence()).isEqualTo(announced.size());
                        }
                    }
                });
    }

    @Property(tries = 300)
    @Label(
            "after the world is well again, the present revision gets its rollout and everything"
                    + " rests")
    void everyRevisionGetsItsRollout(@ForAll long seed) {
        SimulatedCluster cluster = history(seed);
        cluster.unreliable(0, 0);
        cluster.hooks = (name, _) -> !name.equals("rollback");
        cluster.metrics = (_, _) -> 100.0;
        if (cluster.rollout.paused()) {
            cluster.inject(
                    at -> new RolloutEvent.Commanded(at, "ada", RolloutEvent.Wish.RESUME, "", 0));
        }
        cluster.edit(
                new Spec(
                        cluster.spec.provider(),
                        cluster.spec.target(),
                        cluster.spec.service(),
                        cluster.spec.progressDeadline(),
                        cluster.spec.skipAnalysis(),
                        false,
                        true,
                        cluster.spec.interval(),
                        1,
                        cluster.spec.strategy(),
                        cluster.spec.checks(),
                        cluster.spec.hooks()));
        cluster.primaryServes(cluster.primaryExists);
        cluster.targetServes(cluster.targetReplicas > 0);
        cluster.run(Duration.ofMinutes(30));

        cluster.image("fix");
        cluster.targetServes(cluster.targetReplicas > 0);
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase())
                .as("%s", cluster.rollout)
                .isIn(Phase.SUCCEEDED, Phase.INITIALIZED);
        assertThat(cluster.primaryRevision).isEqualTo("fix");
        assertThat(cluster.weight).isZero();
        assertThat(cluster.rollout.due()).isEmpty();
    }

    @Property(tries = 200)
    @Label("delivering every event twice changes nothing more")
    void deliveringEveryEventTwiceChangesNothing(@ForAll long seed) {
        SimulatedCluster cluster = history(seed);
        Rollout state = Rollout.of(SimulatedCluster.CANARY);
        for (RolloutEvent event : cluster.journal) {
            state = RolloutMachine.next(state, event).state();
            if (event instanceof RolloutEvent.Commanded) {
                continue; // a wish repeated is a second wish
            }
            Transition again = RolloutMachine.next(state, event);
            assertThat(again.effects()).as("%s at %s", event, state.await()).isEmpty();
        }
        assertThat(state).isEqualTo(cluster.rollout);
    }

    @Property(tries = 100)
    @Label("the journal replayed gives the same decisions")
    void replayingTheJournalGivesTheSameDecisions(@ForAll long seed) {
        walk(
                history(seed),
                (before, event, decision) ->
                        assertThat(RolloutMachine.next(before, event)).isEqualTo(decision));
    }
}
