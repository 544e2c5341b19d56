package dev.serinus.analysis.api;

import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;

import jakarta.inject.Singleton;

import java.util.stream.Collectors;

/**
 * What is refused before any of our own code is asked: a path that there is not, a number that is
 * none, a body of another type. It is said as everything else is. What went wrong here says nothing
 * of itself: that is for the log.
 */
@Singleton
@Primary
@Requires(property = "serinus.service", value = "analysis")
final class FrameworkRefusals implements ErrorResponseProcessor<String> {

    private static final String OURS = "something went wrong here; the log says what";

    FrameworkRefusals() {}

    @Override
    public MutableHttpResponse<String> processResponse(
            ErrorContext context, MutableHttpResponse<?> base) {
        HttpStatus status = HttpStatus.valueOf(base.code());
        String said =
                context.getErrors().stream()
                        .map(Error::getMessage)
                        .collect(Collectors.joining("; "));
        var answer =
                Answers.problem(
                        context.getRequest(),
                        status,
                        status.getCode() >= 500
                                ? OURS
                                : said.isEmpty() ? status.getReason() : said);
        base.getHeaders()
                .forEach(
                        (name, values) ->
                                values.stream()
                                        .filter(_ -> !name.equalsIgnoreCase("Content-Type"))
                                        .filter(_ -> !name.equalsIgnoreCase("Content-Length"))
                                        .forEach(value -> answer.header(name, value)));
        return answer;
    }
}
