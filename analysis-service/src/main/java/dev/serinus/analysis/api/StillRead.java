package dev.serinus.analysis.api;

import dev.serinus.analysis.action.ActionDesk;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Answers nobody who asks about rollouts before all that was there at the start has been read: what
 * is not there may come, and no answer would say so. The same of gates that are turned, and of
 * actions for many, which are chosen from the fleet; those for one rollout have an answer of their
 * own. Whoever is not logged in is told that first.
 */
@ServerFilter({
    "/api/rollouts/**",
    "/api/v1/rollouts",
    "/api/v1/rollouts/*/*/*",
    "/api/v1/rollouts/*/*/*/events",
    "/api/v1/rollouts/*/*/*/alerts",
    "/api/v1/stream/**",
    "/api/v1/events/**",
    "/api/v1/budgets/**",
    "/api/v1/clusters/**",
    "/api/v1/gates/**",
    "/api/v1/actions"
})
@Requires(property = "serinus.service", value = "analysis")
@Order(200)
final class StillRead {

    /** A member of the problem, by which a client knows that waiting is all that it takes. */
    static final String NOT_READY = "notReady";

    private static final String AGAIN = "2";

    private final ActionDesk desk;

    StillRead(ActionDesk desk) {
        this.desk = desk;
    }

    @RequestFilter
    @Nullable HttpResponse<String> check(HttpRequest<?> request) {
        return desk.isReady()
                ? null
                : Answers.problem(
                                request,
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "the rollouts are still being read, since this hub has just"
                                        + " started: ask again",
                                Map.of(NOT_READY, true))
                        .header(HttpHeaders.RETRY_AFTER, AGAIN);
    }
}
