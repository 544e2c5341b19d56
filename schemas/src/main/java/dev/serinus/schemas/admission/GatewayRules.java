package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.mesh.Requirement;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rules for what is written into a route of Gateway API, whose API server refuses what is written
 * otherwise, and then again and again, in the words of the route.
 */
final class GatewayRules {
    /** By which the API server judges: fewer texts than Go's. */
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");

    private GatewayRules() {}

    static void check(Subject subject, CanaryService service, Findings findings) {
        // Routes of the user's own say all of this themselves.
        if (!subject.mesh().needs(Requirement.GATEWAYS) || !list(service.routeRefs()).isEmpty()) {
            return;
        }
        var timeout = duration(subject, "spec.service.timeout", service.timeout(), findings);
        var backend =
                duration(
                        subject, "spec.service.backendTimeout", service.backendTimeout(), findings);
        findings.when(
                timeout.filter(Duration::isPositive).isPresent()
                        && backend.filter(it -> it.compareTo(timeout.get()) > 0).isPresent(),
                "spec.service.backendTimeout",
                "must not be above spec.service.timeout, which has its time for all attempts, was "
                        + service.backendTimeout());
        origins(subject, service, findings);
    }

    private static Optional<Duration> duration(
            Subject subject, String path, @Nullable String written, Findings findings) {
        if (written == null || written.isEmpty()) {
            return Optional.empty();
        }
        boolean isDuration = DURATION.matcher(written).matches();
        findings.when(
                !isDuration,
                path,
                subject.mesh().title()
                        + " has whole hours, minutes, seconds and milliseconds, of five digits at"
                        + " most, such as 1s500ms; was "
                        + written);
        return isDuration ? Durations.parse(written) : Optional.empty();
    }

    private static void origins(Subject subject, CanaryService service, Findings findings) {
        if (service.corsPolicy() == null) {
            return;
        }
        var origins = service.corsPolicy().path("allowOrigins");
        for (var i = 0; i < origins.size(); i++) {
            findings.when(
                    origins.path(i).path("exact").asText().isEmpty(),
                    "spec.service.corsPolicy.allowOrigins[" + i + "]",
                    subject.mesh().title()
                            + " can compare an origin by exact only, in which * stands for all"
                            + " subdomains (https://*.example.com)");
        }
    }
}
