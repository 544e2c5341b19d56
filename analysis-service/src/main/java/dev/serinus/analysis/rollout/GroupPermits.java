package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Governed.GroupPlace;
import dev.serinus.analysis.rollout.RolloutEvent.GroupAnswered;
import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;

/**
 * A rollout's part in its group. It says when its run begins, when it could be promoted and when it
 * has ended, whichever way: this is looked at once, after everything else is decided.
 */
final class GroupPermits {

    private GroupPermits() {}

    /**
     * None for what is only tried, for a return to what was promoted before, for what its author
     * took back, and for the way out of a primary that does not serve.
     */
    private static @Nullable Group group(Rollout r) {
        var spec = r.spec();
        return spec == null
                        || DryRun.isOn(r)
                        || r.run().stays()
                        || r.run().withdrawn()
                        || r.returns()
                ? null
                : r.specInForce().ruled().group();
    }

    private static @Nullable GroupPlace kept(Rollout r) {
        var governed = r.governed();
        return governed == null ? null : governed.group();
    }

    /** That of this run. */
    private static Optional<GroupPlace> place(Rollout r) {
        return Optional.ofNullable(kept(r)).filter(place -> place.run() == r.run().number());
    }

    /** It is not to be promoted before the others could be. */
    static boolean isAwaited(Rollout r) {
        return group(r) != null && place(r).filter(GroupPlace::isOpen).isEmpty();
    }

    /** It waits for the others, and nothing else keeps it. */
    static boolean isWaiting(Rollout r) {
        return r.run().gateClosedSince() == null
                && place(r).filter(place -> place.since() != null).isPresent();
    }

    /** What people approve to let it be promoted without the others; empty where none are. */
    static Optional<String> gate(Rollout r) {
        var group = group(r);
        return group == null || !isAwaited(r) || !isBefore(r)
                ? Optional.empty()
                : Optional.of(group.gate());
    }

    /** A run goes on that is not promoted yet. */
    private static boolean isBefore(Rollout r) {
        return r.stage().part() == Part.START
                || (r.stage().part() == Part.ANALYSIS && !r.promoting());
    }

    // ---- it is ready

    /** It could be promoted: it says so, and asks again for what it was told. */
    static TransitionBuilder ready(TransitionBuilder t) {
        var group = Objects.requireNonNull(group(t.now()), "only one of a group waits for it");
        var before = place(t.now()).orElseGet(() -> joining(t.now(), group));
        var state = isSteady(t.now()) ? GroupState.READY : GroupState.RUNS;
        boolean counts = before.state() == GroupState.READY && !Freezes.lasts(t.now(), t.at());
        var since = counts ? before.since() : null;
        var place = before.state(state, since == null ? t.at() : since);
        return t.with(with(t.now(), place)).plus(said(t.now(), place));
    }

    /** What does not serve by now could not be promoted. */
    private static boolean isSteady(Rollout r) {
        Workload target = r.target();
        return target != null && target.releasable();
    }

    /**
     * It waits for the others alone, or is looked at meanwhile and nothing of that look has failed
     * yet. Whatever else it waits for would keep it from being promoted.
     */
    private static boolean isStillReady(Rollout r) {
        var at = r.at();
        return isSteady(r)
                && !r.held()
                && !HeldFailure.isOn(r)
                && (at == null || Freezes.holding(r, Point.PROMOTE, at).isEmpty())
                && switch (r.stage()) {
                    case Stage.Waiting(Awaited.GroupReady _, var _) -> true;
                    // Asked again: whoever was asked first is silent.
                    case Stage.Asking(var question, var ask) ->
                            ask.attempt() == 1
                                    && (question instanceof Question.OfHook
                                            || question instanceof Question.OfMetrics);
                    case Stage.Waiting _,
                            Stage.Unknown _,
                            Stage.InitializationFailed _,
                            Stage.Resting _,
                            Stage.Terminated _,
                            Stage.Gone _ ->
                            false;
                };
    }

    /** True where people were not told yet that it waits. */
    static boolean isNews(Rollout r) {
        return place(r).filter(place -> place.since() != null).isEmpty();
    }

    /** True for the answer to what was said last. */
    static boolean awaits(Rollout r, GroupAnswered answer) {
        return place(r).filter(place -> place.step() == answer.step() && !place.isOpen())
                        .isPresent()
                && answer.uid().equals(r.uid());
    }

    static Rollout answered(Rollout r, GroupAnswered answer) {
        return place(r).map(
                        place ->
                                with(
                                        r,
                                        switch (answer.outcome()) {
                                            case WAITS ->
                                                    place.told(answer.because(), answer.until());
                                            case OPEN -> place.opened();
                                            case FAILED -> place.told("", null);
                                        }))
                .orElse(r);
    }

    /** One of the others failed: this one is taken back, whoever holds it. */
    static TransitionBuilder failed(TransitionBuilder t, String because) {
        var group = group(t.now());
        if (group == null || !isBefore(t.now())) {
            return t;
        }
        String words = "group %s: %s failed".formatted(group.name(), because);
        return t.warning("Rolling back %s %s".formatted(t.canary(), words))
                .chat(Severity.ERROR, "Rolled back, " + words)
                .then(new Next.RollBack(words));
    }

    // ---- without the others

    /** It is promoted without the others. */
    static TransitionBuilder open(TransitionBuilder t) {
        var group = Objects.requireNonNull(group(t.now()), "only one of a group is let through");
        var place = place(t.now()).orElseGet(() -> joining(t.now(), group)).opened();
        return t.with(with(t.now(), place)).plus(said(t.now(), place));
    }

    /** People opened it after it was waited for too long; empty where it is another gate. */
    static Optional<TransitionBuilder> opened(TransitionBuilder t, WaitingGate gate) {
        return gate(t.now())
                .filter(own -> gate.point() == Point.PROMOTE && own.equals(gate.hook()))
                .map(_ -> open(t));
    }

    /**
     * When it will have waited for too long; empty while it does not wait for the others alone, and
     * during a freeze, which holds the others as well. Where time alone is waited for, which has
     * its own end, it is counted from that.
     */
    static Optional<Instant> limit(Rollout r) {
        var group = group(r);
        return group == null || Freezes.lasts(r, r.at())
                ? Optional.empty()
                : place(r).filter(place -> place.state() == GroupState.READY)
                        .flatMap(GroupPermits::counted)
                        .map(since -> group.limit().end(since));
    }

    private static Optional<Instant> counted(GroupPlace place) {
        var since = place.since();
        var until = place.until();
        return Optional.ofNullable(
                since != null && until != null && until.isAfter(since) ? until : since);
    }

    /** What follows where it waited for too long. Held, nothing runs out. */
    static Optional<TransitionBuilder> timedOut(TransitionBuilder t) {
        return t.now().held()
                ? Optional.empty()
                : limit(t.now())
                        .filter(end -> !t.at().isBefore(end))
                        .map(_ -> late(t, Objects.requireNonNull(group(t.now()))));
    }

    private static TransitionBuilder late(TransitionBuilder t, Group group) {
        String words =
                "group %s was not ready within %s"
                        .formatted(group.name(), Durations.print(group.limit().timeout()));
        var gate = new WaitingGate(Point.PROMOTE, group.gate());
        return switch (group.limit().onTimeout()) {
            case PROCEED -> {
                String on = "%s: %s goes on without it".formatted(words, t.canary());
                yield OpenedGate.goOn(
                        open(t).warning(on).chat(Severity.WARN, on).happened("GateTimedOut", on),
                        Point.PROMOTE);
            }
            case FAIL -> HeldFailure.failed(anew(t), words, gate);
            case HOLD -> HeldFailure.begin(anew(t), words, words, gate);
        };
    }

    /** It did not wait meanwhile: all of the time begins again. */
    static TransitionBuilder anew(TransitionBuilder t) {
        return place(t.now())
                .filter(place -> place.since() != null)
                .map(place -> place.state(GroupState.RUNS, null))
                .map(place -> t.with(with(t.now(), place)).plus(said(t.now(), place)))
                .orElse(t);
    }

    static String words(Rollout r) {
        var group = group(r);
        String because = place(r).map(GroupPlace::because).orElse("");
        return "its group %s%s%s"
                .formatted(
                        group == null ? "" : group.name(),
                        because.isEmpty() ? "" : ": " + because,
                        limit(r).filter(_ -> waitsForTime(r).isEmpty())
                                .map(end -> ", until " + end)
                                .orElse(""));
    }

    private static Optional<Instant> waitsForTime(Rollout r) {
        return place(r).map(GroupPlace::until);
    }

    // ---- kept in step with the run

    /** What it says from time to time, so that nobody takes it for gone. */
    static Optional<Effect> saidAgain(Rollout r) {
        return group(r) == null ? Optional.empty() : place(r).map(place -> said(r, place));
    }

    /** What a decision means for the group: it takes part, is ready no more, or has left. */
    static Transition kept(Rollout before, Transition decided) {
        var after = decided.state();
        var told =
                group(after) != null && isRunning(after)
                        ? joined(decided)
                        : left(decided, kept(after));
        var had = kept(before);
        var has = kept(told.state());
        return had == null || (has != null && has.step() == had.step())
                ? told
                : without(told, had, before);
    }

    private static Transition left(Transition decided, @Nullable GroupPlace has) {
        return has == null
                ? decided
                : plus(
                        new Transition(with(decided.state(), (GroupPlace) null), decided.effects()),
                        leaving(decided.state(), has));
    }

    /** One of which the state knows nothing any more has left all the same. */
    private static Transition without(Transition decided, GroupPlace had, Rollout before) {
        var leaving = new Effect.LeaveGroup(before.uid(), had.step(), false);
        boolean said =
                decided.effects().stream()
                        .anyMatch(
                                effect ->
                                        effect instanceof Effect.LeaveGroup left
                                                && left.uid().equals(before.uid())
                                                && left.step() == had.step());
        return said ? decided : plus(decided, leaving);
    }

    private static Transition joined(Transition decided) {
        var r = decided.state();
        var group = Objects.requireNonNull(group(r), "it takes part");
        var has = kept(r);
        if (has == null) {
            var place = joining(r, group);
            return plus(new Transition(with(r, place), decided.effects()), said(r, place));
        }
        if (has.run() != r.run().number()) {
            var place = joining(r, group).inPlaceOf(has);
            return plus(
                    plus(
                            new Transition(with(r, place), decided.effects()),
                            new Effect.LeaveGroup(r.uid(), has.step(), false)),
                    said(r, place));
        }
        boolean lost = has.state() == GroupState.READY && !isStillReady(r);
        boolean stands = has.since() != null && Freezes.lasts(r, r.at());
        var place =
                has.of(group)
                        .state(lost ? GroupState.RUNS : has.state(), stands ? r.at() : has.since());
        var kept = new Transition(with(r, place), decided.effects());
        return said(r, place).equals(said(r, has)) ? kept : plus(kept, said(r, place));
    }

    private static boolean isRunning(Rollout r) {
        return switch (r.stage().part()) {
            case START, ANALYSIS, PROMOTION -> true;
            case NONE, INITIALIZATION, REST, ROLLBACK, END, DELETION -> false;
        };
    }

    /** It failed where it is taken back, and where its promotion did not succeed. */
    private static Effect.LeaveGroup leaving(Rollout r, GroupPlace place) {
        boolean failed =
                !r.run().withdrawn()
                        && place.run() == r.run().number()
                        && (r.stage().part() == Part.ROLLBACK
                                || ((r.stage().part() == Part.END || r.stage().part() == Part.REST)
                                        && r.phase() == Phase.FAILED));
        return new Effect.LeaveGroup(r.uid(), place.step(), failed);
    }

    private static GroupPlace joining(Rollout r, Group group) {
        var begun = r.run().startedAt();
        return new GroupPlace(
                r.counters().step(),
                r.run().number(),
                // Nobody keeps it any more.
                r.promoting() || r.stage().part() == Part.PROMOTION
                        ? GroupState.OPEN
                        : GroupState.RUNS,
                begun == null ? Instant.EPOCH : begun,
                null,
                null,
                "",
                null,
                group);
    }

    private static Effect said(Rollout r, GroupPlace place) {
        return new Effect.JoinGroup(
                r.uid(),
                place.step(),
                place.group().name(),
                place.group().others(r.canary()),
                place.state(),
                place.begun(),
                place.earlier());
    }

    private static Rollout with(Rollout r, @Nullable GroupPlace place) {
        return Permits.with(r, place);
    }

    private static Transition plus(Transition decided, Effect effect) {
        var effects = new ArrayList<>(decided.effects());
        effects.add(effect);
        return new Transition(decided.state(), effects);
    }
}
