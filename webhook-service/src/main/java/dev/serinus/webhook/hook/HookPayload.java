package dev.serinus.webhook.hook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;
import java.util.TreeMap;

/** The body of a call, in Flagger's fields and order. */
final class HookPayload {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private HookPayload() {}

    /**
     * {@code metadata} is the hook's own; an event adds its three keys, which the hook's cannot
     * override. Without any the field is left out.
     */
    static String of(CanaryKey canary, WebhookCall call, Map<String, String> metadata) {
        var body =
                JSON.createObjectNode()
                        .put("name", canary.name())
                        .put("namespace", canary.namespace())
                        .put("phase", call.getPhase())
                        .put("checksum", call.getChecksum());
        var all = new TreeMap<>(metadata);
        EventText event = call.getEvent();
        if (event != null) {
            all.put("eventMessage", event.getMessage());
            all.put("eventType", event.getType());
            all.put("timestamp", Long.toString(event.getTimestamp()));
        }
        if (!all.isEmpty()) {
            all.forEach(body.putObject("metadata")::put);
        }
        return body.toString();
    }
}
