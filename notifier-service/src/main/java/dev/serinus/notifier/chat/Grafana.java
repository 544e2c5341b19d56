package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Annotations of Grafana, so that graphs show what was released when; dashboards find them by their
 * tags. A service account's token is the token of the Secret.
 */
public record Grafana() implements WebNotifier {

    private static final String ANNOTATIONS = "/api/annotations";

    @Override
    public String type() {
        return "grafana";
    }

    @Override
    public boolean takesDigests() {
        return false;
    }

    @Override
    public List<String> problems(Destination destination) {
        return destination.token() == null
                ? List.of("its Secret needs the key token, a service account's token")
                : List.of();
    }

    @Override
    public URI address(URI written) {
        String base = Addresses.withoutSlashesAtTheEnd(written.toString());
        return base.endsWith(ANNOTATIONS) ? URI.create(base) : URI.create(base + ANNOTATIONS);
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        return destination.token() == null
                ? Map.of()
                : Map.of("Authorization", "Bearer " + destination.token());
    }

    /** The text of an annotation is HTML. */
    @Override
    public String escaped(String text) {
        return Html.escaped(text);
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        var missed = new StringBuilder();
        for (var each : message.missed()) {
            missed.append("<br>").append(Html.escaped(each.getName() + ": " + each.getValue()));
        }
        var body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("time", subject.at().toEpochMilli())
                        .put(
                                "text",
                                "<b>%s</b> %s%s%s"
                                        .formatted(
                                                Html.escaped(message.canary()),
                                                message.written()
                                                        ? message.text()
                                                        : Html.escaped(message.explained())
                                                                .replace("\n", "<br>"),
                                                missed,
                                                subject.link() == null
                                                        ? ""
                                                        : "<br><a href=\"%s\">rollout</a>"
                                                                .formatted(
                                                                        Html.escaped(
                                                                                subject.link()))));
        body.putArray("tags")
                .add("serinus")
                .add("cluster:" + subject.canary().cluster())
                .add("canary:" + message.canary())
                .add("status:" + subject.status().word());
        return body;
    }
}
