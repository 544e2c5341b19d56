package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.audit.AuditOutcome;
import dev.serinus.analysis.audit.AuditTrail;
import dev.serinus.analysis.audit.RepeatedRefusals;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Keeps who was refused and who acted: one line and one count each, and an entry of the audit
 * trail. No token is ever in it.
 */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class Audit {

    private static final Logger log = LoggerFactory.getLogger(Audit.class);
    private static final String NOBODY = "";

    /** Characters of what is kept of a refusal, where whoever is refused may choose them. */
    private static final int LONGEST = 200;

    /** Metrics call by this what no rule allows. */
    private static final String RULES = "rules";

    private static final String REQUEST = "request";

    private final MeterRegistry metrics;
    private final AuditTrail trail;
    private final RepeatedRefusals refusals = new RepeatedRefusals();

    Audit(MeterRegistry metrics, OnRequest onRequest) {
        this.metrics = metrics;
        this.trail = onRequest.audit();
    }

    /**
     * What was asked, and of what.
     *
     * @param caller who asks
     * @param action by its word
     * @param canary null for none
     * @param cluster null for none
     * @param target what else it is about; empty for nothing
     */
    private record What(
            String caller,
            String action,
            @Nullable CanaryKey canary,
            @Nullable String cluster,
            String target) {

        AuditEntry.Builder entry() {
            return AuditEntry.newBuilder()
                    .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .setActor(caller)
                    .setAction(action)
                    .setCanary(canary == null ? null : canary.toString())
                    .setCluster(canary == null ? cluster : canary.cluster())
                    .setTarget(target);
        }

        /**
         * As it is kept where it is refused. Whoever did not say who it is could invent paths, and
         * is the same as others whatever it asked for; the log has that.
         */
        What inShort() {
            return new What(
                    caller, action, canary, cluster, caller.equals(NOBODY) ? "" : cut(target));
        }

        String words() {
            return (action + " " + (canary == null ? "" : canary + " ") + target).strip();
        }
    }

    /** Somebody who did not say who it is, or whose word for it does not count. */
    void notLetIn(String because, String method, String path) {
        refused(AuditOutcome.LOGIN, request(NOBODY, method + " " + path), because);
    }

    /** Somebody of whom nobody can say who it is, since the provider does not answer. */
    void providerAway(String because, String method, String path) {
        refused(AuditOutcome.PROVIDER, request(NOBODY, method + " " + path), because);
    }

    /** Somebody has logged in with a browser. */
    void loggedIn(String caller) {
        metrics.counter("serinus.api.logins").increment();
        log.atInfo().addKeyValue("caller", caller).log("logged in");
        trail.add(
                new What(caller, "login", null, null, "")
                        .entry()
                        .setOutcome(AuditOutcome.DONE.word())
                        .build());
    }

    /** Somebody who may not do this with a canary. */
    void notAllowed(String caller, String verb, CanaryKey canary) {
        refused(
                AuditOutcome.NOT_ALLOWED,
                new What(caller, verb, canary, null, ""),
                "no rule allows it");
    }

    /** Somebody who may not have this dead letter replayed; whom it is about is not told. */
    void mayNotReplay(String caller, String cluster, String letter) {
        refused(
                AuditOutcome.NOT_ALLOWED,
                new What(caller, Rules.REPLAY, null, cluster, letter),
                "no rule allows it");
    }

    /** Somebody who asks too often. */
    void tooOften(String caller) {
        refused(AuditOutcome.RATE, request(caller, ""), "too many actions a minute");
    }

    /** A page of another site, or an installation without a login. */
    void notHere(String caller, String because, String path) {
        refused(AuditOutcome.ORIGIN, request(caller, path), because);
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    private static What request(String caller, String path) {
        return new What(caller, REQUEST, null, null, path);
    }

    private void refused(AuditOutcome outcome, What what, String because) {
        String kind = outcome == AuditOutcome.NOT_ALLOWED ? RULES : outcome.word();
        metrics.counter("serinus.api.refusals", "because", kind).increment();
        log.atWarn()
                .addKeyValue("caller", what.caller())
                .addKeyValue("asked", what.words())
                .addKeyValue("because", because)
                .log("request refused");
        refusals.take(
                        what.inShort()
                                .entry()
                                .setOutcome(outcome.word())
                                .setBecause(cut(because))
                                .build())
                .ifPresent(trail::add);
    }

    /** Keeps what was counted of refusals that came many times. */
    @Scheduled(fixedDelay = "10s")
    void count() {
        refusals.due(Instant.now()).forEach(trail::add);
    }

    /** An end in good order loses nothing. */
    @PreDestroy
    void keepTheRest() {
        refusals.rest().forEach(trail::add);
    }

    /**
     * Somebody acted, and this became of it.
     *
     * @param words what it was answered
     */
    void acted(
            String caller,
            String action,
            CanaryKey canary,
            String gate,
            String reason,
            String became,
            String words) {
        became(new What(caller, action, canary, null, gate), reason, became, words);
    }

    /**
     * Somebody had a record put on its topic once more, or tried to.
     *
     * @param canary that the letter is about; null where that is not known for sure
     */
    void replayed(
            String caller,
            String cluster,
            String letter,
            @Nullable CanaryKey canary,
            String reason,
            String became,
            String words) {
        became(new What(caller, Rules.REPLAY, canary, cluster, letter), reason, became, words);
    }

    /** Somebody turned a gate that the load tester keeps, or tried to. */
    void turned(
            String caller,
            String verb,
            CanaryKey canary,
            String gate,
            String reason,
            String became,
            String words) {
        became(new What(caller, verb, canary, null, gate), reason, became, words);
    }

    private static boolean isAsAsked(String became) {
        return AuditOutcome.of(became).filter(AuditOutcome::isAsAsked).isPresent();
    }

    private void became(What what, String reason, String became, String words) {
        metrics.counter("serinus.api.actions", "action", what.action(), "became", became)
                .increment();
        log.atInfo()
                .addKeyValue("caller", what.caller())
                .addKeyValue("action", what.action())
                .addKeyValue("canary", what.canary() == null ? "" : what.canary())
                .addKeyValue("target", what.target())
                .addKeyValue("reason", reason)
                .addKeyValue("became", became)
                .log("action of a person");
        trail.add(
                what.entry()
                        .setReason(reason)
                        .setOutcome(became)
                        .setBecause(isAsAsked(became) ? "" : words)
                        .build());
    }
}
