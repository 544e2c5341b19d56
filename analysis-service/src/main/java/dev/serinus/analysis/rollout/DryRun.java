package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What would be done, without doing it. The router and the hooks are not asked: each answers at
 * once, as if all had gone well, and both sides are taken to serve. Metrics are asked, and those
 * that have a value are judged. What is decided is told, marked as what it is.
 */
final class DryRun {

    private static final String MARK = "Dry run: ";

    private DryRun() {}

    /** True while what is decided is not done. */
    static boolean isOn(Rollout r) {
        return r.manifest().tried() != null;
    }

    /** True while a run that began for real goes on although a dry run is asked for. */
    static boolean isPutOff(Rollout r) {
        var spec = r.spec();
        return spec != null && spec.dryRun() && !isOn(r) && !r.manifest().deleting();
    }

    /**
     * True where a dry run that is asked for begins: nothing was begun, or what comes next would
     * begin something. What was begun for real ends so.
     */
    static boolean begins(TransitionBuilder t) {
        var next = t.next();
        return isPutOff(t.now()) && (next == null ? !isBegun(t.stage()) : begins(next));
    }

    /** A first primary is begun with the traffic that it gets, a run with the target's pods. */
    private static boolean isBegun(Stage stage) {
        return switch (stage) {
            case Stage.Resting _, Stage.InitializationFailed _ -> false;
            case Stage.Asking(Question.TakeOver _, var _) -> true;
            case Stage.Asking(Question.ClearBeforeRun _, var _) -> true;
            case Stage.Asking(Question.ScaleUp _, var _) -> false;
            case Stage.Asking(Question.Retreat _, var _) -> true;
            case Stage.Asking _, Stage.Waiting _ ->
                    switch (stage.part()) {
                        case INITIALIZATION, REST, START -> false;
                        case NONE, ANALYSIS, PROMOTION, ROLLBACK, END, DELETION -> true;
                    };
            case Stage.Unknown _, Stage.Terminated _, Stage.Gone _ -> true;
        };
    }

    private static boolean begins(Next next) {
        return switch (next) {
            case Next.Initialize _,
                    Next.Create _,
                    Next.CopyFirst _,
                    Next.Adopt _,
                    Next.Reshape _,
                    Next.Run _,
                    Next.AskToStart _,
                    Next.ScaleUp _ ->
                    true;
            case Next.TakeOver _,
                    Next.Rest _,
                    Next.Restart _,
                    Next.AwaitCanary _,
                    Next.AwaitCanaryAgain _,
                    Next.Park _,
                    Next.Release _,
                    Next.Tick _,
                    Next.FirstStep _,
                    Next.Check _,
                    Next.AskToAdvance _,
                    Next.Shift _,
                    Next.SwitchAll _,
                    Next.ShiftAgain _,
                    Next.AskToPromote _,
                    Next.AwaitDecision _,
                    Next.Copy _,
                    Next.RouteBack _,
                    Next.ScaleDown _,
                    Next.EndPromoted _,
                    Next.FailPromotion _,
                    Next.RollBack _,
                    Next.EndRolledBack _,
                    Next.End _,
                    Next.Restore _ ->
                    false;
        };
    }

    /** What follows is only tried, and said to be. */
    static TransitionBuilder begun(TransitionBuilder t) {
        return t.with(begun(t.now()))
                .happened("DryRun", "From now on nothing but the status is written.");
    }

    /** From now on nothing is done. */
    static Rollout begun(Rollout r) {
        var on = r.with(r.manifest().trying(new SeenSides(r.target(), r.primary(), r.baseline())));
        var target = on.target() == null ? on : on.withTarget(serving(on.target()));
        var primary = target.primary();
        return primary == null || !primary.exists() ? target : target.withPrimary(serving(primary));
    }

    /** What was only tried is forgotten; what was really seen is known. */
    static Rollout ended(Rollout r) {
        var seen = Objects.requireNonNull(r.manifest().tried(), "only a dry run can end");
        var kept =
                Rollout.of(r.canary())
                        .with(r.manifest().trying(null))
                        .with(r.counters())
                        .with(Run.past(r.run().number(), ""))
                        .withPause(r.pause())
                        .answered(r.answered())
                        .with(Permits.ofNextLife(r));
        var target = seen.target() == null ? kept : kept.withTarget(seen.target());
        var primary = seen.primary() == null ? target : target.withPrimary(seen.primary());
        return primary.withBaseline(seen.baseline());
    }

    // ---- what is seen

    /** The target was really seen: its template counts, its pods are taken to serve. */
    static TransitionBuilder target(TransitionBuilder t, Workload target) {
        var noted = noted(t, sides -> sides.withTarget(target));
        return noted.with(noted.now().withTarget(serving(target)));
    }

    /** The primary was really seen, which what is tried does not depend on. */
    static TransitionBuilder primary(TransitionBuilder t, Workload primary) {
        var noted = noted(t, sides -> sides.withPrimary(primary));
        return noted.now().primary() == null && primary.exists()
                ? noted.with(noted.now().withPrimary(serving(primary)))
                : noted;
    }

    /** Likewise the baseline. */
    static TransitionBuilder baseline(TransitionBuilder t, Workload baseline) {
        return noted(t, sides -> sides.withBaseline(baseline));
    }

    private static TransitionBuilder noted(TransitionBuilder t, UnaryOperator<SeenSides> seen) {
        var manifest = t.now().manifest();
        var sides = Objects.requireNonNull(manifest.tried(), "only in a dry run");
        return t.with(t.now().with(manifest.trying(seen.apply(sides))));
    }

    private static Workload serving(Workload seen) {
        int pods = Math.max(1, seen.desired());
        return new Workload(
                seen.exists(),
                seen.revision(),
                seen.configs(),
                List.of(),
                pods,
                pods,
                seen.exists() ? pods : 0,
                seen.exists(),
                false,
                "",
                seen.run(),
                seen.step(),
                seen.release());
    }

    private static Workload of(Workload like, String revision) {
        return new Workload(
                true,
                revision,
                like.configs(),
                List.of(),
                like.desired(),
                like.desired(),
                like.desired(),
                true,
                false,
                "",
                0,
                0,
                like.release());
    }

    // ---- what is asked

    /** What another service would answer to what is asked; empty where one is really asked. */
    static Optional<RolloutEvent> answer(TransitionBuilder t) {
        if (!isOn(t.now()) || !(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return Optional.empty();
        }
        var step = new StepId(t.now().uid(), t.now().run().number(), ask.step(), ask.attempt());
        return switch (question) {
            case Question.OfMetrics _ -> Optional.empty();
            case Question.AskForRollback(var _, var hook, var _) ->
                    Optional.of(new HookAnswered(t.at(), step, hook, false, ""));
            case Question.CallHook(var _, var hook) ->
                    Optional.of(new HookAnswered(t.at(), step, hook, true, ""));
            case Question.OfRouter asked -> Optional.of(done(t, step, asked));
        };
    }

    private static RolloutEvent done(TransitionBuilder t, StepId step, Question.OfRouter asked) {
        return RouterAnswered.done(
                t.at(), step, Questions.split(t.now(), asked), copied(t.now(), asked));
    }

    /** The revision that the primary would be copied from; empty where it would not be. */
    private static String copied(Rollout r, Question.OfRouter asked) {
        var target = r.target();
        String shown = target == null ? "" : target.revision();
        return switch (asked) {
            case Question.Initialize _, Question.CopyFirst _, Question.TakeOver _ -> shown;
            case Question.Copy _ -> r.run().revision();
            case Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.ScaleUp _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.Retreat _,
                    Question.Rescue _,
                    Question.RouteBack _,
                    Question.ScaleDown _,
                    Question.RollBack _,
                    Question.ScaleDownFailed _,
                    Question.Restore _ ->
                    "";
        };
    }

    /** The first primary, as soon as the target is seen that it would be made from. */
    static Optional<TransitionBuilder> primaryMade(TransitionBuilder t) {
        var target = t.now().target();
        var primary = t.now().primary();
        boolean waits =
                t.stage() instanceof Stage.InitializationFailed
                        || t.stage().awaited() instanceof Awaited.FirstPrimary;
        boolean makes =
                isOn(t.now())
                        && waits
                        && !t.now().manifest().deleting()
                        && (primary == null || !primary.servesReady());
        return makes && target != null && target.exists()
                ? Optional.of(t.with(t.now().withPrimary(of(target, target.revision()))))
                : Optional.empty();
    }

    /** What would be there once the router had done it. */
    static TransitionBuilder imagined(TransitionBuilder t) {
        var target = t.now().target();
        if (target == null
                || !target.exists()
                || !(t.stage() instanceof Stage.Asking(Question.OfRouter asked, var _))) {
            return t;
        }
        String copied = copied(t.now(), asked);
        boolean adopts = asked instanceof Question.Adopt && t.now().primary() == null;
        var primary =
                copied.isEmpty() && !adopts
                        ? t
                        : t.with(
                                t.now()
                                        .withPrimary(
                                                of(target, adopts ? target.revision() : copied)));
        boolean pair =
                (asked instanceof Question.ScaleUp || asked instanceof Question.StartBaseline)
                        && Baseline.isWanted(primary.now());
        return pair
                ? primary.with(primary.now().withBaseline(of(target, target.revision())))
                : primary;
    }

    // ---- what is told

    /** The effects without what would change anything, and the rest marked. */
    static List<Effect> marked(List<Effect> effects) {
        List<Effect> marked = new ArrayList<>();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Route _ -> {}
                case Effect.CallHook call -> {
                    var told = call.told();
                    if (told != null) {
                        marked.add(call.tried(marked(told)));
                    }
                }
                case Effect.Notice notice -> marked.add(notice.tried(marked(notice.told())));
                case Effect.Announce announce -> {
                    var told = announce.told();
                    marked.add(told == null ? announce : announce.telling(marked(told)));
                }
                case Effect.Chat chat -> marked.add(chat.saying(MARK + chat.message()));
                case Effect.Happened happened ->
                        marked.add(happened.tried(MARK + happened.message()));
                case Effect.AskMetrics ask -> marked.add(ask);
                case Effect.AskPermit _, Effect.JoinGroup _ -> {}
                case Effect.LeaveGroup left -> marked.add(left);
                case Effect.ReturnPermit back -> marked.add(back);
                case Effect.TellStanding told -> marked.add(told);
            }
        }
        return List.copyOf(marked);
    }

    private static Effect.Told marked(Effect.Told told) {
        return new Effect.Told(told.warning(), MARK + told.message(), told.at());
    }
}
