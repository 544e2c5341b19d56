package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.Optional;

/** Whether anything that changes something is taken from a caller at all, whatever it is. */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class Admittance {

    private static final String CLOSED =
            "no actions are taken here, since nobody has to log in and others than this machine are"
                    + " served: set SERINUS_API_TOKENS_FILE or SERINUS_API_OIDC_ISSUER"
                    + " (deploy/serinus run: --api-tokens-file, --api-oidc-issuer), and"
                    + " SERINUS_API_RULES_FILE to say who may do what";

    private final Access access;
    private final Audit audit;

    Admittance(Access access, Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    /** Why nothing is taken from this caller now; empty where it is, which counts as one. */
    Optional<HttpResponse<String>> refusal(HttpRequest<?> request, Caller caller) {
        if (!access.takesActions()) {
            audit.notHere(caller.name(), "no login is configured", request.getPath());
            return Optional.of(Answers.problem(request, HttpStatus.FORBIDDEN, CLOSED));
        }
        return tooOften(request, caller);
    }

    private Optional<HttpResponse<String>> tooOften(HttpRequest<?> request, Caller caller) {
        Optional<Duration> wait = access.take(caller);
        if (wait.isEmpty()) {
            return Optional.empty();
        }
        audit.tooOften(caller.name());
        return Optional.of(Answers.tooMany(request, "actions", wait.get()));
    }
}
