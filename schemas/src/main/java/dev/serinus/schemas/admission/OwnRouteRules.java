package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.ObjectRef;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rules for {@code spec.service.routeRefs}, routes of the user's own of which only weights are
 * changed: whatever else the Canary says about a route would have no effect.
 */
final class OwnRouteRules {
    private static final String PATH = "spec.service.routeRefs";

    private OwnRouteRules() {}

    static void check(Subject subject, CanaryService service, Findings findings) {
        var routes = list(service.routeRefs());
        if (routes.isEmpty()) {
            return;
        }
        var steered = subject.mesh().steeredKinds();
        if (steered.isEmpty()) {
            findings.when(
                    true,
                    PATH,
                    "provider "
                            + subject.provider()
                            + " makes its own routes; leave this out, or use provider"
                            + " gatewayapi:v1");
            return;
        }
        var seen = new HashSet<String>();
        for (var i = 0; i < routes.size(); i++) {
            ObjectRef route = routes.get(i);
            var path = PATH + "[" + i + "]";
            findings.when(
                    !steered.contains(route.kind()),
                    path + ".kind",
                    steered.stream().collect(Collectors.joining(" or ", "must be ", ""))
                            + ", was "
                            + route.kind());
            findings.when(route.name().isEmpty(), path + ".name", "is required");
            findings.when(
                    !seen.add(route.kind() + "/" + route.name()),
                    path,
                    "names " + route.kind() + " " + route.name() + " a second time");
        }
        withoutEffect(subject, service)
                .forEach(
                        (path, isGiven) ->
                                findings.when(
                                        isGiven,
                                        path,
                                        "has no effect on routes of your own"
                                            + " (spec.service.routeRefs), of which only weights are"
                                            + " changed; leave it out, and write it into the"
                                            + " route"));
    }

    private static Map<String, Boolean> withoutEffect(Subject subject, CanaryService service) {
        var analysis = subject.analysis();
        Map<String, Boolean> fields = new LinkedHashMap<>();
        fields.put("spec.analysis.match", !list(analysis.match()).isEmpty());
        fields.put("spec.analysis.mirror", isTrue(analysis.mirror()));
        fields.put("spec.analysis.sessionAffinity", analysis.sessionAffinity() != null);
        fields.put("spec.service.gatewayRefs", !list(service.gatewayRefs()).isEmpty());
        fields.put("spec.service.hosts", !list(service.hosts()).isEmpty());
        fields.put("spec.service.match", !list(service.match()).isEmpty());
        fields.put("spec.service.mirror", !list(service.mirror()).isEmpty());
        fields.put("spec.service.rewrite", service.rewrite() != null);
        fields.put("spec.service.headers", service.headers() != null);
        fields.put("spec.service.corsPolicy", service.corsPolicy() != null);
        fields.put("spec.service.timeout", service.timeout() != null);
        fields.put("spec.service.backendTimeout", service.backendTimeout() != null);
        return fields;
    }
}
