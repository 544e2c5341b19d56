package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is to be done now. The parts of the machine do not call each other: each does its own and
 * says what comes next, and the machine goes on with that.
 */
public sealed interface Next {

    /** The part of the canary's life that it belongs to. */
    default Part part() {
        return switch (this) {
            case Initialize _, Create _, TakeOver _, CopyFirst _, Adopt _ -> Part.INITIALIZATION;
            case Rest _, Reshape _, Run _ -> Part.REST;
            case AskToStart _, ScaleUp _ -> Part.START;
            case Restart _,
                    AwaitCanary _,
                    AwaitCanaryAgain _,
                    Tick _,
                    FirstStep _,
                    Check _,
                    AskToAdvance _,
                    Shift _,
                    SwitchAll _,
                    ShiftAgain _,
                    AskToPromote _,
                    AwaitDecision _,
                    Copy _ ->
                    Part.ANALYSIS;
            case Release _ -> Part.NONE;
            case RouteBack _, ScaleDown _, EndPromoted _, FailPromotion _ -> Part.PROMOTION;
            case RollBack _, EndRolledBack _ -> Part.ROLLBACK;
            case End _ -> Part.END;
            case Restore _ -> Part.DELETION;
            case Park(var then) -> then.part();
        };
    }

    /** True where it must not be done while people hold the rollout and no gate says so. */
    default boolean advances() {
        return switch (this) {
            case Initialize _,
                    Create _,
                    TakeOver _,
                    CopyFirst _,
                    Reshape _,
                    Run _,
                    ScaleUp _,
                    Restart _,
                    Release _,
                    Tick _,
                    FirstStep _,
                    Check _,
                    Shift _,
                    SwitchAll _,
                    Copy _,
                    RouteBack _,
                    ScaleDown _ ->
                    true;
            case Adopt _,
                    Rest _,
                    AskToStart _,
                    AwaitCanary _,
                    AwaitCanaryAgain _,
                    AskToAdvance _,
                    ShiftAgain _,
                    AskToPromote _,
                    AwaitDecision _,
                    EndPromoted _,
                    FailPromotion _,
                    RollBack _,
                    EndRolledBack _,
                    End _,
                    Restore _,
                    Park _ ->
                    false;
        };
    }

    /** Initialise a canary that nothing is known of. */
    record Initialize() implements Next {}

    /** The metric providers were asked: make Services and primary. */
    record Create() implements Next {}

    /** The first primary is ready: lead traffic to it. */
    record TakeOver() implements Next {}

    /** Give the primary that never became ready the target's newer template. */
    record CopyFirst() implements Next {}

    /** Look at a canary that was found at work. Nothing moves, so nobody has to release it. */
    record Adopt() implements Next {}

    /** Rest, and see whether there is a new revision. */
    record Rest() implements Next {}

    /** Give an edited manifest its shape. */
    record Reshape() implements Next {}

    /** Begin a run of what the target shows. */
    record Run() implements Next {}

    /** Ask the gate of the run. */
    record AskToStart() implements Next {}

    /** The gate of the run is open: scale the target up. */
    record ScaleUp() implements Next {}

    /** Begin the run anew with what the target shows. */
    record Restart() implements Next {}

    /** Wait for a canary that is ready. */
    record AwaitCanary() implements Next {}

    /** Traffic was taken from a canary that does not serve: wait until it does. */
    record AwaitCanaryAgain() implements Next {}

    /** Wait until people release the rollout, then go on. */
    record Park(Next then) implements Next {}

    /** People release the rollout: what waited for that goes on. */
    record Release() implements Next {}

    /**
     * The canary is ready and its interval is over: what may stop it comes first, then the check.
     */
    record Tick() implements Next {}

    /** The canary was left alone for as long as its manifest says: begin with it. */
    record FirstStep() implements Next {}

    /** Nobody demands a rollback: check. */
    record Check() implements Next {}

    /** Ask for more traffic, or for the promotion after the last stop. */
    record AskToAdvance() implements Next {}

    /** Set the split of the next stop. */
    record Shift() implements Next {}

    /** The promotion's gate is open: switch all traffic to the canary. */
    record SwitchAll() implements Next {}

    /**
     * Set the split again that could not be set.
     *
     * @param since when it was to be set first
     * @param trouble why it could not be; null where nothing stood in the way
     */
    record ShiftAgain(int to, Instant since, Ask.@Nullable Trouble trouble) implements Next {}

    /** Ask whether everybody may get the new revision. */
    record AskToPromote() implements Next {}

    /** The analysis failed and is held: wait for people. */
    record AwaitDecision() implements Next {}

    /** Copy the template to the primary. */
    record Copy() implements Next {}

    /** The primary serves the new template: move traffic to it. */
    record RouteBack() implements Next {}

    /** The interval of the drain is over: scale the target down. */
    record ScaleDown() implements Next {}

    /** The target is scaled down, or never will be: the promotion is complete. */
    record EndPromoted() implements Next {}

    /** The primary did not become ready with the new template. */
    record FailPromotion(String because) implements Next {}

    /** Take the canary back; why was told already. */
    record RollBack(String because) implements Next {}

    /** The canary is scaled down, or never will be: the rollback is complete. */
    record EndRolledBack() implements Next {}

    /** Call the hooks after the end. */
    record End() implements Next {}

    /** Restore what was before Serinus. */
    record Restore() implements Next {}
}
