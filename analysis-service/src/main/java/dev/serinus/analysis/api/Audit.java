package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Rules;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;

import jakarta.inject.Singleton;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps who was refused and who acted: one line and one count each. No token is ever in it. */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class Audit {

    private static final Logger log = LoggerFactory.getLogger(Audit.class);
    private static final String NOBODY = "";

    private final MeterRegistry metrics;

    Audit(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** Somebody who did not say who it is, or whose word for it does not count. */
    void notLetIn(String because, String method, String path) {
        refused("login", NOBODY, method + " " + path, because);
    }

    /** Somebody of whom nobody can say who it is, since the provider does not answer. */
    void providerAway(String because, String method, String path) {
        refused("provider", NOBODY, method + " " + path, because);
    }

    /** Somebody has logged in with a browser. */
    void loggedIn(String caller) {
        metrics.counter("serinus.api.logins").increment();
        log.atInfo().addKeyValue("caller", caller).log("logged in");
    }

    /** Somebody who may not do this. */
    void notAllowed(String caller, String what, String canary) {
        refused("rules", caller, what + " " + canary, "no rule allows it");
    }

    /** Somebody who asks too often. */
    void tooOften(String caller) {
        refused("rate", caller, "", "too many actions a minute");
    }

    /** A page of another site, or an installation without a login. */
    void notHere(String caller, String because, String path) {
        refused("origin", caller, path, because);
    }

    private void refused(String kind, String caller, String what, String because) {
        metrics.counter("serinus.api.refusals", "because", kind).increment();
        log.atWarn()
                .addKeyValue("caller", caller)
                .addKeyValue("asked", what)
                .addKeyValue("because", because)
                .log("request refused");
    }

    /** Somebody acted, and this became of it. */
    void acted(String caller, String action, String canary, String became) {
        metrics.counter("serinus.api.actions", "action", action, "became", became).increment();
        log.atInfo()
                .addKeyValue("caller", caller)
                .addKeyValue("action", action)
                .addKeyValue("canary", canary)
                .addKeyValue("became", became)
                .log("action of a person");
    }

    /** Somebody had a record put on its topic once more, or tried to. */
    void replayed(String caller, String letter, String canary, String reason, String became) {
        metrics.counter("serinus.api.actions", "action", Rules.REPLAY, "became", became)
                .increment();
        log.atInfo()
                .addKeyValue("caller", caller)
                .addKeyValue("action", Rules.REPLAY)
                .addKeyValue("letter", letter)
                .addKeyValue("canary", canary)
                .addKeyValue("reason", reason)
                .addKeyValue("became", became)
                .log("action of a person");
    }

    /** Somebody turned a gate that the load tester keeps, or tried to. */
    void turned(
            String caller, String verb, String canary, String gate, String reason, String became) {
        metrics.counter("serinus.api.actions", "action", verb, "became", became).increment();
        log.atInfo()
                .addKeyValue("caller", caller)
                .addKeyValue("action", verb)
                .addKeyValue("gate", gate)
                .addKeyValue("canary", canary)
                .addKeyValue("reason", reason)
                .addKeyValue("became", became)
                .log("action of a person");
    }
}
