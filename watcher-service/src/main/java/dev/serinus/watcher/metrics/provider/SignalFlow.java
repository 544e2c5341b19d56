package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.outgoing.SocketMessage;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * One run of a SignalFlow program: what is said, and the values that are heard, by series, until
 * the channel ends.
 */
final class SignalFlow implements Predicate<SocketMessage> {

    private static final String CHANNEL = "ch-1";
    private static final int HEADER = 20;
    private static final int ELEMENT = 17;
    private static final int DATA = 5;
    private static final int COMPRESSED = 1;
    private static final int JSON = 2;
    private static final int LONGEST = 4 << 20;
    private static final int MOST = 100_000;

    private final String token;
    private final String execute;
    private final Map<String, List<Answer.Sample>> series = new LinkedHashMap<>();
    private @Nullable String trouble;
    private int count;

    /**
     * @param start in milliseconds, as {@code stop}
     * @param resolution how far values are apart at least; zero for what the data has
     */
    SignalFlow(String token, String program, long start, long stop, Duration resolution) {
        this.token = token;
        this.execute =
                JsonText.JSON
                        .createObjectNode()
                        .put("type", "execute")
                        .put("program", program)
                        .put("channel", CHANNEL)
                        .put("start", start)
                        .put("stop", stop)
                        .put("resolution", resolution.toMillis())
                        .put("maxDelay", 0)
                        .put("immediate", true)
                        .put("timezone", "")
                        .toString();
    }

    /** Values by series, as they came. */
    Map<String, List<Answer.Sample>> series() {
        return series;
    }

    /** Why the program gave nothing; null when it ended well. */
    @Nullable String trouble() {
        return trouble;
    }

    /** What is said, in this order. */
    List<String> said() {
        return List.of(
                JsonText.JSON
                        .createObjectNode()
                        .put("type", "authenticate")
                        .put("token", token)
                        .toString(),
                execute);
    }

    /** Hears a message; false when there is nothing more to hear. */
    @Override
    public boolean test(SocketMessage message) {
        return switch (message) {
            case SocketMessage.Text(var text) -> text(text);
            case SocketMessage.Binary(var bytes) -> binary(bytes);
        };
    }

    private boolean text(String text) {
        try {
            return JsonText.read(text).map(this::understood).orElse(true);
        } catch (JsonText.TooMany tooMany) {
            return failed(String.valueOf(tooMany.getMessage()));
        }
    }

    private boolean understood(JsonNode message) {
        return switch (message.path("type").asText()) {
            case "error" ->
                    failed(
                            "error %s: %s"
                                    .formatted(
                                            message.path("error").asText(""),
                                            message.path("message").asText("without a reason")));
            case "control-message" ->
                    switch (message.path("event").asText()) {
                        case "END_OF_CHANNEL" -> false;
                        case "CHANNEL_ABORT" ->
                                failed(
                                        "the program was ended: "
                                                + message.at("/abortInfo/sf_job_abortReason")
                                                        .asText("without a reason"));
                        default -> true;
                    };
            case "data" -> json(message);
            default -> true;
        };
    }

    private boolean json(JsonNode message) {
        Instant time = Instant.ofEpochMilli(message.path("logicalTimestampMs").asLong());
        for (JsonNode each : message.path("data")) {
            if (each.path("value").isNumber()) {
                add(each.path("tsId").asText(), time, each.path("value").doubleValue());
            }
        }
        return !tooMany() || failed("there are too many values");
    }

    private boolean binary(ByteBuffer message) {
        if (message.remaining() < HEADER) {
            return failed("a message is too short");
        }
        int start = message.position();
        int type = message.get(start + 1);
        int flags = message.get(start + 2);
        byte[] body = new byte[message.remaining() - HEADER];
        message.get(start + HEADER, body);
        if ((flags & COMPRESSED) != 0) {
            try {
                body = unpacked(body);
            } catch (IOException _) {
                return failed("a message cannot be unpacked");
            }
        }
        if ((flags & JSON) != 0) {
            return text(new String(body, UTF_8));
        }
        return type != DATA || data(ByteBuffer.wrap(body));
    }

    private boolean data(ByteBuffer data) {
        if (data.remaining() < Long.BYTES + Integer.BYTES) {
            return failed("a message is too short");
        }
        Instant time = Instant.ofEpochMilli(data.getLong());
        int elements = data.getInt();
        if (elements < 0 || (long) elements * ELEMENT > data.remaining()) {
            return failed("a message is too short");
        }
        for (int i = 0; i < elements; i++) {
            element(data, time);
        }
        return !tooMany() || failed("there are too many values");
    }

    private void element(ByteBuffer data, Instant time) {
        int type = data.get();
        String id = String.valueOf(data.getLong());
        int at = data.position();
        switch (type) {
            case 1 -> add(id, time, (double) data.getLong(at));
            case 2 -> add(id, time, data.getDouble(at));
            case 3 -> add(id, time, data.getInt(at));
            default -> {
                // no value at this time
            }
        }
        data.position(at + Long.BYTES);
    }

    private void add(String id, Instant time, double value) {
        if (!Double.isNaN(value) && !tooMany()) {
            series.computeIfAbsent(id, _ -> new ArrayList<>()).add(new Answer.Sample(time, value));
            count++;
        }
    }

    private boolean tooMany() {
        return count >= MOST;
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (var unpacking = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] body = unpacking.readNBytes(LONGEST + 1);
            if (body.length > LONGEST) {
                throw new IOException("too long");
            }
            return body;
        }
    }

    private boolean failed(String because) {
        trouble = because;
        return false;
    }
}
