package dev.serinus.notifier.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opsgenie, by its Alert API: a failed run, or an error in one, creates an alert whose alias is the
 * run's key, and a run that succeeds closes it. The integration's key is the token of the Secret.
 */
public record Opsgenie() implements WebNotifier {

    private static final int LONGEST_MESSAGE = 130;
    private static final int LONGEST_DESCRIPTION = 15_000;
    private static final String ALERTS = "/v2/alerts";

    @Override
    public String type() {
        return "opsgenie";
    }

    @Override
    public Optional<String> usualAddress() {
        return Optional.of("https://api.opsgenie.com");
    }

    @Override
    public boolean takesDigests() {
        return false;
    }

    @Override
    public boolean opensIncidents() {
        return true;
    }

    @Override
    public boolean tells(Message message) {
        return message.isForPagers();
    }

    @Override
    public List<String> problems(Destination destination) {
        return destination.token() == null
                ? List.of("its Secret needs the key token, an API integration's key")
                : List.of();
    }

    @Override
    public URI address(URI written) {
        String base = Addresses.withoutSlashesAtTheEnd(written.toString());
        return base.endsWith(ALERTS) ? URI.create(base) : URI.create(base + ALERTS);
    }

    @Override
    public URI address(URI written, Message message) {
        URI alerts = address(written);
        return message.subject().status().isGood()
                ? URI.create(
                        "%s/%s/close?identifierType=alias"
                                .formatted(
                                        alerts,
                                        URLEncoder.encode(message.subject().incident(), UTF_8)))
                : alerts;
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        return destination.token() == null
                ? Map.of()
                : Map.of("Authorization", "GenieKey " + destination.token());
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        var body = JsonNodeFactory.instance.objectNode();
        if (subject.status().isGood()) {
            return body.put("source", "Serinus").put("note", message.text());
        }
        body.put("message", Message.cut(message.canary() + ": " + message.text(), LONGEST_MESSAGE))
                .put("alias", Message.cut(subject.incident(), 512))
                .put("description", Message.cut(message.explained(), LONGEST_DESCRIPTION))
                .put("entity", message.canary())
                .put("source", "Serinus")
                .put("priority", subject.status() == Status.HELD ? "P3" : "P2");
        body.putArray("tags").add("serinus").add(subject.canary().cluster());
        var details =
                body.putObject("details")
                        .put("cluster", subject.canary().cluster())
                        .put("run", Long.toString(subject.run()))
                        .put("revision", subject.revision());
        if (subject.link() != null) {
            details.put("link", subject.link());
        }
        return body;
    }
}
