package dev.serinus.schemas.outgoing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.hook.EventMetadata;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;
import java.util.TreeMap;

/** The body of every webhook, in Flagger's fields and order. */
public final class HookBody {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private HookBody() {}

    /** Metadata is sorted by key; without any the field is left out. */
    public static String of(
            CanaryKey canary, String phase, String checksum, Map<String, String> metadata) {
        return of(canary, phase, checksum, metadata, Map.of());
    }

    /** The same with fields of our own behind Flagger's. */
    public static String of(
            CanaryKey canary,
            String phase,
            String checksum,
            Map<String, String> metadata,
            Map<String, JsonNode> more) {
        var body =
                JSON.createObjectNode()
                        .put("name", canary.name())
                        .put("namespace", canary.namespace())
                        .put("phase", phase)
                        .put("checksum", checksum);
        if (!metadata.isEmpty()) {
            new TreeMap<>(metadata).forEach(body.putObject("metadata")::put);
        }
        body.setAll(more);
        return body.toString();
    }

    /**
     * Metadata of a hook that is told an event: the event's three keys win over the hook's own.
     *
     * @param timestamp milliseconds since the epoch
     */
    public static Map<String, String> withEvent(
            Map<String, String> own, String message, String type, long timestamp) {
        var all = new TreeMap<>(own);
        all.put(EventMetadata.MESSAGE, message);
        all.put(EventMetadata.TYPE, type);
        all.put(EventMetadata.TIMESTAMP, Long.toString(timestamp));
        return all;
    }

    /** A message id as Standard Webhooks writes them, the same for the same identity. */
    public static String id(String identity) {
        return "msg_" + Revision.digest(identity).substring(0, 32);
    }
}
