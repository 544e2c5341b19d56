package dev.serinus.analysis.api;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.analysis.lookup.Questions;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import jakarta.inject.Singleton;

import java.time.Duration;

/** Answers what takes a look into Kafka: a few at a time, and with words where it cannot be had. */
@Singleton
@Requires(property = "serinus.service", value = "analysis")
final class Asking {

    private final Questions questions = new Questions(Duration.ofSeconds(10));

    Asking() {}

    HttpResponse<String> answer(
            HttpRequest<?> request, Questions.Question<HttpResponse<String>> question)
            throws InterruptedException {
        try {
            return questions.ask(question);
        } catch (LookupFailed away) {
            return Answers.problem(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Kafka cannot be asked now: " + away.getMessage())
                    .header(HttpHeaders.RETRY_AFTER, "5");
        }
    }
}
