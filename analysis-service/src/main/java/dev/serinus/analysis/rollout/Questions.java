package dev.serinus.analysis.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What is asked for a question. It follows from the state alone, so that asking again asks the very
 * same: the same step, the same desired state.
 */
final class Questions {

    private static final Duration OF_METRICS = Duration.ofSeconds(45);
    private static final Duration OF_ROUTER = Duration.ofSeconds(20);

    private Questions() {}

    /**
     * @param at when it is asked
     */
    static Effect effect(Rollout r, Question question, Ask ask, Instant at) {
        var step = new StepId(r.uid(), r.run().number(), ask.step(), ask.attempt());
        return switch (question) {
            case Question.Availability _ ->
                    new Effect.AskMetrics(step, r.generation(), true, null, null);
            case Question.Metrics _ ->
                    new Effect.AskMetrics(
                            step, r.generation(), false, windowStart(r), Baseline.replacement(r));
            case Question.CallHook(var type, var hook) -> call(r, step, type, hook);
            case Question.AskForRollback(var type, var hook, var _) -> call(r, step, type, hook);
            case Question.OfRouter asked -> route(r, step, asked, SidePods.of(r, asked, ask, at));
        };
    }

    /** How long the answer may take before it is asked for again. */
    static Duration patience(Rollout r, Question question) {
        return switch (question) {
            case Question.OfHook asked -> r.specInForce().hooks().get(asked.hook()).patience();
            case Question.OfMetrics _ -> OF_METRICS;
            case Question.OfRouter _ -> OF_ROUTER;
        };
    }

    private static @Nullable Instant windowStart(Rollout r) {
        var collected = r.run().collected();
        return collected == null || !r.specInForce().compares() ? null : collected.since();
    }

    private static Effect route(
            Rollout r, StepId step, Question.OfRouter question, Effect.@Nullable Pods pods) {
        var wanted = wanted(r, question);
        return new Effect.Route(
                step,
                r.generation(),
                wanted.action(),
                wanted.split(),
                wanted.targetRunning(),
                hasBaseline(r, question),
                wanted.revision(),
                question instanceof Question.Copy ? r.run().configs() : null,
                takeOff(r),
                DryRun.isPutOff(r),
                pods);
    }

    /** The baseline runs from when the target is scaled up until the last share was taken back. */
    private static boolean hasBaseline(Rollout r, Question.OfRouter question) {
        return switch (question) {
            case Question.ScaleUp up -> Baseline.isWanted(r) && !up.takesAway();
            case Question.StartBaseline _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.Retreat _,
                    Question.Rescue _,
                    Question.RouteBack _,
                    Question.RollBack _ ->
                    Baseline.isWanted(r);
            case Question.Initialize _,
                    Question.CopyFirst _,
                    Question.TakeOver _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.StopBaseline _,
                    Question.Copy _,
                    Question.ScaleDown _,
                    Question.ScaleDownFailed _,
                    Question.Restore _ ->
                    false;
        };
    }

    /** The split that the router is to show when it has done what it was asked. */
    static Split split(Rollout r, Question.OfRouter question) {
        return wanted(r, question).split();
    }

    private record Wanted(
            RouteAction action, Split split, boolean targetRunning, String revision) {}

    private static Wanted wanted(Rollout r, Question.OfRouter question) {
        String run = r.run().revision();
        Split present = r.traffic().split();
        return switch (question) {
            // Where another target had a canary, that gives its traffic back first.
            case Question.Initialize _ ->
                    new Wanted(RouteAction.INITIALIZE, Split.PRIMARY, true, targets(r));
            case Question.Adopt _, Question.Reshape _ ->
                    new Wanted(RouteAction.INITIALIZE, present, true, targets(r));
            case Question.CopyFirst _ ->
                    new Wanted(RouteAction.PROMOTE, Split.PRIMARY, true, targets(r));
            // Whatever a route of an earlier life shows: the target goes down, so it gets nothing.
            case Question.TakeOver _ ->
                    new Wanted(RouteAction.TAKE_OVER, Split.PRIMARY, false, targets(r));
            case Question.Reroute _ ->
                    new Wanted(
                            RouteAction.TAKE_OVER,
                            LostConditions.possible(r),
                            keepsTarget(r),
                            targets(r));
            case Question.ScaleUp up ->
                    new Wanted(RouteAction.SCALE, present, !up.takesAway(), run);
            case Question.StartBaseline _ -> new Wanted(RouteAction.SCALE, present, true, run);
            case Question.StopBaseline _ ->
                    new Wanted(RouteAction.SCALE, present.beside(null), true, run);
            case Question.ClearBeforeRun _,
                    Question.ClearForRestart _,
                    Question.Retreat _,
                    Question.RollBack _ ->
                    new Wanted(RouteAction.SHIFT, Split.PRIMARY, true, run);
            case Question.Rescue _ -> new Wanted(RouteAction.SHIFT, Split.of(100), true, run);
            case Question.Shift(var to, var _, var _) ->
                    new Wanted(RouteAction.SHIFT, at(r, to), true, run);
            case Question.Copy _ -> new Wanted(RouteAction.PROMOTE, present, true, run);
            case Question.RouteBack(var split) -> new Wanted(RouteAction.SHIFT, split, true, run);
            case Question.ScaleDown _, Question.ScaleDownFailed _ ->
                    new Wanted(RouteAction.SCALE, Split.PRIMARY, false, run);
            case Question.Restore _ -> new Wanted(RouteAction.RESTORE, Split.PRIMARY, true, "");
        };
    }

    private static @Nullable List<String> takeOff(Rollout r) {
        var requests = r.manifest().requests();
        return requests == null || requests.done().isEmpty() ? null : requests.done();
    }

    /** What is taken out of the manifest gets no share, though the plan still has one for it. */
    private static Split at(Rollout r, int stop) {
        var planned = r.run().stops().get(stop).split();
        return planned.baseline() == null || Baseline.isWanted(r) ? planned : planned.beside(null);
    }

    private static Effect call(Rollout r, StepId step, HookType type, int place) {
        return new Effect.CallHook(
                step,
                r.generation(),
                place,
                r.specInForce().hooks().get(place).name(),
                type,
                type.saysProgressing() ? Phase.PROGRESSING : r.phase(),
                checksum(r),
                null,
                Effect.HookFacts.of(r));
    }

    /**
     * The opaque value of webhook payloads: the same for the same revision and configs, as
     * Flagger's is.
     */
    static String checksum(Rollout r) {
        var revisions = r.revisions();
        CRC32 crc = new CRC32();
        crc.update((revisions.appliedText() + "|" + revisions.configs()).getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /**
     * At rest the target stays as it is: down, unless traffic goes to it, as after a failed
     * promotion.
     */
    private static boolean keepsTarget(Rollout r) {
        return r.traffic().canaryWeight().isAny();
    }

    private static String targets(Rollout r) {
        return r.target() == null ? "" : r.target().revision();
    }
}
