package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.outgoing.Post;
import dev.serinus.schemas.outgoing.Poster;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Calls one hook, with its retries.
 *
 * @param verifying for hooks whose certificate is checked
 * @param trusting for hooks with {@code disableTLS: true}
 */
public record HookCaller(
        Poster verifying, Poster trusting, Signer signer, InstantSource clock, Sleeper sleeper) {

    Verdict call(Hook hook, CanaryKey canary, WebhookCall call) throws InterruptedException {
        Optional<URI> address = Addresses.parse(hook.url());
        if (address.isEmpty()) {
            return Verdict.failed("the url of the webhook cannot be used");
        }
        Optional<Duration> timeout = Durations.webhookTimeout(hook.timeout());
        if (timeout.isEmpty()) {
            return Verdict.failed("the timeout of the webhook cannot be read");
        }
        String body = HookPayload.of(canary, call, hook.metadata());
        String id = id(call);
        Poster poster = hook.disableTLS() ? trusting : verifying;
        var outcome =
                Retry.upTo(
                        hook.retries(),
                        sleeper,
                        () ->
                                poster.post(
                                        new Post(
                                                address.get(),
                                                body,
                                                signer.headers(id, clock.instant(), body),
                                                timeout.get())));
        return Verdict.of(outcome, Redaction.of(address.get(), hook.metadata().values()));
    }

    /**
     * The same for every delivery and attempt of one call, so that a receiver can tell a repetition
     * from a new question.
     */
    static String id(WebhookCall call) {
        var step = call.getStep();
        EventText event = call.getEvent();
        String told = event == null ? "" : event.getTimestamp() + event.getMessage();
        return HookBody.id(
                "%s/%d/%d/%d/%d/%s"
                        .formatted(
                                step.getUid(),
                                step.getRun(),
                                step.getStep(),
                                step.getAttempt(),
                                call.getHook(),
                                told));
    }
}
