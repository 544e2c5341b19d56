package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.RolloutEvent.BaselineSeen;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryGone;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryRejected;
import dev.serinus.analysis.rollout.RolloutEvent.CanarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.PermitAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.RulesSeen;
import dev.serinus.analysis.rollout.RolloutEvent.StandingAsked;
import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that a rollout ever does. No clock, no cluster, no broker: time is in the event. Total: an
 * event that nobody waits for changes nothing, since late and repeated answers are normal on a log.
 *
 * <p>An event is taken in three moves: what it says is noted, what it means at the present stage is
 * decided, and then whatever is true by now is followed up until nothing more follows. The parts
 * (such as {@link Analysis}) each decide about their own and say what comes next; only the machine
 * calls them.
 */
public final class RolloutMachine {

    /** More moves than any event ever needs: beyond, two parts send each other in a circle. */
    private static final int MOVES = 64;

    private RolloutMachine() {}

    /** What follows from an event: the state to keep and the effects to send. */
    public static Transition next(Rollout rollout, RolloutEvent event) {
        return Concern.of(rollout, event)
                ? Watched.told(
                        rollout,
                        GroupPermits.kept(
                                rollout,
                                Permits.kept(rollout, Released.noted(decided(rollout, event)))))
                : new Transition(rollout, List.of());
    }

    private static Transition decided(Rollout rollout, RolloutEvent event) {
        var t = settled(taken(TransitionBuilder.of(rollout, event.at()), event));
        if (!DryRun.begins(t)) {
            return tried(t).end();
        }
        // What came before was really done, and is told as such.
        var done = t.end();
        var on = DryRun.begun(TransitionBuilder.of(done.state(), event.at()));
        var after = tried(settled(on.then(t.next()))).end();
        return new Transition(
                after.state(),
                Stream.concat(done.effects().stream(), after.effects().stream()).toList());
    }

    /** In a dry run all that others would do is answered at once. */
    private static TransitionBuilder tried(TransitionBuilder begun) {
        var t = begun;
        for (int answers = 0; answers < MOVES; answers++) {
            var made = DryRun.primaryMade(t);
            var answer = DryRun.answer(t);
            if (made.isEmpty() && answer.isEmpty()) {
                return t;
            }
            t = settled(made.isPresent() ? made.get() : taken(DryRun.imagined(t), answer.get()));
        }
        throw new IllegalStateException("a dry run goes round in a circle at " + t.stage());
    }

    private static TransitionBuilder taken(TransitionBuilder t, RolloutEvent event) {
        return switch (event) {
            case CanarySeen seen -> canarySeen(t, seen);
            case CanaryRejected rejected -> canaryRejected(t, rejected);
            case CanaryGone gone -> Deletion.gone(t, gone.left());
            case TargetSeen seen -> targetSeen(t, seen.workload());
            case PrimarySeen seen -> primarySeen(t, seen.workload());
            case BaselineSeen seen -> PodProgress.ofCanary(Known.baseline(t, seen.workload()));
            case RouterAnswered answer -> routerAnswered(t, answer);
            case MetricsAnswered answer -> metricsAnswered(t, answer);
            case HookAnswered answer -> hookAnswered(t, answer);
            case ActionAsked asked -> Actions.take(t, asked);
            case RulesSeen seen -> t.with(Permits.with(t.now(), seen.rules()));
            case PermitAnswered answer -> permitAnswered(t, answer);
            case RolloutEvent.GroupAnswered answer -> Gates.answered(t, answer);
            case StandingAsked _ -> Watched.asked(t);
            case TimerFired _ -> timerFired(t);
        };
    }

    // ---- what an event means

    private static TransitionBuilder canarySeen(TransitionBuilder before, CanarySeen seen) {
        var t = Known.of(before, seen);
        boolean wasHeld = t.now().held();
        boolean known = t.now().spec() != null;
        var noted = noted(t, seen);
        if (DryRun.isOn(noted.now()) && (seen.deleting() || !seen.spec().dryRun())) {
            return tried(noted, seen);
        }
        if (seen.deleting()) {
            return isRestored(noted.stage()) ? noted : noted.then(new Next.Restore());
        }
        boolean held = noted.now().held();
        if (!known) {
            return met(noted, seen);
        }
        if (DryRun.begins(noted)) {
            return DryRun.begun(noted);
        }
        if (t.now().manifest().shaping().equals(noted.now().manifest().shaping())) {
            return noted;
        }
        if (AnotherTarget.isNamed(noted, t.spec())) {
            var told =
                    held == wasHeld
                            ? noted
                            : held ? Holding.suspended(noted) : Holding.released(noted).then(null);
            return AnotherTarget.named(told, t.spec());
        }
        if (held == wasHeld) {
            return edited(noted, t.spec(), seen.generation() != t.now().generation());
        }
        var told = held ? Holding.suspended(noted) : Holding.released(noted);
        boolean shaped = noted.spec().isButForSuspend(t.spec());
        return shaped || told.next() != null ? told : edited(told, t.spec(), true);
    }

    /** For the first time, or for the first time since it was only tried. */
    private static TransitionBuilder met(TransitionBuilder noted, CanarySeen seen) {
        boolean tries = seen.spec().dryRun();
        return suspendedIf(
                Handover.begin(
                        tries ? noted.with(DryRun.begun(noted.now())) : noted, seen.prior()));
    }

    private static TransitionBuilder suspendedIf(TransitionBuilder begun) {
        return begun.now().isSuspended() ? Holding.suspended(begun).then(begun.next()) : begun;
    }

    /**
     * A dry run is over. A Canary that is not ours yet goes as it is; of one that is, what was
     * there before is put back, however its deletion finds it.
     */
    private static TransitionBuilder tried(TransitionBuilder noted, CanarySeen seen) {
        if (seen.deleting() && !noted.now().manifest().claimed()) {
            return noted;
        }
        var real = TransitionBuilder.of(DryRun.ended(noted.now()), seen.at());
        return seen.deleting()
                ? real.then(new Next.Restore())
                : suspendedIf(Handover.beginAfterDryRun(real, seen.prior()));
    }

    /** Another manifest may ask another question: what was answered to the old one is no answer. */
    private static TransitionBuilder noted(TransitionBuilder t, CanarySeen seen) {
        var noted = t.with(t.now().with(Manifest.of(seen, t.now().manifest())));
        return seen.generation() == t.now().generation()
                ? noted
                : Analysis.limitsEdited(noted.with(noted.now().run().comparingAnew()));
    }

    private static boolean isRestored(Stage stage) {
        return stage.part() == Part.DELETION;
    }

    /** What the manifest made impossible may be possible now. */
    private static TransitionBuilder edited(TransitionBuilder t, Spec before, boolean another) {
        return switch (t.stage()) {
            case Stage.Resting _ -> t.then(new Next.Reshape());
            case Stage.InitializationFailed _ -> t.then(new Next.Initialize());
            case Stage.Asking(Question.OfRouter _, var _) -> t.now().held() ? t : t.again();
            // As a new step, so that the answer about the metrics of before is none.
            case Stage.Asking(Question.Metrics _, var _)
                    when another && !t.now().held() && !t.now().skipsAnalysis() ->
                    Analysis.measure(t);
            case Stage.Waiting(Awaited.FirstStep _, var timer) when another ->
                    delayed(t, timer.since());
            case Stage.Waiting(Awaited.Decision _, var _) when another -> HeldFailure.await(t);
            // Those that are asked now have not said yes, whatever the others of the group say.
            case Stage.Waiting(Awaited.GroupReady _, var _)
                    when !confirming(t.spec()).equals(confirming(before)) ->
                    t.then(new Next.AskToPromote());
            case Stage.Waiting(var awaited, var timer) when isPaced(t.now(), awaited) && another ->
                    paced(t, awaited, timer, before.interval());
            case Stage.Asking _,
                    Stage.Waiting _,
                    Stage.Unknown _,
                    Stage.Terminated _,
                    Stage.Gone _ ->
                    t;
        };
    }

    /** What is waited for lasts an interval, or is looked at each interval. */
    private static boolean isPaced(Rollout r, Awaited awaited) {
        return switch (awaited) {
            case Awaited.Interval _,
                    Awaited.OpenGate _,
                    Awaited.FreezeEnd _,
                    Awaited.GroupReady _,
                    Awaited.StepBack _,
                    Awaited.Drained _ ->
                    true;
            case Awaited.Release(var then) ->
                    then.part() == Part.ANALYSIS
                            && !r.specInForce().hooks(new Meaning.DemandsRollback()).isEmpty();
            case Awaited.FirstPrimary _,
                    Awaited.FoundTarget _,
                    Awaited.Turn _,
                    Awaited.ReadyCanary _,
                    Awaited.FirstStep _,
                    Awaited.ReadyPrimary _,
                    Awaited.CanaryAgain _,
                    Awaited.PrimaryAgain _,
                    Awaited.PromotedPrimary _,
                    Awaited.PrimaryForRollback _,
                    Awaited.Decision _ ->
                    false;
        };
    }

    /** Who lowers the interval does not wait for the end of the former one, however long it is. */
    private static TransitionBuilder paced(
            TransitionBuilder t, Awaited awaited, Wait timer, Duration before) {
        var end = timer.since().plus(t.spec().interval());
        var due = end.isBefore(t.at()) ? t.at() : end;
        boolean shorter = t.spec().interval().compareTo(before) < 0;
        return shorter && due.isBefore(timer.due()) ? t.stay(awaited, timer.since(), due) : t;
    }

    private static List<Spec.Hook> confirming(Spec spec) {
        return spec.hooks(new Meaning.Confirms(Point.PROMOTE)).stream()
                .map(spec.hooks()::get)
                .toList();
    }

    /** Another manifest may have another delay, which has begun when the one before did. */
    private static TransitionBuilder delayed(TransitionBuilder t, Instant since) {
        var delay = t.spec().delay();
        return t.stay(new Awaited.FirstStep(), since, delay == null ? t.at() : since.plus(delay));
    }

    private static TransitionBuilder canaryRejected(
            TransitionBuilder before, CanaryRejected event) {
        boolean another = Known.isAnother(before.now(), event.uid());
        var t = another ? Known.another(before, event.uid()) : before;
        var noted = t.with(t.now().with(t.now().manifest().rejected(event)));
        // Another edit with the same mistakes was looked at, and people know of them.
        return event.problems().equals(t.now().problems()) ? noted : Initialization.rejected(noted);
    }

    private static TransitionBuilder targetSeen(TransitionBuilder t, Workload target) {
        var noted =
                PodProgress.ofCanary(Start.tellOfPods(Known.target(t, target), t.now().target()));
        return noted.now().spec() == null
                ? noted
                : switch (noted.stage()) {
                    case Stage.InitializationFailed _,
                            Stage.Waiting(Awaited.FirstPrimary _, var _) ->
                            Initialization.targetChanged(noted);
                    case Stage.Asking _,
                            Stage.Waiting _,
                            Stage.Unknown _,
                            Stage.Resting _,
                            Stage.Terminated _,
                            Stage.Gone _ ->
                            noted.stage().part() != Part.START
                                    ? noted
                                    : Start.isTakenBack(noted.now()) ? noted : Start.follow(noted);
                };
    }

    private static TransitionBuilder primarySeen(TransitionBuilder t, Workload primary) {
        var noted = PodProgress.ofPrimary(Known.primary(t, primary), t.now().primary());
        boolean shown = !Revisions.reverted(t.now()) && Start.isPromotedAgain(noted.now());
        return shown && mayBeTakenBack(noted.stage()) ? takenBack(noted) : noted;
    }

    private static TransitionBuilder routerAnswered(TransitionBuilder t, RouterAnswered answer) {
        if (!(t.stage() instanceof Stage.Asking(Question.OfRouter question, var _))) {
            return t;
        }
        if (answer.outcome() != Outcome.DONE) {
            return Unanswered.refused(t, answer);
        }
        var read = Known.route(told(t, answer), question, answer);
        return ShortShare.of(read, question, answer)
                .or(() -> AnotherTarget.kept(read, question, answer))
                .map(because -> Unanswered.undone(read, because))
                .orElseGet(() -> done(read, question, answer.revision()));
    }

    /** Traffic was taken back although something is wrong besides. */
    private static TransitionBuilder told(TransitionBuilder t, RouterAnswered answer) {
        return answer.because().isEmpty() ? t : t.warnOnce(answer.because());
    }

    private static TransitionBuilder done(
            TransitionBuilder t, Question.OfRouter question, String copied) {
        return switch (question) {
            case Question.Initialize _, Question.CopyFirst _ -> Initialization.created(t);
            case Question.TakeOver _ -> Initialization.takenOver(t, copied);
            case Question.Adopt _ -> Handover.met(t, copied);
            case Question.Reshape _ -> t.ask(new Question.Reroute());
            case Question.Reroute _ -> t.then(new Next.Rest());
            case Question.ClearBeforeRun _ -> t.then(new Next.AskToStart());
            case Question.ScaleUp up ->
                    up.takesAway() ? Start.stopped(Baseline.stopped(t)) : scaledUp(t);
            case Question.StartBaseline(var withoutTraffic) ->
                    Baseline.started(t)
                            .then(
                                    withoutTraffic
                                            ? new Next.AwaitCanaryAgain()
                                            : new Next.AwaitCanary());
            case Question.StopBaseline(var then) -> Baseline.stopped(t).then(then);
            case Question.ClearForRestart _ -> t.then(new Next.AwaitCanary());
            case Question.Shift _ -> Analysis.arrived(t);
            case Question.Retreat(var from) -> Protection.retreated(t, from);
            case Question.Rescue(var from) -> Protection.rescued(t, from);
            case Question.Copy _ -> Promotion.copied(t);
            case Question.RouteBack _ -> Promotion.routedBack(t);
            case Question.ScaleDown _ -> t.then(new Next.EndPromoted());
            case Question.RollBack _ -> Rollback.trafficTaken(t);
            case Question.ScaleDownFailed _ -> t.then(new Next.EndRolledBack());
            case Question.Restore _ -> Deletion.restored(t);
        };
    }

    /** With what pods began that a release before asked for was not noted: others begin. */
    private static TransitionBuilder scaledUp(TransitionBuilder t) {
        return PodConfigs.areOutdated(t.now())
                ? Start.pods(t)
                : Baseline.started(Start.scaledUp(t)).then(new Next.AwaitCanary());
    }

    private static TransitionBuilder metricsAnswered(TransitionBuilder t, MetricsAnswered answer) {
        if (!(t.stage() instanceof Stage.Asking(Question.OfMetrics question, var _))) {
            return t;
        }
        return switch (question) {
            case Question.Availability _ -> Initialization.available(t, answer.measurements());
            case Question.Metrics _ ->
                    t.now().held()
                            ? t.then(new Next.Park(Analysis.again(t.now())))
                            : t.now().skipsAnalysis()
                                    ? t.then(new Next.Tick())
                                    : Analysis.measured(
                                            t, answer.generation(), answer.measurements());
        };
    }

    private static TransitionBuilder hookAnswered(TransitionBuilder t, HookAnswered answer) {
        if (!(t.stage() instanceof Stage.Asking(Question.OfHook question, var _))) {
            return t;
        }
        if (!Hooks.isThere(t.spec(), question) || !Hooks.isOf(t.spec(), answer)) {
            return hooksAnew(t, question);
        }
        Spec.Hook hook = t.spec().hooks().get(question.hook());
        if (answer.changed()) {
            boolean waits = hook.type().meaning() instanceof Meaning.AfterTheEnd;
            return Unanswered.isNewEdit(t, waits)
                    ? Unanswered.changed(t, answer.because())
                    : withoutHook(t, question, hook, answer);
        }
        return switch (question) {
            case Question.AskForRollback(var type, var place, var then) ->
                    rollbackAnswered(t, hook, answer, type.meaning(), place, then);
            case Question.CallHook(var type, var place) ->
                    switch (type.meaning()) {
                        case Meaning.Confirms(var point) ->
                                answer.passed()
                                        ? Gates.passed(passed(t, hook), point, place)
                                        : Gates.closed(t, point, place);
                        case Meaning.Check _, Meaning.BeforeTraffic _ ->
                                checked(t, hook, answer, type.meaning(), place);
                        case Meaning.AfterTheEnd _ -> End.answered(t, hook, answer);
                        case Meaning.DemandsRollback _, Meaning.IsTold _ ->
                                throw new IllegalStateException(type + " is not asked like this");
                    };
        };
    }

    private static TransitionBuilder passed(TransitionBuilder t, Spec.Hook hook) {
        return t.normal(
                DryRun.isOn(t.now())
                        ? "%s hook %s not called".formatted(hook.type().label(), hook.name())
                        : "%s check %s passed".formatted(hook.type().label(), hook.name()));
    }

    private static TransitionBuilder checked(
            TransitionBuilder t, Spec.Hook hook, HookAnswered answer, Meaning meaning, int place) {
        if (t.now().held()) {
            return t.then(new Next.Park(Analysis.again(t.now())));
        }
        if (t.now().skipsAnalysis()) {
            return t.then(new Next.Tick());
        }
        if (!answer.passed()) {
            return Analysis.hookFailed(t, hook, answer);
        }
        var told = Analysis.reported(t, hook, answer);
        return Analysis.hooksFrom(
                meaning instanceof Meaning.BeforeTraffic ? passed(told, hook) : told,
                meaning,
                place);
    }

    private static TransitionBuilder rollbackAnswered(
            TransitionBuilder t,
            Spec.Hook hook,
            HookAnswered answer,
            Meaning meaning,
            int place,
            Next then) {
        if (answer.passed()) {
            return Rollback.demanded(t, hook);
        }
        var told =
                t.now().held()
                        ? t
                        : t.normal(
                                "Rollback hook %s not signaling a rollback".formatted(hook.name()));
        return noRollback(told, meaning, place, then);
    }

    private static TransitionBuilder noRollback(
            TransitionBuilder t, Meaning meaning, int place, Next then) {
        return Hooks.after(t.spec(), meaning, place)
                .map(next -> t.ask(Hooks.demand(t.spec(), next, then)))
                .orElseGet(() -> t.then(then));
    }

    /**
     * The cluster's manifest has no such webhook any more, and the edit does not become known here.
     * That is no verdict, and keeps none of the others from theirs: what would have passed waits, a
     * gate stays closed, and what fails is taken back.
     */
    private static TransitionBuilder withoutHook(
            TransitionBuilder t, Question.OfHook question, Spec.Hook hook, HookAnswered answer) {
        return switch (question) {
            case Question.AskForRollback(var type, var place, var then) ->
                    noRollback(
                            then instanceof Next.Check
                                    ? Analysis.withoutHook(t, answer.because())
                                    : t,
                            type.meaning(),
                            place,
                            then);
            case Question.CallHook(var type, var place) ->
                    switch (type.meaning()) {
                        case Meaning.Confirms(var point) -> Gates.closed(t, point, place);
                        case Meaning.Check _, Meaning.BeforeTraffic _ ->
                                t.now().held()
                                        ? t.then(new Next.Park(Analysis.again(t.now())))
                                        : t.now().skipsAnalysis()
                                                ? t.then(new Next.Tick())
                                                : Analysis.hooksFrom(
                                                        Analysis.withoutHook(t, answer.because()),
                                                        type.meaning(),
                                                        place);
                        case Meaning.AfterTheEnd _ -> End.answered(t, hook, answer);
                        case Meaning.DemandsRollback _, Meaning.IsTold _ ->
                                throw new IllegalStateException(type + " is not asked like this");
                    };
        };
    }

    /** The manifest has changed since: its hooks of this kind are asked from the first. */
    private static TransitionBuilder hooksAnew(TransitionBuilder t, Question.OfHook question) {
        return switch (question) {
            case Question.AskForRollback(var _, var _, var then) -> Hooks.demand(t, then);
            case Question.CallHook(var type, var _) ->
                    switch (type.meaning()) {
                        case Meaning.Confirms(var point) -> Gates.ask(t, point, Hooks.NONE_YET);
                        case Meaning.Check _, Meaning.BeforeTraffic _ ->
                                t.now().held()
                                        ? t.then(new Next.Park(Analysis.again(t.now())))
                                        : Analysis.hooksFrom(t, type.meaning(), Hooks.NONE_YET);
                        case Meaning.AfterTheEnd _, Meaning.IsTold _ ->
                                End.hooksFrom(t, Hooks.NONE_YET);
                        case Meaning.DemandsRollback _ -> t.then(new Next.Tick());
                    };
        };
    }

    private static TransitionBuilder timerFired(TransitionBuilder t) {
        return switch (t.stage()) {
            case Stage.Asking(var question, var _) -> unanswered(t, question);
            case Stage.Waiting(var awaited, var timer) ->
                    timer.look() == null ? due(t, awaited) : FirstLook.taken(t, awaited, timer);
            case Stage.Unknown _,
                    Stage.InitializationFailed _,
                    Stage.Resting _,
                    Stage.Terminated _,
                    Stage.Gone _ ->
                    t;
        };
    }

    private static TransitionBuilder unanswered(TransitionBuilder t, Question question) {
        return switch (question) {
            case Question.Availability _ -> Initialization.unanswered(t);
            case Question.OfHook asked when !Hooks.isThere(t.spec(), asked) -> hooksAnew(t, asked);
            case Question.Shift shift -> whileUnset(t, shift);
            case Question.CallHook(var type, var place)
                    when type.meaning() instanceof Meaning.Confirms(var point) ->
                    Gates.timedOut(t, point)
                            .orElseGet(() -> Unanswered.silent(asked(t, point, place)));
            case Question.AskForRollback(var _, var _, Next.AwaitDecision _) ->
                    HeldFailure.undecidedForTooLong(t).orElseGet(() -> Unanswered.silent(t));
            case Question.AskForRollback(var _, var _, Next.ShiftAgain again) ->
                    Unanswered.silent(t, again);
            case Question.Metrics _, Question.CallHook _, Question.AskForRollback _
                    when t.stage().part() == Part.ANALYSIS ->
                    Analysis.undecidedForTooLong(t).orElseGet(() -> Unanswered.silent(t));
            case Question.OfHook _, Question.OfMetrics _, Question.OfRouter _ ->
                    Unanswered.silent(t);
        };
    }

    /** An edit may have given it a time-out since it was asked. */
    private static TransitionBuilder asked(TransitionBuilder t, Point point, int place) {
        return GateTimeouts.asked(t, point, place);
    }

    /** While a split cannot be set, hooks may demand a rollback at each interval all the same. */
    private static TransitionBuilder whileUnset(TransitionBuilder t, Question.Shift shift) {
        var hook = Hooks.after(t.spec(), new Meaning.DemandsRollback(), Hooks.NONE_YET);
        boolean time = !t.at().isBefore(shift.hooksAsked().plus(t.spec().interval()));
        return hook.isPresent() && time
                ? t.ask(
                        Hooks.demand(
                                t.spec(),
                                hook.get(),
                                new Next.ShiftAgain(shift.to(), shift.since(), trouble(t.stage()))))
                : Unanswered.silent(t);
    }

    private static Ask.@Nullable Trouble trouble(Stage stage) {
        return stage instanceof Stage.Asking(var _, var ask) ? ask.trouble() : null;
    }

    private static TransitionBuilder due(TransitionBuilder t, Awaited awaited) {
        return switch (awaited) {
            case Awaited.FirstPrimary _ -> Initialization.late(t);
            case Awaited.FoundTarget _ -> Handover.stillWaiting(t);
            case Awaited.OpenGate gate -> Gates.due(t, gate.point());
            case Awaited.Turn _ -> Gates.waitsOn(t);
            case Awaited.GroupReady _ -> t.then(new Next.Tick());
            case Awaited.FreezeEnd(var point, var _) -> Gates.whileFrozen(t, point);
            case Awaited.ReadyCanary _ when PodConfigs.areOutdated(t.now()) -> Start.podsStay(t);
            case Awaited.ReadyCanary _, Awaited.CanaryAgain _ -> Analysis.late(t, awaited);
            case Awaited.FirstStep _ -> t.then(new Next.FirstStep());
            case Awaited.Decision _ -> HeldFailure.due(t);
            case Awaited.ReadyPrimary _ -> Analysis.withoutPrimary(t);
            case Awaited.Interval _ -> t.then(new Next.Tick());
            case Awaited.PrimaryAgain(var from) ->
                    from == Part.PROMOTION ? Promotion.late(t, awaited) : withoutPrimary(t, from);
            case Awaited.PromotedPrimary _ -> Promotion.late(t, awaited);
            case Awaited.StepBack _ -> t.then(new Next.RouteBack());
            case Awaited.Drained _ -> t.then(new Next.ScaleDown());
            case Awaited.PrimaryForRollback _ -> Rollback.stillWaiting(t);
            case Awaited.Release(var then) -> Holding.due(t, then);
        };
    }

    /**
     * A run does not wait for ever for a primary that is gone: it is judged where its traffic is.
     */
    private static TransitionBuilder withoutPrimary(TransitionBuilder t, Part from) {
        var target = t.now().target();
        boolean judged =
                from == Part.ANALYSIS
                        && !t.now().held()
                        && !HeldFailure.isOn(t.now())
                        && target != null
                        && target.releasable()
                        && !t.now().skipsAnalysis();
        return judged ? Analysis.withoutPrimary(t) : Protection.stillWithoutPrimary(t, from);
    }

    /** One that was asked for in vain meanwhile is kept until the gate is asked. */
    private static TransitionBuilder permitAnswered(TransitionBuilder t, PermitAnswered answer) {
        var noted = t.with(Permits.answered(t.now(), answer));
        return t.stage().awaited() instanceof Awaited.Turn
                ? Gates.answered(noted, answer, Permits.isPlaced(t.now()))
                : noted;
    }

    // ---- what follows

    /**
     * Does what is to be done next, and follows up what is true by now, until nothing more follows.
     */
    private static TransitionBuilder settled(TransitionBuilder begun) {
        var t = begun;
        for (int moves = 0; moves < MOVES; moves++) {
            if (DryRun.begins(t)) {
                return t;
            }
            var next = t.next();
            if (next != null) {
                t = done(t.then(null), next);
                continue;
            }
            var followed = followUp(t);
            if (followed.next() == null && followed.stage().equals(t.stage())) {
                return followed;
            }
            t = followed;
        }
        throw new IllegalStateException(
                "the rollout goes round in a circle at %s, next %s".formatted(t.stage(), t.next()));
    }

    private static TransitionBuilder done(TransitionBuilder t, Next next) {
        if (HeldFailure.stops(t.now(), next)) {
            return HeldFailure.await(t);
        }
        if (next.advances() && t.now().held()) {
            return Holding.park(t, next);
        }
        if (PodConfigs.stop(t.now(), next)) {
            return DryRun.isPutOff(t.now()) ? Rollback.beforeDryRun(t) : Start.pods(t);
        }
        var closed = Freezes.closing(t.now(), next, t.at());
        if (closed.isPresent()) {
            return Gates.ask(t, closed.get(), Hooks.NONE_YET);
        }
        return switch (next) {
            case Next.Initialize _ -> Initialization.begin(t);
            case Next.Create _ -> t.ask(new Question.Initialize());
            case Next.TakeOver _ -> Initialization.takeOver(t);
            case Next.CopyFirst _ -> t.ask(new Question.CopyFirst());
            case Next.Adopt _ -> t.ask(new Question.Adopt());
            case Next.Rest _ -> t.with(new Stage.Resting());
            case Next.Reshape _ -> t.ask(new Question.Reshape());
            case Next.Run _ -> Start.run(t);
            case Next.AskToStart _ ->
                    Start.isTakenBack(t.now())
                            ? takenBack(t)
                            : Gates.ask(t, Point.START, Hooks.NONE_YET);
            case Next.ScaleUp _ -> Start.scaleUp(t);
            case Next.Restart _ -> restarted(t);
            case Next.AwaitCanary _ -> Analysis.awaitCanary(t);
            case Next.AwaitCanaryAgain _ -> Analysis.awaitCanaryAgain(t);
            case Next.Park(var then) ->
                    t.now().held() ? Holding.park(t, then) : Holding.resumed(t, then);
            case Next.Release _ -> Holding.released(t);
            case Next.Tick _ -> Analysis.tick(t);
            case Next.FirstStep _ -> Analysis.firstStep(t);
            case Next.Check _ -> Analysis.check(t);
            case Next.AskToAdvance _ ->
                    Gates.ask(
                            Analysis.tellWhatHasNoRoute(Analysis.startingAgain(t)),
                            Point.ADVANCE,
                            Hooks.NONE_YET);
            case Next.Shift _ -> Analysis.shift(t);
            case Next.SwitchAll _ -> Analysis.switchAll(t);
            case Next.ShiftAgain again -> Analysis.shiftAgain(t, again);
            case Next.AskToPromote _ -> Gates.ask(t, Point.PROMOTE, Hooks.NONE_YET);
            case Next.AwaitDecision _ -> HeldFailure.await(t);
            case Next.Copy _ -> Promotion.copy(t);
            case Next.RouteBack _ -> Promotion.routeBack(t);
            case Next.ScaleDown _ -> Promotion.scaleDown(t);
            case Next.EndPromoted _ -> Promotion.succeeded(t);
            case Next.FailPromotion(var because) -> Promotion.failed(t, because);
            case Next.RollBack(var because) -> Rollback.begin(t, because);
            case Next.EndRolledBack _ -> Rollback.ended(t);
            case Next.End _ -> End.hooksFrom(t, Hooks.NONE_YET);
            case Next.Restore _ -> Deletion.restore(t);
        };
    }

    /** What a dry run is asked for is not begun: the run that goes on is taken back for real. */
    private static TransitionBuilder restarted(TransitionBuilder t) {
        if (Revisions.reverted(t.now())) {
            return Promotion.withdraw(t);
        }
        return DryRun.isPutOff(t.now()) ? Rollback.beforeDryRun(t) : Start.restart(t);
    }

    /** While the router moves traffic, that is done first: its answer leads here. */
    private static boolean mayBeTakenBack(Stage stage) {
        return stage.part() == Part.START && !(stage.question() instanceof Question.OfRouter);
    }

    /** What its author took back before its start. */
    private static TransitionBuilder takenBack(TransitionBuilder t) {
        return Start.hasBegunNothing(t.now()) ? Start.takenBack(t) : Promotion.withdraw(t);
    }

    /** Traffic first, then a newer revision, then what is waited for. */
    private static TransitionBuilder followUp(TransitionBuilder t) {
        if (t.now().spec() == null || t.now().manifest().deleting()) {
            return t;
        }
        var guarded = Protection.guard(t);
        if (!guarded.stage().equals(t.stage())) {
            return guarded;
        }
        if (Rollback.waitsForPrimary(guarded.now())) {
            return Rollback.awaitPrimary(guarded);
        }
        if (Initialization.waitsForPrimary(guarded.now())) {
            return Initialization.awaitPrimary(guarded);
        }
        if (isRestarted(guarded.now())) {
            return guarded.then(new Next.Restart());
        }
        if (isReset(guarded.now())) {
            return guarded.then(new Next.Restart());
        }
        if (mayBeTakenBack(guarded.stage()) && Start.isTakenBack(guarded.now())) {
            return takenBack(guarded);
        }
        if (LostConditions.stop(guarded.now())) {
            return LostConditions.followed(guarded);
        }
        if (HeldFailure.isReset(guarded.now())) {
            return HeldFailure.reset(guarded);
        }
        if (isSkipped(guarded.now())) {
            return guarded.then(new Next.Tick());
        }
        if (Baseline.isDismissed(guarded.now())) {
            return Baseline.dismiss(guarded);
        }
        return switch (guarded.stage()) {
            case Stage.Resting _ -> Start.consider(guarded);
            case Stage.InitializationFailed _ -> Initialization.look(guarded);
            case Stage.Waiting(var awaited, var _) -> look(guarded, awaited);
            case Stage.Asking _, Stage.Unknown _, Stage.Terminated _, Stage.Gone _ -> guarded;
        };
    }

    private static boolean isRestarted(Rollout r) {
        boolean underAnalysis =
                r.stage().part() == Part.ANALYSIS
                        || (r.stage().awaited() instanceof Awaited.PrimaryForRollback
                                // It is taken back already, and the newer one is not begun.
                                && !DryRun.isPutOff(r));
        return underAnalysis && !r.promoting() && !r.held() && Revisions.superseded(r);
    }

    /**
     * A stuck run is to start over. One that is promoted or taken back already comes to its end.
     */
    private static boolean isReset(Rollout r) {
        return r.requests().asksToReset()
                && r.stage().part() == Part.ANALYSIS
                && !(r.stage().question() instanceof Question.ScaleUp) // it has just begun
                && !r.promoting()
                && !r.held();
    }

    /**
     * What waits for time only need not wait for an analysis that nobody wants, nor for what
     * metrics and tests would say of it.
     */
    private static boolean isSkipped(Rollout r) {
        return r.skipsAnalysis()
                && !r.held()
                && (r.stage().awaited() instanceof Awaited.Interval
                        || r.stage().awaited() instanceof Awaited.FirstStep
                        || (HeldFailure.waits(r) && !HeldFailure.isOn(r))
                        || judges(r.stage()))
                && Baseline.isPairReady(r)
                && (r.run().reached() == 0 || r.run().readiness().steady());
    }

    private static boolean judges(Stage stage) {
        return stage.question() instanceof Question.Metrics
                || (stage.question() instanceof Question.CallHook(var type, var _)
                        && (type.meaning() instanceof Meaning.Check
                                || type.meaning() instanceof Meaning.BeforeTraffic));
    }

    private static TransitionBuilder look(TransitionBuilder t, Awaited awaited) {
        return switch (awaited) {
            case Awaited.FirstPrimary _ -> Initialization.look(t);
            case Awaited.FoundTarget _ -> Handover.goOn(t);
            case Awaited.ReadyCanary _ ->
                    !PodConfigs.areOutdated(t.now())
                            ? Analysis.lookAtCanary(t)
                            // Others are not begun for real.
                            : DryRun.isPutOff(t.now())
                                    ? Rollback.beforeDryRun(t)
                                    : Start.lookAtPods(t);
            case Awaited.CanaryAgain _ -> Analysis.lookAtCanaryAgain(t);
            case Awaited.ReadyPrimary _ -> Analysis.lookAtPrimary(t);
            case Awaited.PrimaryAgain(var from) ->
                    from == Part.PROMOTION ? Promotion.look(t) : Protection.lookAtPrimary(t);
            case Awaited.PromotedPrimary _ -> Promotion.look(t);
            case Awaited.PrimaryForRollback _ -> Rollback.look(t);
            case Awaited.Turn _ ->
                    Permits.isNeeded(t.now())
                            ? WaveTimeouts.asked(t)
                            : t.then(new Next.AskToStart());
            case Awaited.FreezeEnd(var point, var freeze) -> Gates.look(t, point, freeze);
            case Awaited.GroupReady _ ->
                    GroupPermits.isAwaited(t.now()) ? t : t.then(new Next.AskToPromote());
            case Awaited.OpenGate _,
                    Awaited.FirstStep _,
                    Awaited.Decision _,
                    Awaited.Interval _,
                    Awaited.StepBack _,
                    Awaited.Drained _,
                    Awaited.Release _ ->
                    t;
        };
    }
}
