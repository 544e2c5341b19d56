package dev.serinus.analysis.rollout;

import java.util.Optional;

/** Webhooks of one type are called one after the other, in the order of the manifest. */
final class Hooks {

    /** Before the first place of a manifest. */
    static final int NONE_YET = -1;

    private Hooks() {}

    /** The place of the next hook of a type after another; empty after the last. */
    static Optional<Integer> after(Spec spec, HookType type, int hook) {
        return spec.hooks(type).stream().filter(place -> place > hook).findFirst();
    }

    /** True where the manifest still has this hook in this place: it may have been edited since. */
    static boolean isThere(Spec spec, Question.OfHook asked) {
        return spec.hooks(asked.type()).contains(asked.hook());
    }
}
