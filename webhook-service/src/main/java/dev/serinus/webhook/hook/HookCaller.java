package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.CanaryKey;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Calls one hook, with its retries. Between two attempts it takes nobody's turn.
 *
 * @param limits refuse a hook that admission has refused, or would have
 * @param traced each call says where it is in the trace of its rollout
 */
public record HookCaller(
        OutgoingClient client,
        Signer signer,
        InstantSource clock,
        Sleeper sleeper,
        ManifestLimits limits,
        boolean traced) {

    Verdict call(Hook written, CanaryKey canary, WebhookCall call) throws InterruptedException {
        Hook hook = HookFacts.of(call).in(written);
        Optional<URI> address = Addresses.parse(hook.url());
        if (address.isEmpty()) {
            return Verdict.failed("the url of the webhook cannot be used");
        }
        Optional<Duration> timeout = Durations.webhookTimeout(hook.timeout());
        if (timeout.isEmpty()) {
            return Verdict.failed("the timeout of the webhook cannot be read");
        }
        Optional<String> beyond = beyond(hook, call, timeout.get());
        if (beyond.isPresent()) {
            return Verdict.failed(beyond.get());
        }
        String body = HookPayload.of(canary, call, hook.metadata());
        String id = id(call);
        var outcome =
                Retry.upTo(
                        hook.retries(),
                        sleeper,
                        () ->
                                client.send(
                                        canary,
                                        request(
                                                hook,
                                                address.get(),
                                                headers(call, id, body),
                                                body,
                                                timeout.get())));
        return Verdict.of(outcome, Redaction.of(address.get(), hook.metadata().values()));
    }

    private Optional<String> beyond(Hook hook, WebhookCall call, Duration timeout) {
        String path = "spec.analysis.webhooks[" + call.getHook() + "]";
        return limits.timeout(timeout)
                .map(because -> path + ".timeout " + because)
                .or(() -> limits.retries(hook.retries()).map(it -> path + ".retries " + it))
                .or(() -> limits.metadata(hook.metadata()).map(it -> path + ".metadata " + it));
    }

    private Map<String, String> headers(WebhookCall call, String id, String body) {
        Map<String, String> headers = signer.headers(id, clock.instant(), body);
        if (traced) {
            var step = call.getStep();
            headers.put(
                    TraceContext.HEADER,
                    TraceContext.of(step.getUid(), step.getRun(), step.getStep()).header());
        }
        return headers;
    }

    /** Flagger's hooks with {@code disableTLS} go past the environment's proxies too. */
    private static Call request(
            Hook hook, URI address, Map<String, String> headers, String body, Duration timeout) {
        var post = Call.post(address, body, headers, timeout);
        return hook.disableTLS() ? post.trustingAnybody().through(Proxies.none()) : post;
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
