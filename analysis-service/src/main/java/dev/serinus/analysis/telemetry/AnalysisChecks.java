package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long the checks of an analysis take, which is what Flagger's histogram shows: from the first
 * question (a webhook, the metrics, a shift of traffic) to the last answer, after which the rollout
 * waits for time again. A check that is under way when the process starts again is not measured.
 */
final class AnalysisChecks {

    private final Map<CanaryKey, Instant> began = new ConcurrentHashMap<>();

    /** What the check took that this decision ended; empty when it ended none. */
    Optional<Duration> after(Decision decision) {
        Rollout rollout = decision.after().rollout();
        CanaryKey canary = rollout.canary();
        Instant at = decision.after().at();
        Object input = decision.entry().getInput();
        boolean analysed = isAnalysed(rollout.phase());
        if (analysed && decision.effects().stream().anyMatch(AnalysisChecks::asks)) {
            // What is asked because a workload changed guards traffic, it is no check.
            if (!(input instanceof Change)) {
                began.putIfAbsent(canary, at);
            }
            return Optional.empty();
        }
        boolean answered = isAnswer(input) && decision.matters();
        if (analysed && !answered) {
            return Optional.empty();
        }
        Instant start = began.remove(canary);
        return start != null && answered
                ? Optional.of(Duration.between(start, at))
                : Optional.empty();
    }

    /** A canary that is gone, or decided for elsewhere. */
    void forget(CanaryKey canary) {
        began.remove(canary);
    }

    private static boolean isAnalysed(Phase phase) {
        return phase == Phase.PROGRESSING || phase == Phase.WAITING_PROMOTION;
    }

    private static boolean isAnswer(Object input) {
        return input instanceof MetricResult
                || input instanceof WebhookResult
                || input instanceof RouterResult;
    }

    private static boolean asks(Effect effect) {
        return switch (effect) {
            case Effect.AskMetrics ask -> !ask.availabilityOnly();
            case Effect.CallHook call -> call.type().answers();
            case Effect.Route route -> route.action() == Effect.RouteAction.SHIFT;
            case Effect.Chat _,
                    Effect.Notice _,
                    Effect.Announce _,
                    Effect.AskPermit _,
                    Effect.ReturnPermit _,
                    Effect.TellStanding _,
                    Effect.JoinGroup _,
                    Effect.LeaveGroup _,
                    Effect.Happened _ ->
                    false;
        };
    }
}
