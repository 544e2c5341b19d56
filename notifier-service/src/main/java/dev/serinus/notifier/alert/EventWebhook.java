package dev.serinus.notifier.alert;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.RolloutField;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The installation's event webhook: told every event of the Canaries that have no event hook of
 * their own, with the body such a hook gets.
 */
public record EventWebhook(
        URI address, OutgoingClient client, Signer signer, InstantSource clock, Sleeper sleeper) {

    private static final int RETRIES = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_REASON = 200;

    /** Empty when it was taken, else why not, without the address. */
    Optional<String> tell(CanaryKey canary, Alert alert, EventNotice notice)
            throws InterruptedException {
        String body =
                HookBody.of(
                        canary,
                        notice.getPhase(),
                        notice.getChecksum(),
                        HookBody.withEvent(
                                Map.of(),
                                notice.getMessage(),
                                notice.getType(),
                                notice.getTimestamp()),
                        facts(notice));
        String id = HookBody.id(alert.getUid() + "/" + alert.getSequence() + "/" + body);
        var outcome =
                Retry.upTo(
                        RETRIES,
                        sleeper,
                        () ->
                                client.send(
                                        canary,
                                        Call.post(
                                                address,
                                                body,
                                                signer.headers(id, clock.instant(), body),
                                                TIMEOUT)));
        String after = " after " + outcome.attempts() + " attempt(s)";
        return switch (outcome.last()) {
            case Reply.Answered answered when answered.succeeded() -> Optional.empty();
            case Reply.Answered answered ->
                    Optional.of(
                            "status "
                                    + answered.status()
                                    + after
                                    + ": "
                                    + Redaction.of(address, List.of())
                                            .of(answered.body(), LONGEST_REASON));
            case Reply.Unanswered unanswered -> Optional.of(unanswered.because() + after);
            case Reply.NoTurn noTurn -> Optional.of(noTurn.because());
        };
    }

    /** None of a release that did not say them. */
    private static Map<String, JsonNode> facts(EventNotice notice) {
        var rollout = notice.getRollout();
        return rollout == null
                ? Map.of()
                : RolloutField.of(RolloutField.values(notice.getRun(), notice.getPhase(), rollout));
    }

    /** Leaves out the address. */
    @Override
    public String toString() {
        return "EventWebhook[]";
    }
}
