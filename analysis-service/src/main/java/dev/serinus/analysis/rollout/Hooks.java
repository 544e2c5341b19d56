package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;

import java.util.List;

/**
 * Webhooks of one type are called one after the other, in the order of the manifest (reference
 * 3.4).
 */
final class Hooks {

    private Hooks() {}

    /** Calls the first hook of a type; false when there is none. */
    static boolean first(Turn turn, HookType type, Stage stage) {
        return after(turn, -1, type, stage);
    }

    private static boolean after(Turn turn, int hook, HookType type, Stage stage) {
        List<Integer> places =
                turn.spec().hooks(type).stream().filter(place -> place > hook).toList();
        if (places.isEmpty()) {
            return false;
        }
        turn.ask(stage, places.getFirst(), "");
        return true;
    }

    static void answered(Turn turn, HookAnswered answer) {
        if (answer.hook() >= turn.spec().hooks().size()) {
            turn.again(); // the manifest has changed since: the question is put anew, against
            // what it says now
            return;
        }
        Spec.Hook hook = turn.spec().hooks().get(answer.hook());
        switch (turn.stage()) {
            case CONFIRM_ROLLOUT -> {
                if (!passed(turn, answer, "Confirm-rollout check " + hook.name() + " passed")) {
                    Running.gateClosed(turn, hook);
                } else if (!after(
                        turn, answer.hook(), HookType.CONFIRM_ROLLOUT, Stage.CONFIRM_ROLLOUT)) {
                    Running.scaleUp(turn);
                }
            }
            case PRE_ROLLOUT -> {
                if (!passed(turn, answer, "Pre-rollout check " + hook.name() + " passed")) {
                    Analysing.preRolloutFailed(turn, hook, answer.because());
                } else if (!after(turn, answer.hook(), HookType.PRE_ROLLOUT, Stage.PRE_ROLLOUT)) {
                    Analysing.advance(turn);
                }
            }
            case CONFIRM_TRAFFIC -> {
                if (!passed(
                        turn,
                        answer,
                        "Confirm-traffic-increase check " + hook.name() + " passed")) {
                    Analysing.trafficClosed(turn, hook);
                } else if (!after(
                        turn,
                        answer.hook(),
                        HookType.CONFIRM_TRAFFIC_INCREASE,
                        Stage.CONFIRM_TRAFFIC)) {
                    Analysing.shift(turn);
                }
            }
            case ROLLBACK_HOOKS -> rollback(turn, hook, answer);
            case ROLLOUT_HOOKS -> {
                if (!answer.passed()) {
                    Analysing.checkFailed(turn, hook, answer.because());
                } else if (!after(turn, answer.hook(), HookType.ROLLOUT, Stage.ROLLOUT_HOOKS)) {
                    Analysing.measure(turn);
                }
            }
            case CONFIRM_PROMOTION -> {
                if (!passed(turn, answer, "Confirm-promotion check " + hook.name() + " passed")) {
                    Promoting.gateClosed(turn, hook);
                } else if (!after(
                        turn, answer.hook(), HookType.CONFIRM_PROMOTION, Stage.CONFIRM_PROMOTION)) {
                    Promoting.copy(turn);
                }
            }
            default -> Ending.postRolloutAnswered(turn, hook, answer);
        }
    }

    /** Goes on with the hooks after one of the end; false when it was the last. */
    static boolean nextPostRollout(Turn turn, int hook) {
        return after(turn, hook, HookType.POST_ROLLOUT, Stage.POST_ROLLOUT);
    }

    private static boolean passed(Turn turn, HookAnswered answer, String words) {
        if (answer.passed()) {
            turn.normal(words);
        }
        return answer.passed();
    }

    private static void rollback(Turn turn, Spec.Hook hook, HookAnswered answer) {
        if (answer.passed()) {
            turn.warning("Rollback check " + hook.name() + " passed");
            turn.warning(
                    "Rolling back %s manual webhook invoked".formatted(turn.draft.canary.dotted()));
            turn.chat(Severity.WARN, "Rolling back manual webhook invoked", false);
            RollingBack.begin(turn, "The webhook " + hook.name() + " demanded it.");
            return;
        }
        turn.normal("Rollback hook %s not signaling a rollback".formatted(hook.name()));
        if (!after(turn, answer.hook(), HookType.ROLLBACK, Stage.ROLLBACK_HOOKS)) {
            Analysing.afterRollbackHooks(turn);
        }
    }
}
