package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.HeaderOrCookie;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.ServiceProtocol;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Condition;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.mesh.Requirement;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules for conditions of routes, above all in A/B testing. While an iteration runs, what matches
 * goes to the canary whole: where a condition does not reach the route, that would be everybody.
 * With weights too the route is made with them, and cannot be made with others.
 */
final class MatchRules {
    private static final String PATH = "spec.analysis.match";

    /** All that the Canary's schema knows. */
    private static final List<String> FIELDS = List.of("headers", "queryParams", "sourceLabels");

    private MatchRules() {}

    static void check(Subject subject, Findings findings) {
        var match = list(subject.analysis().match());
        var mesh = subject.mesh();
        // Flagger drops the conditions where there is no router. Where weights are shifted they say
        // who is shifted; where the mesh has none it is everybody, but step by step.
        if (match.isEmpty() || !mesh.hasRoutes()) {
            return;
        }
        var service = subject.spec().service();
        findings.note(
                ManifestLimits.matches(match, service == null ? null : service.match()), PATH);
        boolean either = has(mesh, Condition.Reach.EITHER);
        boolean shares = subject.movesWeights() && !subject.skipsAnalysis();
        boolean whole = !subject.movesWeights() && !subject.skipsAnalysis();
        findings.when(
                shares && mesh.conditions().stream().anyMatch(Condition::leadsWhole),
                PATH,
                mesh.title()
                        + " cannot lead a share of the requests that match to the canary; use"
                        + " iterations instead of weights, or leave the conditions out");
        findings.when(
                whole && mesh.conditions().isEmpty(),
                PATH,
                "provider "
                        + subject.provider()
                        + " cannot route by condition: all traffic would go to the canary; leave"
                        + " the conditions out, or use "
                        + routing());
        findings.when(
                whole && mesh.can(Ability.TCP) && subject.onTcp(),
                PATH,
                "TCP cannot be routed by condition: all traffic would go to the canary; leave the"
                        + " conditions out");
        findings.when(
                match.size() > 1 && has(mesh, Condition.Reach.ONE_ENTRY),
                PATH + "[1]",
                mesh.title()
                        + " holds one entry, all of whose conditions count: who matches another one"
                        + " would not meet the canary; leave all but one out");
        boolean onRoute = !mesh.conditions().isEmpty() && !subject.onTcp();
        for (var i = 0; i < match.size() && onRoute; i++) {
            entry(subject, whole, match.get(i), PATH + "[" + i + "]", findings);
        }
        if (either && whole) {
            var _ =
                    HeaderOrCookie.of(
                            match, (path, problem) -> findings.when(true, PATH + path, problem));
        }
    }

    /** Providers that route by conditions. */
    private static String routing() {
        return Meshes.served().stream()
                .filter(it -> !it.conditions().isEmpty())
                .map(Mesh::provider)
                .collect(Collectors.joining(" or "));
    }

    private static boolean has(Mesh mesh, Condition.Reach reach) {
        return mesh.conditions().stream().anyMatch(it -> it.reach() == reach);
    }

    /**
     * @param whole where all that match go to the canary
     */
    private static void entry(
            Subject subject, boolean whole, JsonNode entry, String path, Findings findings) {
        var conditions = subject.mesh().conditions();
        findings.when(
                (whole || !subject.mesh().handsOnMatches())
                        && conditions.stream().allMatch(it -> entry.path(it.field()).isEmpty()),
                path,
                "has no condition that provider "
                        + subject.provider()
                        + " can route by ("
                        + conditions.stream()
                                .map(Condition::field)
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + "): "
                        + (whole
                                ? "all traffic would go to the canary"
                                : "every request would match"));
        for (String field : FIELDS) {
            findings.when(
                    !entry.path(field).isEmpty()
                            && conditions.stream().anyMatch(it -> !entry.path(it.field()).isEmpty())
                            && subject.mesh().condition(field).isEmpty(),
                    path + "." + field,
                    "provider "
                            + subject.provider()
                            + " cannot route by "
                            + field
                            + ": requests that these keep out would go to the canary; leave them"
                            + " out");
        }
        // Flagger drops every entry because of one of these, and then matches everybody.
        conditions.forEach(it -> comparable(subject.mesh(), it, entry, path, findings));
    }

    /** Whether the mesh has words for spec.service.match; without them no route can be made. */
    static void checkService(Subject subject, CanaryService service, Findings findings) {
        var match = list(service.match());
        var mesh = subject.mesh();
        for (var i = 0; i < match.size(); i++) {
            var path = "spec.service.match[" + i + "]";
            var entry = match.get(i);
            if (mesh.needs(Requirement.GATEWAYS)) {
                var method = entry.path("method");
                findings.when(
                        method.isObject() && !method.has("exact"),
                        path + ".method",
                        mesh.title() + " can match a method by exact only");
                var uri = entry.path("uri");
                findings.when(
                        uri.isObject() && uri.isEmpty(),
                        path + ".uri",
                        "must have one of exact, prefix and regex");
                mesh.conditions().forEach(it -> comparable(mesh, it, entry, path, findings));
            }
            var uri = entry.path("uri");
            if (mesh.can(Ability.CALLS) && ServiceProtocol.isGrpc(service)) {
                findings.when(
                        ServiceProtocol.call(uri).isEmpty(),
                        path + ".uri",
                        mesh.title()
                                + " matches gRPC by prefix: /SERVICE/ or by exact:"
                                + " /SERVICE/METHOD");
            } else {
                mesh.serviceMatch("uri").ifPresent(it -> path(mesh, it, uri, path, findings));
            }
        }
    }

    private static void path(
            Mesh mesh, Condition condition, JsonNode uri, String path, Findings findings) {
        for (var comparison : uri.properties()) {
            findings.when(
                    condition.hasLimits()
                            && condition.matchers().stream()
                                    .noneMatch(it -> it.word().equals(comparison.getKey())),
                    path + ".uri",
                    mesh.title() + " can match a path by " + condition.words() + " only");
        }
    }

    /** Whether the values of a condition are compared in a way that the mesh knows. */
    private static void comparable(
            Mesh mesh, Condition condition, JsonNode entry, String path, Findings findings) {
        for (var matcher : entry.path(condition.field()).properties()) {
            findings.when(
                    condition.hasLimits()
                            && condition.matchers().stream()
                                    .noneMatch(it -> matcher.getValue().has(it.word())),
                    path + "." + condition.field() + "." + matcher.getKey(),
                    mesh.title() + " can match by " + condition.words() + " only");
        }
    }
}
