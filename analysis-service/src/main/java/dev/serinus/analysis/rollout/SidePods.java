package dev.serinus.analysis.rollout;

import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How many pods the sides are to have for what the router is asked: what gets more traffic has its
 * pods first, for as long as that may be waited for.
 */
final class SidePods {

    /**
     * A canary that is taken back serves, and badly: the primary may lack pods, but not for longer.
     */
    static final Duration BEFORE_ROLLBACK = Duration.ofSeconds(30);

    private SidePods() {}

    /**
     * @param at when it is asked
     */
    static Effect.@Nullable Pods of(Rollout r, Question.OfRouter question, Ask ask, Instant at) {
        return switch (question) {
            case Question.ScaleUp _ -> pods(first(r), false);
            case Question.Shift _, Question.Rescue _ ->
                    pods(
                            share(r, Questions.split(r, question).canaryWeight()),
                            question instanceof Question.Shift);
            case Question.ClearForRestart _, Question.RollBack _ ->
                    pods(null, at.isBefore(ask.since().plus(BEFORE_ROLLBACK)));
            // The canary serves well, and nobody is in a hurry.
            case Question.RouteBack _ ->
                    pods(null, at.isBefore(ask.since().plus(r.specInForce().progressDeadline())));
            case Question.Initialize _,
                    Question.CopyFirst _,
                    Question.TakeOver _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.Retreat _,
                    Question.Copy _,
                    Question.ScaleDown _,
                    Question.ScaleDownFailed _,
                    Question.Restore _ ->
                    null;
        };
    }

    private static Effect.@Nullable Pods pods(@Nullable Weight share, boolean first) {
        return share == null && !first ? null : new Effect.Pods(share, first);
    }

    /** What the canary needs at its first step; null where there is none, as without analysis. */
    private static @Nullable Weight first(Rollout r) {
        return r.skipsAnalysis()
                ? null
                : r.run()
                        .next()
                        .map(stop -> stop.split().canaryWeight())
                        .map(weight -> share(r, weight))
                        .orElse(null);
    }

    private static @Nullable Weight share(Rollout r, Weight weight) {
        return r.specInForce().ruled().sizesCanary() && weight.isAny() ? weight : null;
    }
}
