package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.GatewayTimeouts;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Requirement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Rules for what is written into a route of Gateway API, whose API server refuses what is written
 * otherwise, and then again and again, in the words of the route. What Flagger does not write
 * refuses no Canary that it serves: it is left out, and told.
 */
final class GatewayRules {

    private GatewayRules() {}

    static void check(Subject subject, CanaryService service, Findings findings) {
        if (isMade(subject, service) && writesTimeouts(subject)) {
            timeouts(subject, service).forEach(it -> findings.when(true, it.path(), it.because()));
        }
        if (isMade(subject, service)) {
            GatewayRouteSize.check(subject, service, findings);
        }
    }

    /** What is left out of the route, each with its path. */
    static List<String> hints(Subject subject, CanaryService service) {
        List<String> hints = new ArrayList<>();
        if (!isMade(subject, service)) {
            return hints;
        }
        if (!writesTimeouts(subject)) {
            timeouts(subject, service)
                    .forEach(
                            it ->
                                    hints.add(
                                            "%s: is left out: %s"
                                                    .formatted(it.path(), it.because())));
        }
        if (service.corsPolicy() != null) {
            var origins = service.corsPolicy().path("allowOrigins");
            for (var i = 0; i < origins.size(); i++) {
                if (origins.path(i).path("exact").asText().isEmpty()) {
                    hints.add(
                            "spec.service.corsPolicy.allowOrigins[%d]: is left out, so that no browser of such an origin gets an answer: %s can compare an origin by exact only, in which * stands for all subdomains (https://*.example.com)"
                                    .formatted(i, subject.mesh().title()));
                }
            }
        }
        return hints;
    }

    /** Routes of the user's own say all of this themselves. */
    private static boolean isMade(Subject subject, CanaryService service) {
        return subject.mesh().needs(Requirement.GATEWAYS) && list(service.routeRefs()).isEmpty();
    }

    /** Flagger writes none into routes of the first version. */
    private static boolean writesTimeouts(Subject subject) {
        return !subject.mesh().equals(GatewayApi.V1BETA1);
    }

    private record Wrong(String path, String because) {}

    private static List<Wrong> timeouts(Subject subject, CanaryService service) {
        List<Wrong> wrong = new ArrayList<>();
        String all = service.timeout();
        String one = service.backendTimeout();
        var held = GatewayTimeouts.of(service);
        if (GatewayTimeouts.loses(all, held.request())) {
            wrong.add(new Wrong("spec.service.timeout", unwritable(subject, all)));
        }
        if (GatewayTimeouts.loses(one, held.backend())) {
            wrong.add(
                    new Wrong(
                            "spec.service.backendTimeout",
                            GatewayTimeouts.isDuration(one)
                                    ? "must not be above spec.service.timeout, which has its time"
                                            + " for all attempts, was "
                                            + one
                                    : unwritable(subject, one)));
        }
        return wrong;
    }

    private static String unwritable(Subject subject, @Nullable String written) {
        return subject.mesh().title()
                + " has whole hours, minutes, seconds and milliseconds, of five digits at most,"
                + " such as 1s500ms; was "
                + written;
    }
}
