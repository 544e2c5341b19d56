package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.Questions;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.Optional;

/**
 * Answers what takes a look into Kafka: a few at a time, one of each caller, and with words where
 * it cannot be had. Who acts does not wait for those who look.
 */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class Asking {

    private static final int AT_A_TIME = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Questions looks = new Questions(AT_A_TIME, PATIENCE);
    private final Questions acts = new Questions(AT_A_TIME, PATIENCE);

    /** It takes nothing but time of this processor, which decisions need, too. */
    private final Questions thoughts =
            new Questions(1, PATIENCE, "a manifest of somebody else is worked on: try again");

    private final Access access;

    Asking(Access access) {
        this.access = access;
    }

    /** Where somebody wants to see something, for as long as he is there to see it. */
    HttpResponse<String> answer(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        if (isOfAnotherSite(request, access)) {
            return Answers.problem(
                    request, HttpStatus.FORBIDDEN, "a page of another site may not ask here");
        }
        return whileThere(request, () -> ask(looks, request, question));
    }

    private static HttpResponse<String> whileThere(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        try (var client = ClientGone.interrupting(request)) {
            try {
                return question.answer();
            } catch (InterruptedException ended) {
                if (!client.isGone()) {
                    throw ended;
                }
                return Answers.problem(
                        request, HttpStatus.SERVICE_UNAVAILABLE, "nobody is there to read it");
            }
        }
    }

    /** Where somebody changes something, which {@link Admittance} has let in. */
    HttpResponse<String> act(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        return ask(acts, request, question);
    }

    /**
     * Where something is to be worked out from what was sent; it waits for its turn as long as the
     * caller is there. Who asks too often is told how long to wait, and nothing else comes of it.
     */
    HttpResponse<String> work(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        Optional<Duration> wait = access.takeThought(who(request));
        if (wait.isPresent()) {
            return Answers.tooMany(request, "manifests", wait.get());
        }
        return whileThere(request, () -> thought(request, question));
    }

    private HttpResponse<String> thought(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        try {
            return thoughts.ask(who(request), question);
        } catch (LookupFailed busy) {
            return Answers.problem(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            String.valueOf(busy.getMessage()))
                    .header(HttpHeaders.RETRY_AFTER, "5");
        }
    }

    /** True where nobody logs in, and the browser of somebody asks for a page of others. */
    static boolean isOfAnotherSite(HttpRequest<?> request, Access access) {
        return !access.hasLogin()
                && "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"));
    }

    private HttpResponse<String> ask(
            Questions questions,
            HttpRequest<?> request,
            Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        try {
            return questions.ask(who(request), question);
        } catch (LookupFailed away) {
            return Answers.problem(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Kafka cannot be asked now: " + away.getMessage())
                    .header(HttpHeaders.RETRY_AFTER, "5");
        }
    }

    /** By name, or, where nobody logs in, by address. */
    private String who(HttpRequest<?> request) {
        return access.hasLogin()
                ? Login.caller(request).name()
                : request.getRemoteAddress().getHostString();
    }
}
