package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.List;
import java.util.Optional;

/**
 * PagerDuty, by its Events API v2: a failed run, or an error in one, triggers an event with the
 * run's key, and a run that succeeds resolves it. The integration's routing key is the token of the
 * Secret.
 */
public record PagerDuty() implements WebNotifier {

    private static final int LONGEST_SUMMARY = 1024;

    @Override
    public String type() {
        return "pagerduty";
    }

    @Override
    public Optional<String> usualAddress() {
        return Optional.of("https://events.pagerduty.com/v2/enqueue");
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
                ? List.of("its Secret needs the key token, an integration's routing" + " key")
                : List.of();
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        var event =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("routing_key", destination.token())
                        .put("event_action", subject.status().isGood() ? "resolve" : "trigger")
                        .put("dedup_key", Message.cut(subject.incident(), 255));
        if (subject.status().isGood()) {
            return event;
        }
        var payload =
                event.putObject("payload")
                        .put(
                                "summary",
                                Message.cut(
                                        message.canary() + ": " + message.text(), LONGEST_SUMMARY))
                        .put("source", subject.canary().cluster())
                        .put("severity", subject.status() == Status.HELD ? "warning" : "error");
        if (subject.at().getEpochSecond() > 0) {
            payload.put("timestamp", subject.at().toString());
        }
        payload.put("component", message.canary())
                .put("group", subject.canary().namespace())
                .put("class", "rollout " + subject.status().word());
        var details =
                payload.putObject("custom_details")
                        .put("run", subject.run())
                        .put("revision", subject.revision())
                        .put("phase", subject.phase())
                        .put("failed_checks", subject.failedChecks())
                        .put("actor", subject.actor());
        SituationText.now(subject).ifPresent(now -> details.put("now", now));
        subject.failed().forEach(details.putArray("evidence")::add);
        subject.release().images().forEach(details.putArray("images")::add);
        event.put("client", "Serinus");
        if (subject.link() != null) {
            event.put("client_url", subject.link());
            event.putArray("links")
                    .addObject()
                    .put("href", subject.link())
                    .put("text", "The rollout in the dashboard");
        }
        return event;
    }
}
