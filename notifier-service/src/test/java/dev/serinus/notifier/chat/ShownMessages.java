package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the documents show: of each service that a run begins, fails by two checks, and the next
 * ends well; and what else wakes people.
 */
final class ShownMessages {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final String REVISION = "6867868d58";
    private static final String IMAGE = "registry.example/podinfo:6.9.0";
    private static final Instant AT = Instant.parse("2026-11-30T04:05:06Z");

    private static final Map<String, String> PHASES =
            Map.of("succeeded", "Succeeded", "waiting", "WaitingPromotion");

    private ShownMessages() {}

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
                null,
                new AlertField("Cluster", "prod"),
                new AlertField("Target", "Deployment/podinfo.shop"),
                new AlertField("Failed checks threshold", "5"),
                new AlertField("Progress deadline", "600s"),
                new AlertField("Traffic routing", "Weight step: 10 max: 50"));
    }

    static Message failed() {
        return failed(
                List.of(
                        new AlertEvidence(
                                "request-success-rate", 95.0, 99.0, null, true, "", null, "%"),
                        new AlertEvidence(
                                "request-duration", 612.0, null, 500.0, true, "", null, "ms"),
                        new AlertEvidence("queue_length", 3.0, null, 10.0, false, "", null, "")));
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
                situation("divided", 3_000).setGoesTo("primary"),
                new AlertField("Cluster", "prod"),
                new AlertField("request-success-rate", "95.00 % < 99.00 %"),
                new AlertField("request-duration", "612.00 ms > 500.00 ms"));
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
                situation("primary", 0).setPrimaryRevision(REVISION),
                new AlertField("Cluster", "prod"));
    }

    /** What wakes people beside the failure of a check, by what it is about. */
    static Map<String, Message> others() {
        Map<String, Message> all = new LinkedHashMap<>();
        all.put("A failure is held for people", held());
        all.put(
                "The canary was not ready in time",
                trouble(
                        "failed",
                        "Progress deadline exceeded canary deployment podinfo.shop not ready:"
                                + " waiting for rollout to finish: 0 of 3 updated replicas are"
                                + " available",
                        situation("primary", 0)));
        all.put(
                "It is to be taken back, and the primary does not serve",
                trouble(
                        "progressing",
                        "Rollback waits, the primary does not serve",
                        situation("divided", 3_000)
                                .setGoesTo("primary")
                                .setPrimaryServes(false)
                                .setPrimaryReady(false)));
        all.put(
                "The primary did not get ready with what was promoted",
                trouble(
                        "failed",
                        "Promotion failed, primary not ready: podinfo-primary.shop not ready:"
                                + " waiting for rollout to finish: 1 of 3 updated replicas are"
                                + " available",
                        situation("divided", 5_000)
                                .setPrimaryRevision(REVISION)
                                .setPrimaryReady(false)));
        all.put(
                "The first primary did not get ready",
                message(
                        "msg_first",
                        Severity.ERROR,
                        "failed",
                        0,
                        0,
                        "Initialization failed, primary not ready: waiting for rollout to finish:"
                                + " 0 of 3 updated replicas are available",
                        List.of(),
                        situation("target", 0).setPrimaryServes(false).setPrimaryReady(false),
                        new AlertField("Cluster", "prod")));
        all.put(
                "A gate waits for approval",
                message(
                        "msg_waiting",
                        Severity.WARN,
                        "waiting",
                        7,
                        3_000,
                        "Canary promotion is waiting for approval.",
                        List.of(),
                        situation("divided", 3_000)
                                .setClosedGate("load-test")
                                .setClosedUntil(AT.plusSeconds(1_800))
                                .setClosedThen("fail")
                                .setPossible(List.of("pause", "promote", "abort", "approve")),
                        new AlertField("Cluster", "prod")));
        all.put("Something was not delivered before", afterMissed());
        return all;
    }

    private static Message held() {
        return message(
                "msg_held",
                Severity.ERROR,
                "held",
                7,
                3_000,
                "Canary analysis failed and is held until people decide, or"
                        + " 2026-11-30T05:05:06Z passes: failed checks threshold reached",
                List.of(
                        new AlertEvidence(
                                "request-success-rate", 95.0, 99.0, null, true, "", null, "%")),
                situation("divided", 3_000)
                        .setHeldUntil(AT.plusSeconds(3_600))
                        .setPossible(
                                List.of("pause", "resume", "retry", "skip", "promote", "abort")),
                new AlertField("Cluster", "prod"),
                new AlertField("request-success-rate", "95.00 % < 99.00 %"));
    }

    private static Message trouble(String status, String text, AlertSituation.Builder situation) {
        return message(
                "msg_trouble",
                Severity.ERROR,
                status,
                7,
                situation.getCanaryBasisPoints(),
                text,
                List.of(),
                situation,
                new AlertField("Cluster", "prod"));
    }

    private static Message afterMissed() {
        var next = promoted();
        return new Message(
                next.key(),
                next.canary(),
                next.severity(),
                next.text(),
                false,
                next.fields(),
                List.of(
                        new AlertField(
                                "Not delivered at 2026-11-30T03:50:00Z",
                                "Failed checks threshold reached 5")),
                next.subject());
    }

    /** Of a primary that serves what was promoted before. */
    private static AlertSituation.Builder situation(String traffic, int canary) {
        return AlertSituation.newBuilder()
                .setTraffic(traffic)
                .setCanaryBasisPoints(canary)
                .setPrimaryServes(true)
                .setPrimaryReady(true)
                .setPrimaryRevision("5d4f6c8b7f")
                .setImages(List.of(IMAGE))
                .setStartedAt(AT.minusSeconds(252));
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
            AlertSituation.@Nullable Builder situation,
            AlertField... fields) {
        var facts =
                AlertFacts.newBuilder()
                        .setStatus(status)
                        .setRun(run)
                        .setPhase(PHASES.getOrDefault(status, "Progressing"))
                        .setRevision(run == 0 ? "" : REVISION)
                        .setCanaryBasisPoints(weight)
                        .setFailedChecks(status.equals("failed") ? 5 : 0)
                        .setIteration(0)
                        .setAt(AT)
                        .setEvidence(evidence)
                        .setSituation(situation == null ? null : situation.build())
                        .build();
        var subject =
                Subject.of(
                        new CanaryKey("prod", "shop", "podinfo"),
                        facts,
                        new Subject.Release(List.of(IMAGE), COMMIT, List.of(primaryImage(facts))),
                        "https://serinus.example");
        List<AlertField> all = new ArrayList<>(List.of(fields));
        all.addAll(subject.standing());
        return new Message(key, "podinfo.shop", severity, text, false, all, List.of(), subject);
    }

    private static String primaryImage(AlertFacts facts) {
        var situation = facts.getSituation();
        return situation != null && situation.getPrimaryRevision().equals(REVISION)
                ? IMAGE
                : "registry.example/podinfo:6.8.0";
    }
}
