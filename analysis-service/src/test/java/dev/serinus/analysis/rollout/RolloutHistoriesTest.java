package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.Announce;
import dev.serinus.analysis.rollout.Effect.CallHook;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What must always hold, over random histories. How many are walked is {@code serinus.histories}:
 * enough for some tens of seconds unless said otherwise, 100000 by night.
 */
class RolloutHistoriesTest {

    /** Unless said otherwise. */
    static final long BY_DEFAULT = 20_000;

    private static final long HISTORIES = Long.getLong("serinus.histories", BY_DEFAULT);

    /** Stages and kinds of event that met. */
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    @Test
    void whatMustAlwaysHoldHoldsInEveryHistory() {
        List<String> broken =
                LongStream.range(0, HISTORIES)
                        .parallel()
                        .mapToObj(this::broken)
                        .flatMap(Optional::stream)
                        .limit(12)
                        .toList();

        assertThat(broken).isEmpty();
        assertThat(missing()).as("stages that never met an event of this kind").isEmpty();
    }

    private Optional<String> broken(long seed) {
        try {
            var cluster = RolloutHistories.of(seed);
            new Walk(cluster, met).walk();
            carried(cluster);
            comesToRest(cluster);
            return Optional.empty();
        } catch (AssertionError | RuntimeException found) {
            return Optional.of(
                    "history %d: %s %s"
                            .formatted(
                                    seed,
                                    found.getMessage(),
                                    List.of(found.getStackTrace()).subList(0, 3)));
        }
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        stages().forEach(
                        stage ->
                                events().map(event -> pair(stage.getSimpleName(), event))
                                        .filter(pair -> !met.contains(pair))
                                        .forEach(missing::add));
        return missing;
    }

    /** Each question that is asked, and each thing that is waited for, is a stage of its own. */
    static Stream<Class<?>> stages() {
        return Stream.of(Stage.class, Question.class, Awaited.class)
                .flatMap(RolloutHistoriesTest::cases)
                .filter(one -> one != Stage.Asking.class && one != Stage.Waiting.class)
                .filter(one -> one != Stage.Gone.class); // nothing is kept of it
    }

    static Stream<Class<?>> events() {
        return cases(RolloutEvent.class);
    }

    private static String pair(String stage, Class<?> event) {
        return stage + " × " + event.getSimpleName();
    }

    private static Stream<Class<?>> cases(Class<?> choice) {
        return choice.isSealed()
                ? Stream.of(choice.getPermittedSubclasses()).flatMap(RolloutHistoriesTest::cases)
                : Stream.of(choice);
    }

    /**
     * Traffic goes where the pods are that carry it: to the canary always, and to the primary
     * unless that was waited for, or the canary does not carry it either. What comes back makes the
     * primary no larger than it was.
     */
    private static void carried(SimulatedCluster cluster) {
        for (var turned : cluster.turned) {
            var pods = turned.route().pods();
            boolean first = pods != null && pods.first();
            var share = pods == null ? null : pods.share();
            var to = turned.route().split().canaryWeight();
            boolean sized = share != null || turned.ofShare();
            if (first && sized && to.isAbove(turned.before())) {
                assertThat(turned.targetPods() * 10_000L)
                        .as("more than its pods carry: %s", turned)
                        .isGreaterThanOrEqualTo((long) SimulatedCluster.ENOUGH * to.basisPoints());
            }
            if (turned.most() != null && !turned.before().isAny()) {
                assertThat(turned.targetPods())
                        .as("meets more people than it may: %s", turned)
                        .isLessThanOrEqualTo(turned.most());
            }
            assertThat(turned.primaryPods())
                    .as("larger than it ever was: %s", turned)
                    .isLessThanOrEqualTo(SimulatedCluster.ENOUGH);
            if (first && turned.before().isAbove(to) && turned.targetWhole()) {
                assertThat(turned.primaryPods() * 100)
                        .as("comes back before its pods: %s", turned)
                        .isGreaterThanOrEqualTo(turned.targetPods() * 80);
            }
        }
        assertThat(cluster.primaryPods).isLessThanOrEqualTo(SimulatedCluster.ENOUGH);
    }

    /**
     * After the world is well again, the present revision gets its rollout and everything rests.
     */
    private static void comesToRest(SimulatedCluster cluster) {
        assertThat(cluster.unread).as("promoted without a pod that read it").isEmpty();
        if (!cluster.isPresent() || cluster.isDeleting()) {
            return;
        }
        cluster.unreliable(0, 0);
        cluster.refusal = null;
        cluster.targetPartly = false;
        cluster.primaryPartly = false;
        cluster.podByPod = null;
        cluster.configMissing = false;
        cluster.hooks = (name, _) -> !name.equals("rollback");
        cluster.metrics = (_, _) -> 100.0;
        cluster.ask(Action.RESUME);
        cluster.anotherEnds();
        cluster.secondEnds(false);
        cluster.secondRests();
        // Those that last are over by then; nobody takes them away.
        cluster.firstPromoted("fix");
        cluster.edit(Specs.edited(cluster.spec, false, 1));
        cluster.primaryServes(cluster.primaryExists);
        cluster.baselineServes(true);
        cluster.targetServes(cluster.targetReplicas > 0);
        cluster.run(Duration.ofMinutes(30));
        cluster.image("fix");
        cluster.targetServes(cluster.targetReplicas > 0);
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase())
                .as("%s", cluster.rollout)
                .isIn(Phase.SUCCEEDED, Phase.INITIALIZED);
        assertThat(cluster.primaryRevision).isEqualTo("fix");
        assertThat(cluster.promotedPodConfigs)
                .as("what was analysed")
                .isEqualTo(cluster.promotedConfigs);
        assertThat(cluster.spec.routes() ? cluster.weight() : 0).isZero();
        assertThat(cluster.rollout.due()).isEmpty();
        assertThat(cluster.fleet.isEmpty()).as("given back: %s", cluster.fleet).isTrue();
        assertThat(cluster.baselineExists).as("the baseline goes with the run").isFalse();
        assertThat(cluster.baselineWeight).isEqualTo(Weight.NONE);
    }

    /** One history, looked at decision by decision. */
    private static final class Walk {

        private final SimulatedCluster cluster;
        private final Set<String> met;
        private final Map<String, Long> sequences = new HashMap<>();
        private final Map<String, Integer> ends = new HashMap<>();
        private final Map<String, Long> announced = new HashMap<>();

        /**
         * Hooks that have said yes since more people were last let to the canary, by their place.
         */
        private final Set<Integer> opened = new HashSet<>();

        private final Set<Long> asked = new HashSet<>();

        /** People went on with a step, and its rollback hooks were not asked since. */
        private boolean unasked;

        private final Set<String> answered = new HashSet<>();

        /** Places that were asked for and not given back. */
        private final Set<String> places = new HashSet<>();

        private final Set<String> grouped = new HashSet<>();

        /** When something else than its group, or than who goes first, last kept the run. */
        private Instant keptFromGroup = Instant.EPOCH;

        private Instant keptFromTurn = Instant.EPOCH;

        private final TerminalAlerts alerts = new TerminalAlerts();

        private final ToldSituations situations = new ToldSituations();

        private boolean promotedByHand;

        /** Runs that began since a dry run is asked for. */
        private final Set<Long> begunMeanwhile = new HashSet<>();

        /** Who met the canary when a metric became undecided. */
        private Exposure heldAt = Exposure.of(Split.PRIMARY);

        Walk(SimulatedCluster cluster, Set<String> met) {
            this.cluster = cluster;
            this.met = met;
        }

        void walk() {
            Rollout before = Rollout.of(SimulatedCluster.CANARY);
            for (int i = 0; i < cluster.journal.size(); i++) {
                var event = cluster.journal.get(i);
                var decision = cluster.decisions.get(i);
                met.add(pair(before.stage().label(), event.getClass()));
                String where = "decision %d at %s on %s".formatted(i, before.stage(), event);
                look(before, event, decision, where);
                situations.look(before, decision, event, cluster.weights.get(i), where);
                before = decision.state();
            }
        }

        private void look(Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            assertThat(RolloutMachine.next(before, event))
                    .as("replayed: " + where)
                    .isEqualTo(decision);
            // Who asks how far it is is told each time.
            boolean asks = event instanceof RolloutEvent.StandingAsked;
            if (!asks && (!(event instanceof ActionAsked asked) || !asked.id().isEmpty())) {
                assertThat(RolloutMachine.next(after, event).effects())
                        .as("delivered twice: " + where)
                        .isEmpty();
            }
            tried(before, decision, where);
            notBegun(before, decision, where);
            traffic(after, where);
            pods(decision, event, where);
            deadline(after, where);
            numbers(decision, where);
            forgets(before, event, after, where);
            gates(before, event, decision, where);
            held(before, decision, where);
            limits(before, event, decision, where);
            heldFailure(before, decision, where);
            ends(before, event, decision.state(), where);
            answers(before, event, decision, where);
            if (event instanceof ActionAsked asked) {
                acts(before, asked, decision, where);
            }
            demands(before, event, decision, where);
            permits(before, decision, where);
            groups(before, decision, where);
            freezes(before, event, decision, where);
            freezesPassed(before, event, decision, where);
            waves(before, event, decision, where);
            fleetTimes(before, event, decision, where);
            alerts.look(before, event, decision, where);
        }

        /**
         * While a freeze lasts nobody new meets the canary, but by guards or to the end of what was
         * begun; no rollback waits for one; and whoever waits for the end of one is woken then.
         */
        private void freezes(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            // What was asked for before is repeated until it is answered, also as another step.
            boolean begins =
                    !after.stage().step().equals(before.stage().step())
                            && !Objects.equals(after.stage().question(), before.stage().question());
            var gate = begins ? passed(before, after) : null;
            if (gate != null) {
                assertThat(lasting(after, gate, event))
                        .as("goes on during a freeze: " + where)
                        .isEmpty();
            }
            if (after.stage()
                    instanceof Stage.Waiting(Awaited.FreezeEnd(var _, var freeze), var timer)) {
                assertThat(timer.next())
                        .as("woken when the freeze is over: " + where)
                        .isBeforeOrEqualTo(freeze.until());
                assertThat(freeze.covers(event.at()))
                        .as("held by one that is over: " + where)
                        .isTrue();
                assertThat(after.stage().part()).isIn(Part.START, Part.ANALYSIS);
                assertThat(after.rules().freezes()).as("held by none: " + where).contains(freeze);
                assertThat(after.waitingFor().isEmpty() || DryRun.isOn(after)).isFalse();
            }
        }

        /** Only people, and annotations of freezes that allow them, let a run pass; once each. */
        private void freezesPassed(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            if (event instanceof RolloutEvent.ActionAsked) {
                return;
            }
            for (var freeze : after.rules().freezes()) {
                if (isPassed(after, freeze) && !isPassed(before, freeze)) {
                    // A fleet file has no two of one name; here they pass together.
                    assertThat(after.rules().freezes())
                            .as("nobody allowed it: " + where)
                            .anyMatch(it -> it.byAnnotation() && it.name().equals(freeze.name()));
                    var request = after.requests().passFreeze();
                    assertThat(request).as("nobody asked: " + where).isNotNull();
                    assertThat(request.names()).contains(freeze.name());
                    assertThat(request.isDone()).as("asks for another run: " + where).isTrue();
                    assertThat(decision.effects())
                            .as("the history names nobody: " + where)
                            .anyMatch(
                                    it ->
                                            it instanceof Effect.Happened told
                                                    && told.type().equals("FreezePassed")
                                                    && told.actor().equals(request.actor()));
                }
            }
        }

        /** The gate behind which the question is that was asked just now; null where none is. */
        private static @Nullable Point passed(Rollout before, Rollout after) {
            return switch (after.stage().question()) {
                case Question.ScaleUp _ ->
                        before.stage().part() == Part.ANALYSIS ? null : Point.START;
                case Question.Shift(var to, var _, var _) -> {
                    var stop = after.run().stops().get(to);
                    var now = Exposure.of(before.traffic().split());
                    yield !Exposure.of(stop.split()).isAbove(now)
                            ? null
                            : stop.kind() == Stop.Kind.SWITCH ? Point.PROMOTE : Point.ADVANCE;
                }
                // One that had begun when the canary was found comes to its end.
                case Question.Copy _ -> after.promoting() ? null : Point.PROMOTE;
                case null, default -> null;
            };
        }

        private static List<Freeze> lasting(Rollout r, Point point, RolloutEvent event) {
            return DryRun.isOn(r) || r.run().stays() || r.returns()
                    ? List.of()
                    : r.rules().freezes().stream()
                            .filter(
                                    freeze ->
                                            freeze.holds().contains(point)
                                                    && freeze.covers(event.at())
                                                    && !isPassed(r, freeze))
                            .toList();
        }

        private static boolean isPassed(Rollout r, Freeze freeze) {
            var governed = r.governed();
            return governed != null
                    && governed.freezes() != null
                    && governed.freezes().run() == r.run().number()
                    && governed.freezes().passed().stream()
                            .anyMatch(met -> met.name().equals(freeze.name()));
        }

        /**
         * More traffic waits for its pods always; what is taken back waits for a while at most, and
         * what is moved since a side does not serve for none.
         */
        private static void pods(Transition decision, RolloutEvent event, String where) {
            if (!(decision.state().stage() instanceof Stage.Asking(var question, var ask))) {
                return;
            }
            var since = ask.since();
            boolean patient = event.at().isBefore(since.plus(SidePods.BEFORE_ROLLBACK));
            decision.effects().stream()
                    .filter(Route.class::isInstance)
                    .map(Route.class::cast)
                    // What was asked for before in the same decision has been given up again.
                    .filter(route -> route.step().step() == ask.step())
                    .forEach(
                            route -> {
                                boolean first = route.pods() != null && route.pods().first();
                                switch (question) {
                                    case Question.Shift _ -> assertThat(first).as(where).isTrue();
                                    case Question.RollBack _, Question.ClearForRestart _ ->
                                            assertThat(first)
                                                    .as("waits for pods: " + where)
                                                    .isEqualTo(patient);
                                    case Question.Retreat _, Question.Rescue _ ->
                                            assertThat(first)
                                                    .as("waits where nobody serves: " + where)
                                                    .isFalse();
                                    default -> {}
                                }
                            });
        }

        /** No revision is scaled up that another canary was to be promoted with first. */
        private static void waves(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            boolean begins =
                    after.stage().question() instanceof Question.ScaleUp
                            && (!(before.stage().question() instanceof Question.ScaleUp)
                                    || !after.run().revision().equals(before.run().revision()));
            var awaited = AwaitedPromotions.of(after);
            if (!begins
                    || awaited.isEmpty()
                    || DryRun.isOn(after)
                    || after.returns()
                    || after.run().stays()
                    || after.traffic().canaryWeight().isAny()) {
                return;
            }
            // One that starts over, as people ask for, was let begin before.
            boolean same =
                    before.stage().part() == Part.ANALYSIS
                            && before.run().revision().equals(after.run().revision());
            var permit = Permits.of(before);
            boolean passes =
                    permit != null
                            && permit.awaited().equals(awaited)
                            && (permit.progress() == Governed.Progress.HELD
                                    || (event instanceof RolloutEvent.PermitAnswered answer
                                            && answer.granted())
                                    || event instanceof ActionAsked);
            var governed = before.governed();
            boolean said =
                    governed != null
                            && new Governed.PassedWave(
                                            after.run().number(), awaited.getFirst().release())
                                    .equals(governed.passed());
            // It was waited for too long, or people said that it is waited for no more.
            boolean over =
                    awaited.stream().allMatch(one -> WaveTimeouts.isOver(before, one.canary()))
                            || decision.effects().stream()
                                    .anyMatch(
                                            effect ->
                                                    effect instanceof Happened happened
                                                            && happened.type()
                                                                    .equals("GateTimedOut"));
            var failure = before.run().failure();
            boolean approved =
                    event instanceof ActionAsked
                            && failure != null
                            && new WaitingGate(Point.START, "after/" + awaited.getFirst().canary())
                                    .equals(failure.gate());
            assertThat(passes || same || said || over || approved)
                    .as("begun before its turn: " + where)
                    .isTrue();
        }

        /**
         * No run begins without its place in the budgets that cover it; whoever rests has none, and
         * whoever has none is not known to have one.
         */
        private void permits(Rollout before, Transition decision, String where) {
            Rollout after = decision.state();
            var permit = Permits.of(after);
            boolean begins =
                    after.stage().question() instanceof Question.ScaleUp
                            && !(before.stage().question() instanceof Question.ScaleUp)
                            && before.stage().part() != Part.ANALYSIS;
            boolean held = permit != null && permit.progress() == Governed.Progress.HELD;
            if (begins && !after.rules().budgets().isEmpty() && !DryRun.isOn(after)) {
                assertThat(held).as("begun without a permit: " + where).isTrue();
            }
            boolean runs =
                    switch (after.stage().part()) {
                        case START, ANALYSIS, PROMOTION, ROLLBACK, END -> true;
                        case NONE, INITIALIZATION, REST, DELETION -> false;
                    };
            assertThat(permit == null || runs).as("kept at rest: " + where).isTrue();
            for (Effect effect : decision.effects()) {
                switch (effect) {
                    case Effect.AskPermit ask -> places.add(place(ask.uid(), ask.step()));
                    case Effect.ReturnPermit back ->
                            assertThat(places.remove(place(back.uid(), back.step())))
                                    .as("given back twice, or never asked for: " + where)
                                    .isTrue();
                    default -> {}
                }
            }
            assertThat(places)
                    .as("places asked for: " + where)
                    .isEqualTo(
                            permit == null ? Set.of() : Set.of(place(after.uid(), permit.step())));
        }

        /**
         * Whoever is of a group takes part in it as long as its run lasts, is ready only while
         * nothing else keeps it and its last check did not fail, and is promoted only when it was
         * let through.
         */
        private void groups(Rollout before, Transition decision, String where) {
            Rollout after = decision.state();
            for (Effect effect : decision.effects()) {
                switch (effect) {
                    case Effect.JoinGroup join -> grouped.add(place(join.uid(), join.step()));
                    case Effect.LeaveGroup left ->
                            assertThat(grouped.remove(place(left.uid(), left.step())))
                                    .as("left a group twice, or never joined: " + where)
                                    .isTrue();
                    default -> {}
                }
            }
            var governed = after.governed();
            var has = governed == null ? null : governed.group();
            assertThat(grouped)
                    .as("takes part: " + where)
                    .isEqualTo(has == null ? Set.of() : Set.of(place(after.uid(), has.step())));
            if (has != null && has.state() == GroupState.READY) {
                assertThat(after.held() || HeldFailure.isOn(after))
                        .as("ready and held: " + where)
                        .isFalse();
                assertThat(after.traffic().failedChecks())
                        .as("ready though a check failed: " + where)
                        .isLessThanOrEqualTo(before.traffic().failedChecks());
                assertThat(
                                after.stage().awaited() instanceof Awaited.GroupReady
                                        || after.stage().question() instanceof Question.OfHook
                                        || after.stage().question() instanceof Question.OfMetrics)
                        .as("ready and waits for something else: " + where)
                        .isTrue();
            }
            boolean promotes =
                    after.stage().question() instanceof Question.Copy
                            && !(before.stage().question() instanceof Question.Copy)
                            && before.stage().part() == Part.ANALYSIS
                            && !before.promoting();
            assertThat(promotes && GroupPermits.isAwaited(after))
                    .as("promoted without its group: " + where)
                    .isFalse();
        }

        /**
         * Of what is waited for others, no time ran while a freeze or another gate kept the run.
         */
        private void fleetTimes(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            var after = decision.state();
            boolean frozen =
                    after.rules().freezes().stream()
                            .anyMatch(
                                    freeze ->
                                            !freeze.holds().isEmpty() && freeze.covers(event.at()));
            keptFromGroup = frozen || !isReady(before) ? event.at() : keptFromGroup;
            keptFromTurn = frozen || !isInTurn(before) ? event.at() : keptFromTurn;
            if (before.spec() != null && before.run().failure() == null) {
                var rules = before.specInForce().ruled();
                var group = rules.group();
                if (group != null && tells(decision, "group checkout was not ready within")) {
                    assertThat(group.limit().end(keptFromGroup))
                            .as("the time of the group ran while it was kept: " + where)
                            .isBeforeOrEqualTo(event.at());
                }
                var wave = "us/test/first was not promoted with this release within";
                for (var first :
                        tells(decision, wave) ? rules.predecessors() : List.<Predecessor>of()) {
                    assertThat(Objects.requireNonNull(first.limit()).end(keptFromTurn))
                            .as("the time of the wave ran while it was kept: " + where)
                            .isBeforeOrEqualTo(event.at());
                }
            }
            keptFromGroup = isReady(after) ? keptFromGroup : event.at();
            keptFromTurn = isInTurn(after) ? keptFromTurn : event.at();
        }

        private static boolean isReady(Rollout r) {
            var governed = r.governed();
            var place = governed == null ? null : governed.group();
            return place != null && place.state() == GroupState.READY;
        }

        private static boolean isInTurn(Rollout r) {
            return !r.held()
                    && r.stage().part() == Part.START
                    && (r.stage().awaited() instanceof Awaited.Turn
                            || r.stage() instanceof Stage.Asking);
        }

        private static boolean tells(Transition decision, String words) {
            return decision.effects().stream()
                    .anyMatch(
                            effect ->
                                    effect instanceof Happened happened
                                            && happened.message().startsWith(words));
        }

        private static String place(String uid, long step) {
            return uid + " " + step;
        }

        /** Nobody goes on where a rollback is demanded, or where nobody was asked about it. */
        private void demands(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            boolean asks = before.stage().question() instanceof Question.AskForRollback;
            if (event instanceof HookAnswered answer && asks && Concern.of(before, answer)) {
                unasked = false;
            }
            boolean hooked =
                    after.spec() != null
                            && !after.spec()
                                    .hooks(new HookType.Meaning.DemandsRollback())
                                    .isEmpty();
            if (!hooked
                    || after.stage().part() != Part.ANALYSIS
                    || after.run().number() != before.run().number()) {
                unasked = false;
            }
            for (Effect effect : decision.effects()) {
                if (effect instanceof Happened h
                        && Set.of("StepSkipped", "GateOpened").contains(h.type())
                        && after.stage().part() == Part.ANALYSIS
                        && !after.held()) {
                    unasked = hooked && after.stage().question() != null;
                }
                if (effect instanceof Route route
                        && unasked
                        && !(after.stage().question() instanceof Question.Rescue)
                        && !promotedByHand
                        && !after.skipsAnalysis()
                        && route.step().attempt() == 1) {
                    assertThat(isForward(before, route))
                            .as("no rollback hook was asked: " + where)
                            .isFalse();
                }
            }
        }

        private static boolean isForward(Rollout before, Route route) {
            return route.action() == RouteAction.PROMOTE
                    || (route.action() == RouteAction.SHIFT
                            && Exposure.of(route.split())
                                    .isAbove(Exposure.of(before.traffic().split())));
        }

        /**
         * An action acts in the run that it names and while it is fresh. Skipping and approving do
         * not touch a primary that is known not to be ready, and give nothing to a canary before
         * its checks.
         */
        private static void acts(
                Rollout before, ActionAsked asked, Transition decision, String where) {
            Rollout after = decision.state();
            boolean another = asked.run() != 0 && asked.run() != before.run().number();
            boolean old =
                    asked.at().isAfter(asked.askedAt().plus(Duration.ofMinutes(10)))
                            && asked.action() != Action.PAUSE
                            && (asked.action() != Action.RESUME
                                    || asked.run() == 0
                                    || before.run().failure() != null)
                            && (asked.action() != Action.ABORT || asked.run() == 0);
            if (another || old) {
                assertThat(after.stage()).as("outdated: " + where).isEqualTo(before.stage());
                assertThat(after.pause()).as("outdated: " + where).isEqualTo(before.pause());
                assertThat(after.run()).as("outdated: " + where).isEqualTo(before.run());
            }
            boolean goesOn = asked.action() == Action.SKIP || asked.action() == Action.APPROVE;
            if (!goesOn || before.spec() == null || before.stage().part() != Part.ANALYSIS) {
                return;
            }
            boolean unready =
                    before.primary() != null
                            && !before.primary().servesReady()
                            && !before.run().stays()
                            && !before.skipsAnalysis();
            boolean unchecked =
                    asked.action() == Action.SKIP
                            && before.run().reached() == 0
                            && !before.spec().hooks(new HookType.Meaning.BeforeTraffic()).isEmpty();
            for (Effect effect : decision.effects()) {
                if (effect instanceof Route route) {
                    assertThat(route.action() == RouteAction.PROMOTE && unready)
                            .as("the primary is not ready: " + where)
                            .isFalse();
                    assertThat(isForward(before, route) && unchecked)
                            .as("nothing was checked before traffic: " + where)
                            .isFalse();
                }
            }
        }

        /** Who asked with an id gets one answer, once, as long as the canary is known. */
        private void answers(
                Rollout before, RolloutEvent event, Transition decision, String where) {
            List<String> given =
                    decision.effects().stream()
                            .filter(Happened.class::isInstance)
                            .map(effect -> ((Happened) effect).answer())
                            .filter(Objects::nonNull)
                            .map(Answer::id)
                            .toList();
            boolean asks =
                    event instanceof ActionAsked asked
                            && !asked.id().isEmpty()
                            && !before.uid().isEmpty()
                            && !before.gone()
                            && answered.add(asked.id());
            assertThat(given).as("answers: " + where).hasSize(asks ? 1 : 0);
        }

        /**
         * Where a limit of failures was reached the run is over, and where a metric is undecided
         * only people let more to the canary.
         */
        private void limits(Rollout before, RolloutEvent event, Transition decision, String where) {
            Rollout after = decision.state();
            var counted = after.run().counted();
            if (counted == null) {
                return;
            }
            boolean goesOn =
                    switch (after.stage().part()) {
                        case START, ANALYSIS, PROMOTION -> true;
                        case NONE, INITIALIZATION, ROLLBACK, REST, END, DELETION -> false;
                    };
            if (goesOn && after.run().failure() == null) {
                assertThat(counted.broken()).as("a limit was reached: " + where).isEmpty();
            }
            if (after.stage().part() == Part.ANALYSIS) {
                assertThat(counted.metrics())
                        .as("more failures than failed checks: " + where)
                        .allMatch(one -> one.failed() <= after.traffic().failedChecks());
            }
            boolean undecided = Undecided.of(before).isPresent() && Undecided.of(after).isPresent();
            if (!undecided) {
                heldAt = Exposure.of(after.traffic().split());
            }
            for (Effect effect : decision.effects()) {
                if (undecided
                        && !promotedByHand
                        && !before.requests().asksToSkip()
                        && !(event instanceof RolloutEvent.CanarySeen seen && seen.skipAnalysis())
                        && effect instanceof Route route) {
                    boolean rises =
                            route.action() == RouteAction.SHIFT
                                    && Exposure.of(route.split())
                                            .isAbove(Exposure.of(before.traffic().split()))
                                    // A canary that lost its pods gets back what it had.
                                    && Exposure.of(route.split()).isAbove(heldAt)
                                    && !(after.stage().question() instanceof Question.Rescue)
                                    // Nobody serves at the primary.
                                    && !after.run().stays();
                    assertThat(rises || route.action() == RouteAction.PROMOTE)
                            .as("undecided: " + where)
                            .isFalse();
                }
            }
        }

        /** Once an analysis has failed and is held, only people let anybody more to the canary. */
        private static void heldFailure(Rollout before, Transition decision, String where) {
            Rollout after = decision.state();
            var failure = before.run().failure();
            var still = after.run().failure();
            boolean held =
                    HeldFailure.isOn(before)
                            && HeldFailure.isOn(after)
                            && before.run().number() == after.run().number()
                            // What somebody else held meanwhile is held for their reason.
                            && !(after.stage().question() instanceof Question.Adopt);
            if (!held || failure == null || still == null) {
                return;
            }
            assertThat(still.because())
                    .as("another failure: " + where)
                    .isEqualTo(failure.because());
            for (Effect effect : decision.effects()) {
                if (effect instanceof Route route && route.step().attempt() == 1) {
                    assertThat(
                                    isForward(before, route)
                                            && !(after.stage().question()
                                                    instanceof Question.Rescue))
                            .as("a failed analysis goes on: " + where)
                            .isFalse();
                }
                assertThat(effect)
                        .as("a failed analysis is judged: " + where)
                        .isNotInstanceOf(Effect.AskMetrics.class);
            }
        }

        /** What has an end that people were told is not asked for again after it. */
        private static void ends(Rollout before, RolloutEvent event, Rollout after, String where) {
            boolean again =
                    event instanceof RolloutEvent.TimerFired
                            && Concern.of(before, event)
                            && !after.held()
                            && after.stage().step().equals(before.stage().step());
            if (!again) {
                return;
            }
            assertThat(GateTimeouts.limit(after).filter(end -> !end.isAfter(event.at())))
                    .as("a gate is waited for too long: " + where)
                    .isEmpty();
            var failure = after.run().failure();
            if (failure != null && HeldFailure.waits(after) && HeldFailure.isOn(after)) {
                assertThat(HeldFailure.until(after, failure))
                        .as("people are waited for too long: " + where)
                        .isAfter(event.at());
            }
        }

        /** What is only tried is marked, and asks nobody to do anything. */
        private static void tried(Rollout before, Transition decision, String where) {
            if (!DryRun.isOn(decision.state())) {
                return;
            }
            boolean begins =
                    !DryRun.isOn(before) && decision.effects().stream().anyMatch(Walk::begins);
            for (Effect effect : decision.effects()) {
                begins = begins && !begins(effect);
                boolean real = begins; // so far
                boolean harmless =
                        switch (effect) {
                            case Route _ -> false;
                            case CallHook call -> call.told() != null;
                            case Happened happened -> real || happened.tried();
                            case Announce announce ->
                                    real || announce.status() == null || announce.status().tried();
                            case Effect.Chat chat -> real || chat.message().startsWith("Dry run: ");
                            case Effect.Notice notice ->
                                    real || notice.told().message().startsWith("Dry run: ");
                            case Effect.AskMetrics _,
                                    Effect.ReturnPermit _,
                                    Effect.LeaveGroup _,
                                    Effect.TellStanding _ ->
                                    true;
                            case Effect.AskPermit _, Effect.JoinGroup _ -> real;
                        };
                assertThat(harmless).as("%s in a dry run: %s", effect, where).isTrue();
            }
        }

        private static boolean begins(Effect effect) {
            return effect instanceof Happened happened && happened.type().equals("DryRun");
        }

        /** Nothing is begun for real while a dry run is asked for, however it begins. */
        private void notBegun(Rollout before, Transition decision, String where) {
            Rollout after = decision.state();
            boolean asked =
                    before.uid().equals(after.uid())
                            && before.spec() != null
                            && before.spec().dryRun()
                            && after.spec() != null
                            && after.spec().dryRun();
            if (!asked) {
                begunMeanwhile.clear();
                return;
            }
            if (after.run().number() != before.run().number()) {
                begunMeanwhile.add(after.run().number());
            }
            for (Effect effect : decision.effects()) {
                if (effect instanceof Route route && route.action() != RouteAction.RESTORE) {
                    assertThat(begunMeanwhile)
                            .as("%s of what is to be tried: %s", route, where)
                            .doesNotContain(route.step().run());
                    assertThat(after.stage().question())
                            .as("begun: " + where)
                            .isNotInstanceOfAny(
                                    Question.Initialize.class,
                                    Question.CopyFirst.class,
                                    Question.Adopt.class,
                                    Question.Reshape.class,
                                    Question.Reroute.class,
                                    Question.ScaleUp.class);
                }
            }
        }

        /** Whoever gets requests answers them, or traffic is on its way to who does. */
        private static void traffic(Rollout r, String where) {
            var target = r.target();
            var primary = r.primary();
            if (target == null || primary == null || r.spec() == null || !r.spec().routes()) {
                return;
            }
            boolean moves =
                    switch (r.stage().part()) {
                        case REST, START, ANALYSIS, PROMOTION, END -> true;
                        case NONE, INITIALIZATION, ROLLBACK, DELETION -> false;
                    };
            Weight weight = r.traffic().canaryWeight();
            if (moves && weight.isAny() && !target.serves() && primary.serves()) {
                assertThat(asked(r)).as("the canary is lost: " + where).contains(Split.PRIMARY);
            }
            var baseline = r.baseline();
            boolean unanswered =
                    r.traffic().split().baseline() != null
                            && baseline != null
                            && !baseline.serves();
            if (moves && unanswered && primary.serves()) {
                assertThat(asked(r).map(split -> split.baseline() == null))
                        .as("the baseline is lost: " + where)
                        .contains(true);
            }
            boolean toPrimary =
                    r.traffic().split().primaryWeight().isAny() || r.traffic().split().matched();
            if (moves && weight.isAny() && toPrimary && !primary.serves() && target.serves()) {
                assertThat(asked(r).map(split -> split.equals(Split.of(100)) || clears(r)))
                        .as("the primary is lost: " + where)
                        .contains(true);
            }
        }

        private static boolean clears(Rollout r) {
            return r.stage().question() instanceof Question.ClearBeforeRun
                    || r.stage().question() instanceof Question.ClearForRestart
                    || r.stage().question() instanceof Question.Retreat;
        }

        private static Optional<Split> asked(Rollout r) {
            return r.stage() instanceof Stage.Asking(Question.OfRouter question, var _)
                    ? Optional.of(Questions.split(r, question))
                    : Optional.empty();
        }

        /** Whatever waits has a due time, held or not. */
        private static void deadline(Rollout r, String where) {
            boolean rests =
                    switch (r.stage()) {
                        case Stage.Unknown _, Stage.Resting _, Stage.Terminated _, Stage.Gone _ ->
                                true;
                        // It has failed, and says what it takes to begin again.
                        case Stage.InitializationFailed _ -> r.shown() == Phase.FAILED;
                        case Stage.Asking _, Stage.Waiting _ -> false;
                    };
            assertThat(rests || r.due().isPresent()).as("no due time: " + where).isTrue();
        }

        private void numbers(Transition decision, String where) {
            for (Effect effect : decision.effects()) {
                switch (effect) {
                    case Happened h -> {
                        String run = decision.state().uid() + "/" + h.run();
                        assertThat(h.sequence())
                                .as("sequence: " + where)
                                .isEqualTo(sequences.merge(run, 1L, Long::sum));
                        if (Set.of("Promoted", "RolledBack", "PromotionFailed", "Withdrawn")
                                .contains(h.type())) {
                            assertThat(ends.merge(run, 1, Integer::sum))
                                    .as("ends of run: " + where)
                                    .isEqualTo(1);
                        }
                    }
                    case Announce a ->
                            assertThat(a.sequence())
                                    .as("announcement: " + where)
                                    .isEqualTo(
                                            announced.merge(decision.state().uid(), 1L, Long::sum));
                    case Route route -> {
                        boolean routesToo =
                                route.action() == RouteAction.TAKE_OVER
                                        && route.split().equals(Split.PRIMARY);
                        if (!route.targetRunning()
                                && !routesToo
                                && decision.state().specInForce().routes()) {
                            assertThat(decision.state().traffic().canaryWeight())
                                    .as("scaled down with traffic: " + where)
                                    .isEqualTo(Weight.NONE);
                        }
                    }
                    case Effect.AskMetrics _,
                            CallHook _,
                            Effect.Chat _,
                            Effect.AskPermit _,
                            Effect.ReturnPermit _,
                            Effect.TellStanding _,
                            Effect.JoinGroup _,
                            Effect.LeaveGroup _,
                            Effect.Notice _ -> {}
                }
            }
        }

        /** Another object is another canary; one that somebody else had is met anew. */
        private static void forgets(
                Rollout before, RolloutEvent event, Rollout after, String where) {
            if (!after.uid().equals(before.uid())) {
                assertThat(after.cookies()).as("inherited: " + where).isEqualTo(Cookies.NONE);
                boolean past =
                        event instanceof RolloutEvent.CanarySeen seen && seen.prior() != null;
                if (!past) {
                    assertThat(after.revisions())
                            .as("inherited: " + where)
                            .isEqualTo(KnownRevisions.NONE);
                    assertThat(after.traffic()).as("inherited: " + where).isEqualTo(Traffic.NONE);
                }
                assertThat(after.target()).as("inherited: " + where).isNull();
                assertThat(after.run().revision()).as("inherited: " + where).isEmpty();
            }
            assertThat(after.counters().step())
                    .as("steps only grow: " + where)
                    .isGreaterThanOrEqualTo(
                            after.uid().equals(before.uid()) ? before.counters().step() : 0);
            boolean lost =
                    event instanceof RolloutEvent.CanarySeen seen
                            && seen.uid().equals(before.uid())
                            && seen.generation() >= before.generation()
                            && Boolean.FALSE.equals(seen.claimed())
                            && !seen.deleting()
                            && before.manifest().claimed()
                            && !before.gone();
            if (lost) {
                boolean met =
                        after.stage().question() instanceof Question.Adopt
                                || DryRun.isOn(after) // which is answered at once
                                || after.stage().part() == Part.INITIALIZATION;
                assertThat(met).as("met as unknown: " + where).isTrue();
            }
        }

        /** Nobody meets the canary beyond what the last open gate covered. */
        private void gates(Rollout before, RolloutEvent event, Transition decision, String where) {
            if (event instanceof HookAnswered answer
                    && answer.passed()
                    && answers(before, answer)) {
                opened.add(answer.hook());
            }
            if (event instanceof ActionAsked asked
                    && asked.action() == Action.PROMOTE
                    && decision.effects().stream()
                            .anyMatch(
                                    effect ->
                                            effect instanceof Happened h
                                                    && h.type().equals("PromotionForced"))) {
                promotedByHand = true;
            }
            if (event instanceof ActionAsked asked && asked.action() == Action.APPROVE) {
                opened.addAll(approved(before, decision));
            }
            opened.addAll(timedOut(before, decision));
            Rollout after = decision.state();
            for (Effect effect : decision.effects()) {
                if (effect instanceof Route route && route.step().attempt() == 1) {
                    checkGate(before, after, route, where);
                }
            }
            if (after.run().number() != before.run().number()
                    || !after.uid().equals(before.uid())) {
                promotedByHand = false;
            }
        }

        /** Places of the webhooks in whose place people said yes just now. */
        private static List<Integer> approved(Rollout before, Transition decision) {
            boolean done =
                    decision.effects().stream()
                            .anyMatch(
                                    effect ->
                                            effect instanceof Happened h
                                                    && h.type().equals("GateOpened"));
            return done
                    ? Permitted.waitingGate(before).stream()
                            .flatMap(
                                    gate ->
                                            before
                                                    .specInForce()
                                                    .hooks(
                                                            new HookType.Meaning.Confirms(
                                                                    gate.point()))
                                                    .stream()
                                                    .filter(
                                                            place ->
                                                                    before.specInForce()
                                                                            .hooks()
                                                                            .get(place)
                                                                            .name()
                                                                            .equals(gate.hook())))
                            .toList()
                    : List.of();
        }

        /** Places of the webhooks that their gate goes on without, since it took too long. */
        private static List<Integer> timedOut(Rollout before, Transition decision) {
            List<String> words =
                    decision.effects().stream()
                            .filter(Happened.class::isInstance)
                            .map(Happened.class::cast)
                            .filter(h -> h.type().equals("GateTimedOut"))
                            .map(Happened::message)
                            .toList();
            List<Spec.Hook> hooks =
                    before.spec() == null ? List.of() : before.specInForce().hooks();
            return IntStream.range(0, hooks.size())
                    .filter(
                            place -> {
                                String gate =
                                        "gate %s was not opened".formatted(hooks.get(place).name());
                                return words.stream().anyMatch(it -> it.contains(gate));
                            })
                    .boxed()
                    .toList();
        }

        private static boolean answers(Rollout r, HookAnswered answer) {
            return Concern.of(r, answer);
        }

        private void checkGate(Rollout before, Rollout after, Route route, String where) {
            Spec spec = after.specInForce();
            boolean rescues =
                    after.stage().question() instanceof Question.Rescue
                            // What a gate allowed before, and could not be done yet.
                            || (after.stage().question() instanceof Question.Shift shift
                                    && !shift.since().equals(after.at()));
            Exposure known = Exposure.of(before.traffic().split());
            Exposure read = Exposure.of(after.traffic().split());
            Exposure now = read.isAbove(known) ? read : known;
            Exposure then = Exposure.of(route.split());
            boolean weights = spec.strategy().movesWeights();
            boolean rises = route.action() == RouteAction.SHIFT && then.isAbove(now) && !rescues;
            boolean stays = after.run().stays();
            boolean everybody = rises && then.who() == Exposure.Who.EVERYBODY && !weights;
            // A promotion is allowed when it is decided; a baseline goes before it is done.
            boolean copies =
                    after.stage().question() instanceof Question.StopBaseline(Next.Copy _)
                            || (route.action() == RouteAction.PROMOTE
                                    && !initialises(after)
                                    && !(before.stage().question()
                                            instanceof Question.StopBaseline(Next.Copy _)));
            if ((everybody && !stays) || copies) {
                if (!promotedByHand && !wasFoundPromoting(after)) {
                    assertOpen(spec, Point.PROMOTE, where);
                }
                forget(spec, Point.PROMOTE);
            } else if (rises && !stays && after.phase() == Phase.PROGRESSING) {
                assertOpen(spec, Point.ADVANCE, where);
                forget(spec, Point.ADVANCE);
            }
            // As in Flagger a newer revision takes the place of the one whose gate was opened.
            boolean replaces = before.stage().question() instanceof Question.ScaleUp;
            if (after.stage().question() instanceof Question.ScaleUp
                    && before.phase().rests()
                    && !replaces) {
                assertOpen(spec, Point.START, where);
                forget(spec, Point.START);
            }
        }

        private static boolean initialises(Rollout r) {
            return r.phase() == Phase.INITIALIZING;
        }

        /** Another controller was at it already. */
        private static boolean wasFoundPromoting(Rollout r) {
            return r.promoting();
        }

        private void assertOpen(Spec spec, Point point, String where) {
            assertThat(opened)
                    .as("%s is not open: %s", point, where)
                    .containsAll(spec.hooks(new HookType.Meaning.Confirms(point)));
        }

        private void forget(Spec spec, Point point) {
            List.copyOf(spec.hooks(new HookType.Meaning.Confirms(point))).forEach(opened::remove);
        }

        /** Held, nothing advances: no new check, no more traffic, no promotion. */
        private void held(Rollout before, Transition decision, String where) {
            var known = Exposure.of(before.traffic().split());
            var read = Exposure.of(decision.state().traffic().split());
            var present = known.isAbove(read) ? known : read;
            boolean heldThroughout = before.held() && decision.state().held();
            for (Effect effect : decision.effects()) {
                switch (effect) {
                    case Route route -> {
                        if (asked.add(route.step().step()) && heldThroughout) {
                            boolean copies = route.action() == RouteAction.PROMOTE;
                            boolean raises =
                                    route.action() != RouteAction.INITIALIZE
                                            && Exposure.of(route.split()).isAbove(present)
                                            && !(decision.state().stage().question()
                                                    instanceof Question.Rescue);
                            assertThat(copies || raises).as("held: " + where).isFalse();
                        }
                    }
                    case Effect.AskMetrics ask ->
                            assertThat(asked.add(ask.step().step()) && heldThroughout)
                                    .as("held: " + where)
                                    .isFalse();
                    case CallHook _,
                            Effect.Chat _,
                            Effect.Notice _,
                            Announce _,
                            Effect.AskPermit _,
                            Effect.ReturnPermit _,
                            Effect.TellStanding _,
                            Effect.JoinGroup _,
                            Effect.LeaveGroup _,
                            Happened _ -> {}
                }
            }
        }
    }
}
