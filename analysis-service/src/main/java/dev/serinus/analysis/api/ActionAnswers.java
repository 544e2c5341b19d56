package dev.serinus.analysis.api;

import dev.serinus.analysis.action.Became;
import dev.serinus.analysis.audit.AuditOutcome;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.http.HttpStatus;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/** What became of a wish, as an answer. */
final class ActionAnswers {

    /** Of the machine's outcomes. */
    private static final String REFUSED = AuditOutcome.REFUSED.word();

    private static final String OUTDATED = AuditOutcome.OUTDATED.word();

    private static final String UNDERWAY = AuditOutcome.UNDERWAY.word();

    private ActionAnswers() {}

    /**
     * An answer before it is one of HTTP.
     *
     * @param became in a word, for logs
     * @param detail in words
     * @param view what is answered where it is no problem; null for a problem
     * @param more of a problem
     */
    record Answer(
            HttpStatus status,
            String became,
            String detail,
            @Nullable Object view,
            Map<String, Object> more) {

        Answer {
            more = Map.copyOf(more);
        }

        static Answer problem(HttpStatus status, String became, String detail) {
            return new Answer(status, became, detail, null, Map.of());
        }
    }

    static Answer of(CanaryKey canary, String action, Became became) {
        return switch (became) {
            case Became.Decided decided -> decided(canary, decided);
            case Became.Underway(var id) -> {
                String words = "it is not decided yet: look again at the Location";
                yield new Answer(
                        HttpStatus.ACCEPTED,
                        UNDERWAY,
                        words,
                        new Views.UnderwayView(id, action, UNDERWAY, words),
                        Map.of());
            }
            case Became.Unsent(var id) ->
                    new Answer(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            AuditOutcome.UNSENT.word(),
                            "Kafka did not take it in time, so that nobody knows whether it will be"
                                    + " done: repeat it with the same Idempotency-Key",
                            null,
                            Map.of("id", id));
            case Became.Outdated(var sequence) ->
                    new Answer(
                            HttpStatus.PRECONDITION_FAILED,
                            OUTDATED,
                            "more has happened since: the latest event is %d".formatted(sequence),
                            null,
                            Map.of("sequence", sequence));
            case Became.NoRun(var possible) ->
                    new Answer(
                            HttpStatus.CONFLICT,
                            REFUSED,
                            "%s is about a run, and none has begun yet".formatted(action),
                            null,
                            Map.of("action", action, "possible", possible));
            case Became.NotReady() ->
                    Answer.problem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            AuditOutcome.NOT_READY.word(),
                            "the rollouts are still being read, and nothing was asked for: try"
                                    + " again");
            case Became.KeyUsed() ->
                    Answer.problem(
                            HttpStatus.UNPROCESSABLE_ENTITY,
                            AuditOutcome.KEY_USED.word(),
                            "this Idempotency-Key was used for something else: take another");
            case Became.Unknown() ->
                    Answer.problem(
                            HttpStatus.NOT_FOUND,
                            AuditOutcome.UNKNOWN.word(),
                            "no rollout of " + canary + " is known");
            case Became.Predicted predicted -> predicted(canary, action, predicted);
        };
    }

    private static Answer decided(CanaryKey canary, Became.Decided decided) {
        RolloutEvent event = decided.event();
        ActionAnswer answer = Objects.requireNonNull(event.getAction());
        String outcome = answer.getOutcome();
        if (outcome.equals(REFUSED) || outcome.equals(OUTDATED)) {
            return new Answer(
                    outcome.equals(REFUSED) ? HttpStatus.CONFLICT : HttpStatus.PRECONDITION_FAILED,
                    outcome,
                    event.getMessage(),
                    null,
                    Map.of(
                            "id",
                            answer.getId(),
                            "action",
                            answer.getAction(),
                            "possible",
                            answer.getPossible(),
                            "run",
                            event.getRun(),
                            "sequence",
                            event.getSequence()));
        }
        return new Answer(
                HttpStatus.OK,
                outcome,
                event.getMessage(),
                new Views.ActionView(
                        answer.getId(),
                        answer.getAction(),
                        outcome,
                        event.getMessage(),
                        event.getActor(),
                        answer.getReason(),
                        event.getRun(),
                        event.getSequence(),
                        event.getAt(),
                        Views.RolloutView.of(canary, decided.state())),
                Map.of());
    }

    private static Answer predicted(CanaryKey canary, String action, Became.Predicted predicted) {
        var view = Views.RolloutView.of(canary, predicted.state());
        if (!predicted.sensible()) {
            return new Answer(
                    HttpStatus.CONFLICT,
                    "dry-run",
                    "%s makes no sense now".formatted(action),
                    null,
                    Map.of("action", action, "possible", predicted.possible()));
        }
        String words = "%s would be done now; nothing was asked for".formatted(action);
        return new Answer(
                HttpStatus.OK,
                "dry-run",
                words,
                new Views.DryRunView(action, "dry-run", words, view),
                Map.of());
    }
}
