package dev.serinus.loadtester;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.hook.HookTimeout;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Every path but that of health: as in Flagger, method and content type do not matter. */
@Controller
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class LoadTesterController {

    private static final Pattern WAIT = Pattern.compile("\\bwait ?= ?\"?([0-9]{1,4})");
    private static final Pattern QUESTION = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final LoadTester tester;
    private final BearerToken token;

    LoadTesterController(LoadTester tester, BearerToken token) {
        this.tester = tester;
        this.token = token;
    }

    @Post(uris = {"/", "/{+path}"})
    HttpResponse<byte[]> post(HttpRequest<?> request, @Nullable @Body String body)
            throws InterruptedException {
        return answer(request, body);
    }

    @Put(uris = {"/", "/{+path}"})
    HttpResponse<byte[]> put(HttpRequest<?> request, @Nullable @Body String body)
            throws InterruptedException {
        return answer(request, body);
    }

    @Patch(uris = {"/", "/{+path}"})
    HttpResponse<byte[]> patch(HttpRequest<?> request, @Nullable @Body String body)
            throws InterruptedException {
        return answer(request, body);
    }

    @Delete(uris = {"/", "/{+path}"})
    HttpResponse<byte[]> delete(HttpRequest<?> request, @Nullable @Body String body)
            throws InterruptedException {
        return answer(request, body);
    }

    @Get(uris = {"/", "/{+path}"})
    HttpResponse<byte[]> get(HttpRequest<?> request) throws InterruptedException {
        return answer(request, null);
    }

    private HttpResponse<byte[]> answer(HttpRequest<?> request, @Nullable String body)
            throws InterruptedException {
        Optional<Answer> refusal =
                token.refusal(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
        if (refusal.isPresent()) {
            return told(refusal.get());
        }
        String question = request.getHeaders().get("webhook-id");
        String prefer = request.getHeaders().get("Prefer");
        return told(
                tester.answer(
                        new Asked(
                                request.getMethodName(),
                                request.getPath(),
                                body == null ? "" : body,
                                question != null && QUESTION.matcher(question).matches()
                                        ? question
                                        : "",
                                prefer == null ? null : patience(prefer),
                                HookTimeout.read(request.getHeaders().get(HookTimeout.HEADER))
                                        .orElse(null))));
    }

    private static @Nullable Duration patience(String prefer) {
        if (!prefer.toLowerCase(Locale.ROOT).contains("respond-async")) {
            return null;
        }
        var wait = WAIT.matcher(prefer);
        return wait.find() ? Duration.ofSeconds(Long.parseLong(wait.group(1))) : Duration.ZERO;
    }

    private static HttpResponse<byte[]> told(Answer answer) {
        MutableHttpResponse<byte[]> response =
                HttpResponse.status(HttpStatus.valueOf(answer.status()));
        answer.headers().forEach(response::header);
        if (!answer.body().isEmpty()) {
            response.body(answer.body().getBytes(UTF_8));
            if (!answer.headers().containsKey(HttpHeaders.CONTENT_TYPE)) {
                response.header(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
            }
        }
        return response;
    }
}
