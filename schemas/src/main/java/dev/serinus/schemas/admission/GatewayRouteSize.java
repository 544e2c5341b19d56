package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.CanaryService;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many matches the rules of an HTTPRoute have while a run goes on. The API server takes no more
 * than it does, and says so at the first step, when a cookie's rules come into the route.
 *
 * @param largest of one rule
 * @param all of all rules together
 */
record GatewayRouteSize(int largest, int all) {

    private static final int MOST_IN_A_RULE = 64;
    private static final int MOST_IN_ALL = 128;

    /** How many headers and parameters of the query a request is asked for. */
    private record Asked(int headers, int parameters) {

        static Asked of(JsonNode entry) {
            return new Asked(entry.path("headers").size(), entry.path("queryParams").size());
        }

        /** What the analysis asks for stands for what the service does. */
        Asked with(Asked condition) {
            return new Asked(
                    condition.headers > 0 ? condition.headers : headers,
                    condition.parameters > 0 ? condition.parameters : parameters);
        }

        /** One header is replaced by the cookie; beside several it is one more. */
        int withCookie() {
            return headers > 1 ? headers + 1 : 1;
        }

        /** Gateway API asks those first that look at more. */
        boolean isAskedBeforeCookie(Asked match) {
            return headers > match.withCookie()
                    || (headers == match.withCookie() && parameters > match.parameters);
        }
    }

    static void check(Subject subject, CanaryService service, Findings findings) {
        var size = of(subject, service);
        var path =
                !list(subject.analysis().match()).isEmpty()
                        ? "spec.analysis.match"
                        : subject.analysis().sessionAffinity() != null
                                ? "spec.analysis.sessionAffinity"
                                : "spec.service.match";
        findings.when(
                size.largest > MOST_IN_A_RULE,
                path,
                "would give one rule of the route %d matches, of spec.service.match, conditions and cookies, and %s takes %d: leave some out"
                        .formatted(size.largest, subject.mesh().title(), MOST_IN_A_RULE));
        findings.when(
                size.largest <= MOST_IN_A_RULE && size.all > MOST_IN_ALL,
                path,
                "would give the rules of the route %d matches, of spec.service.match, conditions and cookies, and %s takes %d in all: leave some out"
                        .formatted(size.all, subject.mesh().title(), MOST_IN_ALL));
    }

    private static GatewayRouteSize of(Subject subject, CanaryService service) {
        var written =
                list(service.match()).stream()
                        .filter(GatewayRouteSize::isRead)
                        .map(Asked::of)
                        .toList();
        var matches = written.isEmpty() ? List.of(new Asked(0, 0)) : written;
        var conditions =
                list(subject.analysis().match()).stream()
                        .map(Asked::of)
                        .flatMap(condition -> matches.stream().map(it -> it.with(condition)))
                        .toList();
        var affinity = subject.analysis().sessionAffinity();
        if (conditions.isEmpty()) {
            int cookies =
                    affinity == null ? 0 : Subject.given(affinity.primaryCookieName()) ? 2 : 1;
            return new GatewayRouteSize(matches.size(), matches.size() * (1 + cookies));
        }
        int sticky =
                affinity == null
                        ? 0
                        : matches.size()
                                + (int)
                                        conditions.stream()
                                                .filter(
                                                        it ->
                                                                matches.stream()
                                                                        .anyMatch(
                                                                                it
                                                                                        ::isAskedBeforeCookie))
                                                .count();
        int largest = Math.max(sticky, Math.max(conditions.size(), matches.size()));
        return new GatewayRouteSize(largest, conditions.size() + matches.size() + sticky);
    }

    /** What has no word in Gateway API is passed over. */
    private static boolean isRead(JsonNode match) {
        return Stream.of("uri", "method", "headers", "queryParams")
                .anyMatch(it -> !match.path(it).isEmpty());
    }
}
