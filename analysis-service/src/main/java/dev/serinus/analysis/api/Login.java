package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.BrowserLogin;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.ProviderAway;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds out who asks, before anything else of the API is done. Where nobody logs in, whatever
 * changes something must not come from a page of another site: a browser would send it from
 * whichever page is open.
 */
@ServerFilter({"/api/**", GateController.PATH + "/**"})
@Requires(property = "serinus.service", value = "analysis")
@Order(100)
final class Login {

    private static final String CALLER = "serinus.caller";
    private static final String SESSION = "serinus.session";
    private static final String BEARER = "bearer ";

    private final Access access;
    private final Audit audit;

    Login(Access access, Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Nullable HttpResponse<String> check(HttpRequest<?> request) {
        String token = token(request);
        // Who sends a token means that one: what a browser sends along by itself does not count.
        Session session = token == null ? session(request) : null;
        Caller caller;
        try {
            caller = (session == null ? access.caller(token) : session.caller()).orElse(null);
        } catch (ProviderAway away) {
            if (request.getPath().equals(LoginController.HOW)) {
                return null;
            }
            String because = String.valueOf(away.getMessage());
            audit.providerAway(because, request.getMethodName(), request.getPath());
            return Answers.problem(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "who you are cannot be found out now: " + because)
                    .header(HttpHeaders.RETRY_AFTER, "5");
        }
        if (caller == null && request.getPath().equals(LoginController.HOW)) {
            return null;
        }
        if (caller == null) {
            String because =
                    session != null
                            ? "the session is over"
                            : token == null ? "no token was sent" : "the token is not valid";
            audit.notLetIn(because, request.getMethodName(), request.getPath());
            return Answers.problem(
                            request,
                            HttpStatus.UNAUTHORIZED,
                            session != null
                                    ? because + ": log in again"
                                    : because + ": send one as Authorization: Bearer")
                    .header(HttpHeaders.WWW_AUTHENTICATE, challenge(token));
        }
        if (changes(request)
                && (session == null
                        ? !access.hasLogin() && isForeign(request)
                        : !SessionCookies.isOwn(request, session.login()))) {
            String because = "a page of another site may not act here";
            audit.notHere(caller.name(), because, request.getPath());
            return Answers.problem(request, HttpStatus.FORBIDDEN, because);
        }
        request.setAttribute(CALLER, caller);
        if (session != null) {
            request.setAttribute(SESSION, session);
        }
        return null;
    }

    /** What a browser sent along by itself, and who opens it. */
    private record Session(BrowserLogin login, String cookie) {

        Optional<Caller> caller() {
            return login.caller(cookie);
        }
    }

    private @Nullable Session session(HttpRequest<?> request) {
        return access.browserLogin()
                .flatMap(
                        login ->
                                Optional.ofNullable(
                                                SessionCookies.find(
                                                        request, SessionCookies.session(login)))
                                        .map(cookie -> new Session(login, cookie)))
                .orElse(null);
    }

    /** Who asks; every request that reaches a controller has a caller. */
    static Caller caller(HttpRequest<?> request) {
        return request.getAttribute(CALLER, Caller.class)
                .orElseThrow(() -> new IllegalStateException("the login comes before"));
    }

    /** Who asks; empty where it was not said, at the one path that answers then, too. */
    static Optional<Caller> known(HttpRequest<?> request) {
        return request.getAttribute(CALLER, Caller.class);
    }

    /** True for who has logged in with a browser. */
    static boolean isBySession(HttpRequest<?> request) {
        return request.getAttribute(SESSION, Session.class).isPresent();
    }

    /** Tells whether a caller that was let in still is, for as long as its request lasts. */
    BooleanSupplier presence(HttpRequest<?> request) {
        Caller caller = caller(request);
        String token = token(request);
        Session session = request.getAttribute(SESSION, Session.class).orElse(null);
        if (session != null) {
            return () -> session.caller().filter(caller::equals).isPresent();
        }
        return () -> {
            try {
                return access.caller(token).filter(caller::equals).isPresent();
            } catch (ProviderAway away) {
                // It was good when it came, and says itself until when; the rules are still asked.
                return token == null || !access.isOver(token);
            }
        };
    }

    private static String challenge(@Nullable String token) {
        return token == null
                ? "Bearer realm=\"serinus\""
                : "Bearer realm=\"serinus\", error=\"invalid_token\"";
    }

    /** What was sent to say who it is; null where nothing was. */
    static @Nullable String token(HttpRequest<?> request) {
        String header = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    private static boolean changes(HttpRequest<?> request) {
        return request.getMethod() != HttpMethod.GET && request.getMethod() != HttpMethod.HEAD;
    }

    private static boolean isForeign(HttpRequest<?> request) {
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        String host = request.getHeaders().get(HttpHeaders.HOST);
        if (origin == null) {
            return "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"));
        }
        try {
            return !String.valueOf(URI.create(origin).getAuthority()).equalsIgnoreCase(host);
        } catch (IllegalArgumentException unreadable) {
            return true;
        }
    }
}
