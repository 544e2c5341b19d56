package dev.serinus.webhook.hook;

import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;

/** The body of a call. */
final class HookPayload {

    private HookPayload() {}

    /** {@code metadata} is the hook's own. */
    static String of(CanaryKey canary, WebhookCall call, Map<String, String> metadata) {
        EventText event = call.getEvent();
        return HookBody.of(
                canary,
                call.getPhase(),
                call.getChecksum(),
                event == null
                        ? metadata
                        : HookBody.withEvent(
                                metadata,
                                event.getMessage(),
                                event.getType(),
                                event.getTimestamp()),
                HookFacts.of(call).fields());
    }
}
