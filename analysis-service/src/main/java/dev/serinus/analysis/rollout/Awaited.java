package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What is waited for without having asked anybody. */
public sealed interface Awaited {

    /** The part of the canary's life that it belongs to. */
    default Part part() {
        return switch (this) {
            case FirstPrimary _, FoundTarget _ -> Part.INITIALIZATION;
            case ReadyCanary _, FirstStep _, ReadyPrimary _, Interval _, CanaryAgain _ ->
                    Part.ANALYSIS;
            case PromotedPrimary _, StepBack _, Drained _ -> Part.PROMOTION;
            case PrimaryForRollback _ -> Part.ROLLBACK;
            case OpenGate(var point, var _, var _) ->
                    switch (point) {
                        case START -> Part.START;
                        case ADVANCE, PROMOTE -> Part.ANALYSIS;
                    };
            case Turn _ -> Part.START;
            case GroupReady _ -> Part.ANALYSIS;
            case FreezeEnd(var point, var _) ->
                    switch (point) {
                        case START -> Part.START;
                        case ADVANCE, PROMOTE -> Part.ANALYSIS;
                    };
            case PrimaryAgain(var from) -> from;
            case Decision(var from) -> from;
            case Release(var then) -> then.part();
        };
    }

    /**
     * The primary is to become ready for the first time.
     *
     * @param lost when it went first after it was ready, while traffic could not be led to it yet;
     *     null where it was never ready
     */
    record FirstPrimary(@Nullable Instant lost) implements Awaited {}

    /** The target of a canary that was found at work is to be seen. */
    record FoundTarget() implements Awaited {}

    /**
     * A gate is to open; it is asked again at the due time.
     *
     * @param by who closed it
     */
    record OpenGate(Point point, String by, String because) implements Awaited {}

    /**
     * A budget of the fleet is to have room; it is asked again at the due time.
     *
     * @param generation of the Canary whose webhooks said yes to the start
     */
    record Turn(long generation) implements Awaited {}

    /**
     * The others of its group are to be ready to be promoted; what may stop the run is looked at.
     */
    record GroupReady() implements Awaited {}

    /**
     * A freeze of the installation is to be over. What may stop the run is looked at meanwhile, at
     * the due time.
     */
    record FreezeEnd(Point point, Freeze freeze) implements Awaited {}

    /** The canary is to become ready. */
    record ReadyCanary() implements Awaited {}

    /** The canary is ready, and is left alone for a while before the first step. */
    record FirstStep() implements Awaited {}

    /** The canary is ready; the primary is to become ready again before traffic is divided. */
    record ReadyPrimary() implements Awaited {}

    /**
     * The interval at a stop is to pass, or that before another try of the hooks before traffic.
     */
    record Interval(Reason reason) implements Awaited {}

    /** Traffic was taken from a canary that did not serve: it is to become ready. */
    record CanaryAgain() implements Awaited {}

    /** All traffic is at the canary, since the primary did not serve: it is to serve again. */
    record PrimaryAgain(Part from) implements Awaited {}

    /** The primary is to become ready with the new template. */
    record PromotedPrimary() implements Awaited {}

    /** The interval between two steps back is to pass. */
    record StepBack() implements Awaited {}

    /**
     * Requests in flight get an interval to end.
     *
     * @param whole true where the primary was ready with what is promoted when all traffic came to
     *     it; null where it was not, and where a release wrote it that did not ask
     */
    record Drained(@Nullable Boolean whole) implements Awaited {

        boolean wasWhole() {
            return whole != null && whole;
        }
    }

    /** A rollback waits for a primary that serves. */
    record PrimaryForRollback() implements Awaited {}

    /** The analysis failed and is held: people are to decide. */
    record Decision(Part from) implements Awaited {}

    /** People hold the rollout; this goes on when they release it. */
    record Release(Next then) implements Awaited {}

    /** Why an interval is spent. */
    sealed interface Reason {

        /** Traffic is where it is to be, and is to be measured there. */
        record Arrived() implements Reason {}

        /** A check failed; it is tried again. */
        record AfterFailure() implements Reason {}

        /** Readiness was lost during the check, so that it does not count. */
        record NotSteady() implements Reason {}

        /** A comparison needs more samples, which come with time. */
        record Samples(String because) implements Reason {}

        /** A check had no verdict. */
        record Inconclusive(String because) implements Reason {}

        /** A metric had no verdict more often than it may: people are to decide. */
        record Undecided() implements Reason {}
    }
}
