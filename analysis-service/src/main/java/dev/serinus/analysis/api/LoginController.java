package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.BrowserLogin;
import dev.serinus.analysis.access.BrowserLogin.Finished;
import dev.serinus.analysis.access.BrowserLogin.Started;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.NotLoggedIn;
import dev.serinus.analysis.access.ProviderAway;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs people in at the dashboard, by the provider that knows them, and out again. */
@Controller
@Requires(property = "serinus.service", value = "analysis")
final class LoginController {

    /** Who asks, and how to log in: open to everybody, since it comes before. */
    static final String HOW = "/api/v1/login";

    private final Access access;
    private final Audit audit;

    LoginController(Access access, Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    /** How one logs in here, and as whom one is. */
    @Get(HOW)
    @Produces(MediaType.ALL)
    HttpResponse<String> how(HttpRequest<?> request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("required", access.hasLogin());
        answer.put("provider", access.browserLogin().map(BrowserLogin::issuer).orElse(null));
        answer.put("caller", Login.known(request).map(Caller::name).orElse(null));
        answer.put("bySession", Login.isBySession(request));
        return Answers.json(HttpStatus.OK, answer).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Sends the browser to the provider. */
    @Get("/login")
    @Produces(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> start(HttpRequest<?> request, @QueryValue @Nullable String to) {
        var browser = access.browserLogin().orElse(null);
        if (browser == null) {
            return text(HttpStatus.NOT_FOUND, "nobody logs in with a browser here");
        }
        try {
            Started started = browser.start(to);
            return HttpResponse.redirect(started.provider())
                    .status(HttpStatus.FOUND)
                    .cookie(
                            cookie(
                                    browser,
                                    SessionCookies.pending(browser, started.name()),
                                    started.pending(),
                                    started.lasts()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store");
        } catch (ProviderAway away) {
            return nobodyNow(away, "/login");
        }
    }

    private HttpResponse<?> nobodyNow(ProviderAway away, String path) {
        String because = String.valueOf(away.getMessage());
        audit.providerAway(because, "GET", path);
        return text(HttpStatus.SERVICE_UNAVAILABLE, "nobody can log in now: " + because);
    }

    /** Where the provider sends it back to. */
    @Get(BrowserLogin.CALLBACK)
    @Produces(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> finish(HttpRequest<?> request) {
        var browser = access.browserLogin().orElse(null);
        if (browser == null) {
            return text(HttpStatus.NOT_FOUND, "nobody logs in with a browser here");
        }
        Map<String, String> answer = new LinkedHashMap<>();
        request.getParameters().forEach((name, values) -> answer.put(name, values.getFirst()));
        String pending =
                SessionCookies.pending(
                        browser, BrowserLogin.nameOf(answer.getOrDefault("state", "")));
        var forgotten = cookie(browser, pending, "", Duration.ZERO);
        try {
            Finished finished = browser.finish(answer, SessionCookies.find(request, pending));
            audit.loggedIn(finished.caller().name());
            return HttpResponse.redirect(URI.create("/" + finished.to()))
                    .status(HttpStatus.FOUND)
                    .cookie(forgotten)
                    .cookie(
                            cookie(
                                    browser,
                                    SessionCookies.session(browser),
                                    finished.session(),
                                    finished.lasts()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store");
        } catch (NotLoggedIn refused) {
            String because = String.valueOf(refused.getMessage());
            audit.notLetIn(because, "GET", BrowserLogin.CALLBACK);
            return text(HttpStatus.FORBIDDEN, "you are not logged in: " + because)
                    .cookie(forgotten);
        } catch (ProviderAway away) {
            return nobodyNow(away, BrowserLogin.CALLBACK);
        }
    }

    /** Ends the session here; the provider's own goes on. */
    @Post("/logout")
    @Produces(MediaType.ALL)
    HttpResponse<?> end(HttpRequest<?> request) {
        var browser = access.browserLogin().orElse(null);
        if (browser == null) {
            return text(HttpStatus.NOT_FOUND, "nobody logs in with a browser here");
        }
        if (!SessionCookies.isOwn(request, browser)) {
            return text(HttpStatus.FORBIDDEN, "a page of another site may not act here");
        }
        return HttpResponse.noContent()
                .cookie(cookie(browser, SessionCookies.session(browser), "", Duration.ZERO));
    }

    /** Links of a chat lead here from another site, so it is sent along with these. */
    private static Cookie cookie(BrowserLogin browser, String name, String value, Duration lasts) {
        return Cookie.of(name, value)
                .path("/")
                .httpOnly(true)
                .secure(browser.isSecure())
                .sameSite(SameSite.Lax)
                .maxAge(lasts);
    }

    private static MutableHttpResponse<String> text(HttpStatus status, String sentence) {
        return HttpResponse.<String>status(status)
                .contentType(MediaType.TEXT_PLAIN_TYPE)
                .body(sentence)
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
