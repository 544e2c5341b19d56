package dev.serinus.analysis.api;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** A number of the query that is written and empty is a mistake, and not one that is left out. */
@ServerFilter("/api/v1/**")
@Requires(property = "serinus.service", value = "analysis")
@Order(200)
final class EmptyNumbers {

    private static final List<String> NUMBERS = List.of("limit", "run");

    /** The last part of paths that are answered in pages. */
    private static final Set<String> IN_PAGES =
            Set.of("rollouts", "events", "alerts", "dead-letters", "audit", "budgets", "gates");

    @RequestFilter
    @Nullable HttpResponse<String> check(HttpRequest<?> request) {
        String path = request.getPath();
        if (!IN_PAGES.contains(path.substring(path.lastIndexOf('/') + 1))) {
            return null;
        }
        for (String number : NUMBERS) {
            if ("".equals(request.getParameters().get(number))) {
                return Answers.problem(
                        request, HttpStatus.BAD_REQUEST, number + " must be a number, was empty");
            }
        }
        return null;
    }
}
