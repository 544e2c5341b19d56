package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.HookType.Meaning.AfterTheEnd;

/** What comes after the end of a run. */
final class End {

    private End() {}

    /** Calls the hooks after the end, and rests after the last. */
    static TransitionBuilder hooksFrom(TransitionBuilder t, int after) {
        return Hooks.after(t.spec(), new AfterTheEnd(), after)
                .map(hook -> t.ask(Hooks.call(t.spec(), hook)))
                .orElseGet(() -> close(t));
    }

    static TransitionBuilder answered(TransitionBuilder t, Spec.Hook hook, HookAnswered answer) {
        return answer.passed()
                ? hooksFrom(
                        t.normal("%s check %s passed".formatted(hook.type().label(), hook.name())),
                        answer.hook())
                : close(
                        t.warning(
                                "%s hook %s failed %s"
                                        .formatted(
                                                hook.type().label(),
                                                hook.name(),
                                                answer.because())));
    }

    private static TransitionBuilder close(TransitionBuilder t) {
        return told(t).then(new Next.Rest());
    }

    /** The end is told. */
    static TransitionBuilder told(TransitionBuilder t) {
        if (t.now().phase() != Phase.SUCCEEDED) {
            return t;
        }
        if (t.now().run().withdrawn()) {
            return t.normal("Rollout ended! Scaling down " + t.target())
                    .chat(
                            Severity.INFO,
                            "The revision was withdrawn, the primary serves as before.");
        }
        return t.spec().skipAnalysis()
                ? t.normal("Promotion completed! Canary analysis was skipped for " + t.target())
                        .chat(Severity.INFO, "Canary analysis was skipped, promotion finished.")
                : t.normal("Promotion completed! Scaling down " + t.target())
                        .chat(
                                Severity.INFO,
                                "Canary analysis completed successfully, promotion finished.");
    }
}
