package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.outgoing.Signer;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Any service that takes JSON: all that is known, as the README documents it, signed by Standard
 * Webhooks where the Secret has a key for it.
 */
public record Custom() implements WebNotifier {

    @Override
    public String type() {
        return "custom";
    }

    @Override
    public boolean asksForTheRelease() {
        return true;
    }

    @Override
    public String method(Destination destination) {
        return "PUT".equals(destination.options().method()) ? "PUT" : "POST";
    }

    @Override
    public List<String> problems(Destination destination) {
        String key = destination.options().signingKey();
        if (key == null) {
            return List.of();
        }
        try {
            Signer.of(key);
            return List.of();
        } catch (IllegalArgumentException unusable) {
            return List.of("its Secret's key signingKey cannot be used: " + unusable.getMessage());
        }
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        return destination.token() == null
                ? Map.of()
                : Map.of("Authorization", "Bearer " + destination.token());
    }

    @Override
    public Map<String, String> signature(
            Destination destination, Message message, String body, Instant at) {
        String key = destination.options().signingKey();
        return (key == null ? Signer.none() : Signer.of(key)).headers(message.key(), at, body);
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        var body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("version", "1")
                        .put("id", message.key())
                        .put("at", subject.at().toString())
                        .put("cluster", subject.canary().cluster())
                        .put("namespace", subject.canary().namespace())
                        .put("name", subject.canary().name())
                        .put("severity", message.severity().name().toLowerCase(Locale.ROOT))
                        .put("status", subject.status().word())
                        .put("dryRun", subject.dryRun())
                        .put("message", message.text())
                        .put("phase", subject.phase())
                        .put("run", subject.run())
                        .put("revision", subject.revision())
                        .put("commit", subject.release().commit())
                        .put("canaryWeight", subject.weight() / 100.0)
                        .put("failedChecks", subject.failedChecks())
                        .put("iteration", subject.iteration())
                        .put("actor", subject.actor())
                        .put("link", subject.link());
        subject.release().images().forEach(body.putArray("images")::add);
        situation(body, subject);
        var evidence = body.putArray("evidence");
        for (var each : subject.evidence()) {
            evidence.addObject()
                    .put("check", each.getCheck())
                    .put("value", each.getValue())
                    .put("min", each.getMin())
                    .put("max", each.getMax())
                    .put("unit", each.getUnit())
                    .put("failed", each.getFailed())
                    .put("because", Subject.because(each));
        }
        var fields = body.putArray("fields");
        for (var field : message.titled()) {
            fields.addObject().put("name", field.getName()).put("value", field.getValue());
        }
        return body;
    }

    private static void situation(ObjectNode body, Subject subject) {
        AlertSituation it = subject.situation();
        if (it == null) {
            body.putNull("situation");
            return;
        }
        var situation =
                body.putObject("situation")
                        .put("now", SituationText.now(subject).orElse(null))
                        .put("traffic", it.getTraffic())
                        .put("confirmed", it.getConfirmed())
                        .put("goesTo", it.getGoesTo())
                        .put("canaryWeight", it.getCanaryBasisPoints() / 100.0)
                        .put("baselineWeight", it.getBaselineBasisPoints() / 100.0)
                        .put("mirrored", it.getMirrored())
                        .put("matched", it.getMatched());
        it.getImages().forEach(situation.putArray("images")::add);
        var primary =
                situation
                        .putObject("primary")
                        .put("revision", it.getPrimaryRevision())
                        .put("serves", it.getPrimaryServes())
                        .put("ready", it.getPrimaryReady());
        subject.release().primaryImages().forEach(primary.putArray("images")::add);
        situation
                .put("startedAt", text(it.getStartedAt()))
                .put("heldUntil", text(it.getHeldUntil()))
                .put("closedGate", it.getClosedGate())
                .put("closedUntil", text(it.getClosedUntil()))
                .put("closedThen", it.getClosedThen());
        it.getPossible().forEach(situation.putArray("possible")::add);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
