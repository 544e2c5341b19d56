package dev.serinus.notifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.outgoing.Addresses;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Slack: incoming webhooks, and with a token the method chat.postMessage. That one answers 200 with
 * {@code "ok": false} when it refuses, which Flagger takes for success.
 */
public record Slack() implements WebNotifier {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Errors of which Slack says that they are of the moment. */
    private static final Set<String> PASSING =
            Set.of(
                    "fatal_error",
                    "internal_error",
                    "rate_limited",
                    "ratelimited",
                    "request_timeout",
                    "service_unavailable");

    private static final String METHOD_HOST = "slack.com";
    private static final String METHOD = "/api/chat.postMessage";

    @Override
    public String type() {
        return "slack";
    }

    @Override
    public boolean isFlaggers() {
        return true;
    }

    /** Without a token the method answers each message that nobody is logged in. */
    @Override
    public List<String> problems(Destination destination) {
        boolean asksForAToken =
                Addresses.parse(destination.address())
                        .filter(it -> METHOD_HOST.equalsIgnoreCase(it.getHost()))
                        .filter(it -> METHOD.equals(it.getPath()))
                        .isPresent();
        return asksForAToken && destination.token() == null
                ? List.of("its Secret needs the key token, a bot's, for " + METHOD)
                : List.of();
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        return SlackMessage.of(
                message, destination, SlackMessage.colour(message), this::escaped, Slack::plain);
    }

    /** Times are in the zone of whoever reads; fields know no such thing. */
    @Override
    public String escaped(String text) {
        return Instants.shown(
                plain(text),
                at -> "<!date^%d^{date_num} {time_secs}|%s>".formatted(at.getEpochSecond(), at));
    }

    /**
     * With these three characters links and mentions begin and end. For {@code *} and {@code _} it
     * has no escape.
     */
    private static String plain(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        return destination.token() == null
                ? Map.of()
                : Map.of("Authorization", "Bearer " + destination.token());
    }

    @Override
    public Optional<String> complaint(String answer) {
        if (!answer.startsWith("{")) {
            return Optional.empty(); // an incoming webhook answers "ok"
        }
        try {
            JsonNode said = JSON.readTree(answer);
            if (said.path("ok").asBoolean(true)) {
                return Optional.empty();
            }
            String error = said.path("error").asText();
            return Optional.of(error.matches("[a-z_]{1,64}") ? error : "not ok");
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public boolean mayTakeItLater(String complaint) {
        return PASSING.contains(complaint);
    }
}
