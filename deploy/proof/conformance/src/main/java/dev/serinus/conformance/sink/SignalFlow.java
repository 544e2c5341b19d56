package dev.serinus.conformance.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.schemas.outgoing.SocketMessage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a program of SignalFlow is answered over its WebSocket: what came of it in binary messages of
 * series and numbers, between control messages that say where it begins and ends.
 */
final class SignalFlow {

    private static final int HEADER = 20;
    private static final int CHANNEL = 16;
    private static final int COUNT = 12;
    private static final int ELEMENT = 17;
    private static final byte DATA = 5;
    private static final byte DOUBLE = 2;

    private SignalFlow() {}

    static SocketMessage authenticated() {
        return text(
                Json.object()
                        .put("type", "authenticated")
                        .put("orgId", "lab")
                        .put("userId", "lab"));
    }

    /**
     * @param frames each a list of series and numbers: {@code [[7, 9.0], [7, 2.5]]}
     */
    static List<SocketMessage> answer(String channel, JsonNode frames, long millis) {
        List<SocketMessage> messages = new ArrayList<>();
        messages.add(control(channel, "STREAM_START"));
        messages.add(control(channel, "JOB_START"));
        frames.forEach(frame -> messages.add(data(channel, frame, millis)));
        messages.add(control(channel, "END_OF_CHANNEL"));
        return messages;
    }

    private static SocketMessage control(String channel, String event) {
        return text(
                Json.object()
                        .put("type", "control-message")
                        .put("channel", channel)
                        .put("event", event)
                        .put("timestampMs", 1));
    }

    private static SocketMessage text(ObjectNode message) {
        return new SocketMessage.Text(Json.text(message));
    }

    private static SocketMessage data(String channel, JsonNode frame, long millis) {
        var bytes = ByteBuffer.allocate(HEADER + COUNT + frame.size() * ELEMENT);
        bytes.put((byte) 1).put(DATA).put((byte) 0).put((byte) 0);
        byte[] name = channel.getBytes(US_ASCII);
        bytes.put(name, 0, Math.min(name.length, CHANNEL)).position(HEADER);
        bytes.putLong(millis).putInt(frame.size());
        for (JsonNode element : frame) {
            bytes.put(DOUBLE)
                    .putLong(element.path(0).asLong())
                    .putDouble(element.path(1).asDouble());
        }
        return new SocketMessage.Binary(bytes.flip());
    }
}
