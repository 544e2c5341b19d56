package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Governed.Needs;
import dev.serinus.analysis.rollout.Governed.PassedWave;
import dev.serinus.analysis.rollout.Governed.Permit;
import dev.serinus.analysis.rollout.Governed.Progress;
import dev.serinus.analysis.rollout.RolloutEvent.PermitAnswered;
import dev.serinus.analysis.rollout.gate.AwaitedPromotion;
import dev.serinus.analysis.rollout.gate.FleetRules;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rollout's place in the budgets that cover it. Whoever stops needing it gives it back, whichever
 * way that came about: this is looked at once, after everything else is decided.
 */
final class Permits {

    private Permits() {}

    static FleetRules rules(Rollout r) {
        var governed = r.governed();
        return governed == null ? FleetRules.NONE : governed.rules();
    }

    static @Nullable Permit of(Rollout r) {
        var governed = r.governed();
        return governed == null ? null : governed.permit();
    }

    /**
     * What is only tried takes nobody's place. Where traffic is at the canary already, since the
     * primary does not serve, the run is the way out, and counts without waiting; so does a return
     * to what was promoted before.
     */
    static boolean isNeeded(Rollout r) {
        Permit permit = of(r);
        return !needs(r).areNone()
                && !r.run().stays()
                && !r.returns()
                && !r.traffic().canaryWeight().isAny()
                && (permit == null || permit.progress() != Progress.HELD);
    }

    /** It is counted by the budgets that cover it. */
    static boolean hasPlace(Rollout r) {
        Permit permit = of(r);
        return permit != null && permit.progress() == Progress.HELD && !permit.claims().isEmpty();
    }

    /** It was told its place in the line. */
    static boolean isPlaced(Rollout r) {
        Permit permit = of(r);
        return permit != null && permit.place() > 0;
    }

    /** What one that has its place says from time to time, so that nobody takes it for gone. */
    static Optional<Effect.AskPermit> saidAgain(Rollout r) {
        Permit permit = of(r);
        return permit == null || permit.progress() != Progress.HELD
                ? Optional.empty()
                : Optional.of(asking(r, permit, true));
    }

    static Rollout with(Rollout r, FleetRules rules) {
        return r.with(governed(r).with(rules).orNone());
    }

    private static Rollout with(Rollout r, @Nullable Permit permit) {
        return r.with(governed(r).with(permit).orNone());
    }

    static Rollout with(Rollout r, Governed.@Nullable WaveWait waited) {
        return r.with(governed(r).with(waited).orNone());
    }

    static Rollout with(Rollout r, Governed.@Nullable GroupPlace place) {
        return r.with(governed(r).with(place).orNone());
    }

    private static Governed governed(Rollout r) {
        var governed = r.governed();
        return governed == null ? Governed.of(FleetRules.NONE) : governed;
    }

    /** The canary that is to be promoted first; empty while a budget is to have room. */
    static Optional<String> behind(Rollout r) {
        Permit permit = of(r);
        if (permit == null) {
            return Optional.empty();
        }
        return permit.behind() == null && permit.because().isEmpty()
                ? permit.awaited().stream().map(AwaitedPromotion::canary).findFirst()
                : Optional.ofNullable(permit.behind());
    }

    /** What a run that begins now needs of the fleet. */
    private static Needs needs(Rollout r) {
        return DryRun.isOn(r)
                ? Needs.NONE
                : new Needs(rules(r).budgets(), isPassed(r) ? List.of() : AwaitedPromotions.of(r));
    }

    /** People let this run begin before others, with what its target shows. */
    private static boolean isPassed(Rollout r) {
        return passing(r).equals(governed(r).passed());
    }

    static PassedWave passing(Rollout r) {
        Workload target = r.target();
        return new PassedWave(r.run().number(), target == null ? "" : target.released());
    }

    /** What was said of a wave counts until the run has begun, whoever closes its start. */
    private static Transition forgotten(Transition decided) {
        Rollout r = decided.state();
        var governed = r.governed();
        if (governed == null) {
            return decided;
        }
        boolean passed = r.stage().part() == Part.START && isPassed(r);
        var kept = governed.with(passed ? governed.passed() : null).with(WaveTimeouts.kept(r));
        return kept.equals(governed)
                ? decided
                : new Transition(r.with(kept.orNone()), decided.effects());
    }

    /** Asks for a permit as this step, or for the place in the line of one that was asked for. */
    static TransitionBuilder ask(TransitionBuilder t) {
        Permit before = of(t.now());
        var needs = needs(t.now());
        var permit =
                before == null
                        ? Permit.asked(t.now().counters().step(), needs)
                        : before.forNeeds(needs);
        return t.with(with(t.now(), permit)).plus(asking(t.now(), permit, false));
    }

    static Rollout answered(Rollout r, PermitAnswered answer) {
        Permit permit = of(r);
        return permit == null
                ? r
                : with(
                        r,
                        answer.granted()
                                ? permit.held()
                                : permit.placed(
                                        answer.place(),
                                        answer.because(),
                                        answer.behind(),
                                        answer.until()));
    }

    /** People let it pass the line: it counts as one that runs, also above the budget. */
    static TransitionBuilder passed(TransitionBuilder t) {
        Permit permit = of(t.now());
        if (permit == null) {
            return t;
        }
        var held = permit.held();
        var told = t.with(with(t.now(), held)).plus(asking(t.now(), held, true));
        return behind(t.now()).isEmpty()
                ? told
                : told.with(
                        told.now().with(governed(told.now()).with(passing(told.now())).orNone()));
    }

    /** True for the answer to what was asked last, while it is waited for. */
    static boolean awaits(Rollout r, PermitAnswered answer) {
        Permit permit = of(r);
        return permit != null
                && permit.progress() == Progress.ASKED
                && answer.uid().equals(r.uid())
                && answer.step() == permit.step();
    }

    /** A new run asks for itself: whoever had a place for the one before has had his turn. */
    static TransitionBuilder givenBack(TransitionBuilder t) {
        Permit had = of(t.now());
        return had == null ? t : t.with(with(t.now(), (Permit) null)).plus(back(t.now(), had));
    }

    /** What goes on to bind a canary of which all else is forgotten. */
    static @Nullable Governed ofNextLife(Rollout r) {
        var governed = r.governed();
        return governed == null ? null : governed.ofNextLife().orNone();
    }

    /**
     * What a decision means for the permit: given back where it is needed no more, asked for where
     * a run is under way without one, and said anew where other budgets cover the canary.
     */
    static Transition kept(Rollout before, Transition decided) {
        return held(notLost(before, forgotten(decided)));
    }

    /** One of which the state knows nothing any more is given back all the same. */
    private static Transition notLost(Rollout before, Transition decided) {
        Permit had = of(before);
        Permit has = of(decided.state());
        if (had == null || (has != null && had.step() == has.step())) {
            return decided;
        }
        Effect back = back(before, had);
        return decided.effects().contains(back) ? decided : plus(decided, decided.state(), back);
    }

    private static Transition held(Transition decided) {
        Rollout after = decided.state();
        Permit has = of(after);
        Needs needs = needs(after);
        if (has == null) {
            return needs.claims().isEmpty() || !isUnderWay(after)
                    ? decided
                    : claimed(decided, Permit.asked(after.counters().step(), needs).held(), true);
        }
        if (!isUsed(after) || isDone(after, needs) || isOfAnother(after, has, needs)) {
            return plus(decided, with(after, (Permit) null), back(after, has));
        }
        if (has.progress() == Progress.ASKED && isUnderWay(after)) {
            return claimed(decided, has.forNeeds(needs).held(), true); // it waited for it no more
        }
        return has.isFor(needs) || (isUnderWay(after) && has.claims().equals(needs.claims()))
                ? decided
                : claimed(decided, has.forNeeds(needs), has.progress() == Progress.HELD);
    }

    /** Of a run that has begun, nothing is counted but its places in budgets. */
    private static boolean isDone(Rollout r, Needs needs) {
        return needs.claims().isEmpty() && (needs.after().isEmpty() || isUnderWay(r));
    }

    /** It was let pass with one release, and its target shows another one before it began. */
    private static boolean isOfAnother(Rollout r, Permit has, Needs needs) {
        return has.progress() == Progress.HELD
                && !isUnderWay(r)
                && r.stage().part() == Part.START
                && !needs.after().isEmpty()
                && !has.awaited().equals(needs.after());
    }

    private static Transition claimed(Transition decided, Permit permit, boolean running) {
        Rollout after = decided.state();
        return plus(decided, with(after, permit), asking(after, permit, running));
    }

    private static Effect.AskPermit asking(Rollout r, Permit permit, boolean running) {
        return new Effect.AskPermit(
                r.uid(), permit.step(), permit.claims(), running, permit.after());
    }

    private static Effect back(Rollout r, Permit permit) {
        return new Effect.ReturnPermit(r.uid(), permit.step());
    }

    private static Transition plus(Transition decided, Rollout state, Effect effect) {
        var effects = new ArrayList<>(decided.effects());
        effects.add(effect);
        return new Transition(state, effects);
    }

    /** A run that something else than the budget holds up before it begins takes no place. */
    private static boolean isUsed(Rollout r) {
        return switch (r.stage().part()) {
            case START ->
                    r.stage() instanceof Stage.Asking
                            || r.stage().awaited() instanceof Awaited.Turn;
            case ANALYSIS, PROMOTION, ROLLBACK, END -> true;
            case NONE, INITIALIZATION, REST, DELETION -> false;
        };
    }

    /** It has begun, by whatever way: it was found at work, or the budget is newer than the run. */
    private static boolean isUnderWay(Rollout r) {
        return switch (r.stage().part()) {
            case ANALYSIS, PROMOTION, ROLLBACK -> true;
            case START, END, NONE, INITIALIZATION, REST, DELETION -> false;
        };
    }
}
