package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.isTrue;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.canary.ServiceProtocol;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Requirement;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Rules for the services and routes to generate: without these the router could not even begin. */
final class ServiceRules {
    /** A Service's name may be this long; the primary's is the apex's with a suffix. */
    private static final int LONGEST_APEX = 63 - "-primary".length();

    private ServiceRules() {}

    static void check(Subject subject, Findings findings) {
        var spec = subject.spec();
        var mesh = subject.mesh();
        if (mesh.needs(Requirement.INGRESS)) {
            needs(
                    spec.ingressRef(),
                    "spec.ingressRef",
                    "ingress selector is empty; name the Ingress",
                    findings);
        }
        if (mesh.needs(Requirement.ROUTE)) {
            needs(
                    spec.routeRef(),
                    "spec.routeRef",
                    mesh.provider() + " route selector is empty; name the route",
                    findings);
            var route = spec.routeRef();
            var kinds = mesh.readKinds();
            findings.when(
                    route != null && !kinds.contains(route.kind()),
                    "spec.routeRef.kind",
                    "must be %s with provider %s, was %s"
                            .formatted(
                                    String.join(" or ", kinds),
                                    subject.provider(),
                                    route == null ? "" : route.kind()));
        }
        var upstream = spec.upstreamRef();
        findings.when(
                upstream != null && subject.forbids(upstream.namespace()),
                "spec.upstreamRef.namespace",
                upstream == null
                        ? ""
                        : blocked("gloo upstream", upstream.name(), upstream.namespace()));
        var service = spec.service();
        if (service != null) {
            service(subject, service, findings);
        } else {
            findings.when(
                    mesh.needs(Requirement.SERVICE),
                    "spec.service",
                    "is required: give at least its port");
        }
    }

    /** What Flagger says of a reference that leaves its namespace. */
    static String blocked(String kind, String name, @Nullable String namespace) {
        return "can't access %s %s.%s, cross-namespace references are blocked"
                .formatted(kind, name, namespace);
    }

    private static void service(Subject subject, CanaryService service, Findings findings) {
        var mesh = subject.mesh();
        if (mesh.needs(Requirement.SERVICE)) {
            findings.when(
                    service.port() < 1 || service.port() > 65535,
                    "spec.service.port",
                    "must be 1 to 65535, was " + service.port());
            findings.when(
                    subject.canary().apex().length() > LONGEST_APEX,
                    given(service.name()) ? "spec.service.name" : "spec.targetRef.name",
                    "is too long: the primary's Service is called after it, with the suffix"
                        + " -primary, and a Service's name has 63 characters at most; set a shorter"
                        + " spec.service.name");
        }
        findings.when(
                mesh.needs(Requirement.GATEWAYS)
                        && list(service.gatewayRefs()).isEmpty()
                        && list(service.routeRefs()).isEmpty(),
                "spec.service.gatewayRefs",
                "GatewayRefs must be specified when using Gateway API as a provider.");
        findings.when(
                mesh.needs(Requirement.MESH_NAME) && !given(service.meshName()),
                "spec.service.meshName",
                "mesh name cannot be empty with provider appmesh");
        findings.when(
                // With Flagger manifests work that say so of a port that speaks HTTP.
                !mesh.isFlaggers()
                        && mesh.hasRoutes()
                        && !mesh.can(Ability.TCP)
                        && ServiceProtocol.isTcp(service),
                "spec.service.appProtocol",
                mesh.title()
                        + " cannot share out TCP connections; leave it out if the application"
                        + " speaks HTTP, or use another provider");
        findings.when(
                mesh.can(Ability.DELEGATION)
                        && isTrue(service.delegation())
                        && !(list(service.hosts()).isEmpty() && list(service.gateways()).isEmpty()),
                "spec.service.delegation",
                "VirtualService cannot have hosts and gateways when delegation enabled; leave them"
                        + " to the root one");
        OwnRouteRules.check(subject, service, findings);
        GatewayRules.check(subject, service, findings);
        MatchRules.checkService(subject, service, findings);
        retries(mesh, service, findings);
    }

    /** A word that the mesh does not know would have the whole route refused. */
    private static void retries(Mesh mesh, CanaryService service, Findings findings) {
        if (!mesh.retryEvents().hasLimits() || service.retries() == null) {
            return;
        }
        boolean calls = mesh.can(Ability.CALLS) && ServiceProtocol.isGrpc(service);
        List<String> known = mesh.retryEvents().known(calls);
        for (String word : service.retries().path("retryOn").asText().split(",", -1)) {
            findings.when(
                    !word.isBlank() && !known.contains(word.strip()),
                    "spec.service.retries.retryOn",
                    "%s cannot retry on %s; use some of %s"
                            .formatted(mesh.title(), word.strip(), String.join(", ", known)));
        }
    }

    private static void needs(
            @Nullable ObjectRef ref, String path, String message, Findings findings) {
        findings.when(ref == null || ref.name().isEmpty(), path, message);
    }
}
