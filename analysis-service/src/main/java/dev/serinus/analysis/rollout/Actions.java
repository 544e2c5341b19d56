package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Pause;
import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.tell.Severity;

/** What people ask for: each is answered, held or not, and they are told when it cannot be. */
final class Actions {

    private Actions() {}

    static TransitionBuilder take(TransitionBuilder before, ActionAsked asked) {
        var t = before.by(asked.actor());
        if (t.now().manifest().deleting()) {
            return refuse(t, asked, "the Canary is being deleted");
        }
        return switch (asked.action()) {
            case PAUSE -> pause(t, asked);
            case RESUME -> resume(t, asked);
            case ABORT -> abort(t, asked);
            case PROMOTE -> promote(t, asked);
            case RETRY -> retry(t, asked);
        };
    }

    private static String reason(ActionAsked asked) {
        return asked.reason().isBlank() ? "" : ": " + asked.reason();
    }

    private static TransitionBuilder pause(TransitionBuilder t, ActionAsked asked) {
        if (t.now().pause() != null) {
            return t;
        }
        String words = "Paused by " + asked.actor() + reason(asked);
        return t.with(t.now().withPause(new Pause(asked.actor(), asked.reason(), t.at())))
                .normal(words)
                .happened("Paused", words);
    }

    private static TransitionBuilder resume(TransitionBuilder t, ActionAsked asked) {
        boolean undecided = t.stage().part() == Part.ANALYSIS && Undecided.of(t.now()).isPresent();
        if (t.now().pause() == null && !undecided) {
            return t;
        }
        var resumed =
                t.with(t.now().withPause(null))
                        .with(t.now().run().settled())
                        .normal("Resumed by " + asked.actor() + reason(asked))
                        .happened("Resumed", reason(asked));
        if (t.now().pause() == null) {
            return resumed;
        }
        return resumed.now().held() ? resumed : resumed.then(new Next.Release());
    }

    private static TransitionBuilder abort(TransitionBuilder t, ActionAsked asked) {
        if (t.stage().part() != Part.ANALYSIS || t.now().promoting()) {
            return refuse(t, asked, "there is no analysis to abort");
        }
        String words =
                "Rolling back %s aborted by %s%s"
                        .formatted(t.canary(), asked.actor(), reason(asked));
        return t.with(t.now().withPause(null))
                .warning(words)
                .chat(Severity.WARN, words)
                .then(new Next.RollBack(words));
    }

    private static TransitionBuilder promote(TransitionBuilder t, ActionAsked asked) {
        Workload target = t.now().target();
        if (!waitsAtStep(t.stage()) || t.now().held() || target == null || !target.releasable()) {
            return refuse(
                    t,
                    asked,
                    "only a canary that serves and waits at a step can be promoted at once");
        }
        return t.normal(
                        "Promotion of %s asked for by %s%s"
                                .formatted(t.canary(), asked.actor(), reason(asked)))
                .happened("PromotionForced", reason(asked))
                .then(new Next.Copy());
    }

    private static boolean waitsAtStep(Stage stage) {
        return stage.part() == Part.ANALYSIS
                && (stage.awaited() instanceof Awaited.Interval
                        || stage.awaited() instanceof Awaited.OpenGate);
    }

    private static TransitionBuilder retry(TransitionBuilder t, ActionAsked asked) {
        Workload target = t.now().target();
        if (!(t.stage() instanceof Stage.Resting)
                || t.now().held()
                || target == null
                || !target.exists()) {
            return refuse(t, asked, "a run can be tried again only at rest");
        }
        return t.normal(
                        "Retry of %s asked for by %s%s"
                                .formatted(t.canary(), asked.actor(), reason(asked)))
                .then(new Next.Run());
    }

    private static TransitionBuilder refuse(
            TransitionBuilder t, ActionAsked asked, String because) {
        String words = "%s by %s refused: %s".formatted(asked.action(), asked.actor(), because);
        return t.warning(words).happened("ActionRefused", words);
    }
}
