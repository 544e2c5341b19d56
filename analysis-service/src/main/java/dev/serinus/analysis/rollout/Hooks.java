package dev.serinus.analysis.rollout;

import dev.serinus.schemas.hook.HookType.Meaning;

import java.util.Optional;

/** Webhooks of one meaning are called one after the other, in the order of the manifest. */
final class Hooks {

    /** Before the first place of a manifest. */
    static final int NONE_YET = -1;

    private Hooks() {}

    /** The place of the next hook of a meaning after another; empty after the last. */
    static Optional<Integer> after(Spec spec, Meaning meaning, int hook) {
        return spec.hooks(meaning).stream().filter(place -> place > hook).findFirst();
    }

    /** The question that calls the hook at this place. */
    static Question call(Spec spec, int hook) {
        return new Question.CallHook(spec.hooks().get(hook).type(), hook);
    }

    /** First of all, hooks may demand a rollback; if none does, {@code then}. */
    static TransitionBuilder demand(TransitionBuilder t, Next then) {
        return after(t.spec(), new Meaning.DemandsRollback(), NONE_YET)
                .map(hook -> t.ask(demand(t.spec(), hook, then)))
                .orElseGet(() -> t.then(then));
    }

    /** The question whether the hook at this place demands a rollback; if not, {@code then}. */
    static Question demand(Spec spec, int hook, Next then) {
        return new Question.AskForRollback(spec.hooks().get(hook).type(), hook, then);
    }

    /** True where this is the answer of the hook that the manifest has in this place now. */
    static boolean isOf(Spec spec, RolloutEvent.HookAnswered answer) {
        return answer.name() == null
                || answer.name().equals(spec.hooks().get(answer.hook()).name());
    }

    /** True where the manifest still has this hook in this place: it may have been edited since. */
    static boolean isThere(Spec spec, Question.OfHook asked) {
        var hooks = spec.hooks();
        return asked.hook() < hooks.size() && hooks.get(asked.hook()).type() == asked.type();
    }
}
