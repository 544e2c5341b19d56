package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the documents show of each service: a run begins, fails by two checks, and the next ends
 * well.
 */
final class ThreeMessages {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private ThreeMessages() {}

    static List<Message> all() {
        return List.of(started(), failed(), promoted());
    }

    static Message started() {
        return message(
                "msg_started",
                Severity.INFO,
                "started",
                7,
                0,
                "New revision detected, progressing canary analysis.",
                List.of(),
                new AlertField("Cluster", "prod"),
                new AlertField("Target", "Deployment/podinfo.shop"),
                new AlertField("Failed checks threshold", "5"),
                new AlertField("Progress deadline", "600s"),
                new AlertField("Traffic routing", "Weight step: 10 max: 50"));
    }

    static Message failed() {
        return failed(
                List.of(
                        new AlertEvidence("request-success-rate", 95.0, 99.0, null, true, "", null),
                        new AlertEvidence("request-duration", 612.0, null, 500.0, true, "", null),
                        new AlertEvidence("queue_length", 3.0, null, 10.0, false, "", null)));
    }

    static Message failed(List<AlertEvidence> evidence) {
        return message(
                "msg_failed",
                Severity.ERROR,
                "failed",
                7,
                3_000,
                "Failed checks threshold reached 5",
                evidence,
                new AlertField("Cluster", "prod"),
                new AlertField("request-success-rate", "95.00 < 99.00"),
                new AlertField("request-duration", "612.00 > 500.00"));
    }

    static Message promoted() {
        return message(
                "msg_promoted",
                Severity.INFO,
                "succeeded",
                8,
                0,
                "Canary analysis completed successfully, promotion finished.",
                List.of(),
                new AlertField("Cluster", "prod"));
    }

    static Message digest() {
        return Digest.message(
                new AlertDigest(
                        "msg_digest",
                        Instant.parse("2026-11-30T04:05:06Z"),
                        Instant.parse("2026-11-30T04:15:06Z"),
                        List.of(
                                new DigestLine(
                                        "podinfo.shop",
                                        Severity.INFO,
                                        "Canary analysis completed successfully, promotion"
                                                + " finished.",
                                        2),
                                new DigestLine(
                                        "cart.shop",
                                        Severity.WARN,
                                        "Canary is waiting for approval.",
                                        1)),
                        3),
                new CanaryKey("prod", "shop", "chat"),
                "prod",
                "https://serinus.example");
    }

    private static Message message(
            String key,
            Severity severity,
            String status,
            long run,
            int weight,
            String text,
            List<AlertEvidence> evidence,
            AlertField... fields) {
        var facts =
                AlertFacts.newBuilder()
                        .setStatus(status)
                        .setRun(run)
                        .setPhase(status.equals("succeeded") ? "Succeeded" : "Progressing")
                        .setRevision("6867868d58")
                        .setCanaryBasisPoints(weight)
                        .setFailedChecks(status.equals("failed") ? 5 : 0)
                        .setIteration(0)
                        .setAt(Instant.parse("2026-11-30T04:05:06Z"))
                        .setEvidence(evidence)
                        .build();
        return new Message(
                key,
                "podinfo.shop",
                severity,
                text,
                false,
                new ArrayList<>(List.of(fields)),
                List.of(),
                Subject.of(
                        new CanaryKey("prod", "shop", "podinfo"),
                        facts,
                        new Subject.Release(List.of("registry.example/podinfo:6.9.0"), COMMIT),
                        "https://serinus.example"));
    }
}
