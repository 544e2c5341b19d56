package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryGone;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryRejected;
import dev.serinus.analysis.rollout.RolloutEvent.CanarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.PermitAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.RulesSeen;
import dev.serinus.analysis.rollout.RolloutEvent.StandingAsked;
import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;

import java.util.Objects;

/** Whether an event says anything to a rollout: news, or the answer that is waited for. */
final class Concern {

    private Concern() {}

    static boolean of(Rollout r, RolloutEvent event) {
        // Of one that others have nothing is news but that it is back.
        return r.mayReturn()
                ? event instanceof CanarySeen || event instanceof CanaryRejected
                : says(r, event);
    }

    private static boolean says(Rollout r, RolloutEvent event) {
        return switch (event) {
            case CanarySeen seen -> !seen.uid().equals(r.uid()) || isNews(r, seen);
            case CanaryRejected rejected ->
                    !rejected.uid().equals(r.uid())
                            || !rejected.problems().equals(r.problems())
                            || rejected.generation() > r.manifest().seen();
            case CanaryGone gone -> gone.uid().equals(r.uid()) && !r.gone();
            case TargetSeen seen ->
                    seen.uid().equals(r.uid()) && !seen.workload().equals(r.target());
            case PrimarySeen seen ->
                    seen.uid().equals(r.uid()) && !seen.workload().equals(r.primary());
            case RolloutEvent.BaselineSeen seen ->
                    seen.uid().equals(r.uid()) && !seen.workload().equals(r.baseline());
            case RouterAnswered answer ->
                    r.stage() instanceof Stage.Asking(Question.OfRouter _, var ask)
                            && answers(r, ask, answer.step())
                            && (answer.outcome() == RolloutEvent.Outcome.DONE
                                    || answer.step().attempt() > ask.refused());
            case MetricsAnswered answer ->
                    r.stage() instanceof Stage.Asking(Question.OfMetrics _, var ask)
                            && answers(r, ask, answer.step());
            case HookAnswered answer ->
                    r.stage() instanceof Stage.Asking(Question.OfHook question, var ask)
                            && answers(r, ask, answer.step())
                            && answer.hook() == question.hook()
                            && (!answer.changed() || answer.step().attempt() > ask.refused());
            case RulesSeen seen ->
                    !r.uid().isEmpty() && !r.gone() && !seen.rules().equals(Permits.rules(r));
            case PermitAnswered answer -> Permits.awaits(r, answer);
            case RolloutEvent.GroupAnswered answer -> GroupPermits.awaits(r, answer);
            case StandingAsked _ -> !r.uid().isEmpty() && !r.gone();
            case TimerFired timer ->
                    timer.step() == r.timerStep()
                            && r.due().filter(timer.dueAt()::equals).isPresent();
            case ActionAsked asked ->
                    asked.id().isEmpty()
                            ? r.spec() != null && Actions.isMeant(r, asked)
                            : !r.uid().isEmpty() && !r.gone() && !r.answered().contains(asked.id());
        };
    }

    private static boolean isNews(Rollout r, CanarySeen seen) {
        return seen.generation() > r.generation()
                || (seen.generation() == r.generation()
                        && (r.spec() == null
                                || !seen.spec().equals(r.spec())
                                || Manifest.of(seen, r.manifest()).claimed()
                                        != r.manifest().claimed()
                                || seen.deleting() != r.manifest().deleting()
                                || tellsElse(r, seen)
                                || asksAnew(r, seen)));
    }

    /**
     * What changes without an edit of the spec, and is for people: labels, and a missing template.
     */
    private static boolean tellsElse(Rollout r, CanarySeen seen) {
        var now = Manifest.of(seen, r.manifest());
        return !r.gone()
                && (!now.hints().equals(r.manifest().hints())
                        || !Objects.equals(now.labels(), r.manifest().labels()));
    }

    /** Annotations ask for something, or do so no longer. */
    private static boolean asksAnew(Rollout r, CanarySeen seen) {
        return !r.gone()
                && !Objects.equals(
                        Manifest.of(seen, r.manifest()).requests(), r.manifest().requests());
    }

    private static boolean answers(Rollout r, Ask ask, StepId step) {
        return step.uid().equals(r.uid())
                && step.run() == r.run().number()
                && step.step() == ask.step()
                && step.attempt() <= ask.attempt();
    }
}
