package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.list;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.CanaryService;

/**
 * Rules for conditions of routes, above all in A/B testing. While an iteration runs, what matches
 * goes to the canary whole: where a condition does not reach the route, that would be everybody.
 */
final class MatchRules {
    private static final String PATH = "spec.analysis.match";

    private MatchRules() {}

    static void check(Subject subject, Findings findings) {
        var match = list(subject.analysis().match());
        var mesh = subject.mesh();
        // Flagger drops the conditions where there is no router. Where weights are shifted they say
        // who is shifted; without them it is everybody, but step by step.
        if (match.isEmpty() || subject.iterations() <= 0 || mesh == Mesh.KUBERNETES) {
            return;
        }
        findings.when(
                mesh.conditions().isEmpty(),
                PATH,
                "provider "
                        + subject.provider()
                        + " cannot route by condition: all traffic would go to the canary");
        findings.when(
                mesh == Mesh.ISTIO && subject.onTcp(),
                PATH,
                "TCP cannot be routed by condition: all traffic would go to the canary");
        for (var i = 0; i < match.size() && !mesh.conditions().isEmpty(); i++) {
            entry(subject, match.get(i), PATH + "[" + i + "]", findings);
        }
    }

    private static void entry(Subject subject, JsonNode entry, String path, Findings findings) {
        var mesh = subject.mesh();
        findings.when(
                mesh.conditions().stream().allMatch(condition -> entry.path(condition).isEmpty()),
                path,
                "has no condition that provider "
                        + subject.provider()
                        + " can route by ("
                        + String.join(", ", mesh.conditions().stream().sorted().toList())
                        + "): all traffic would go to the canary");
        if (mesh == Mesh.GATEWAY_API) {
            // Flagger drops every entry because of one of these, and then matches everybody.
            exactOrRegex(entry, path, "headers", findings);
            exactOrRegex(entry, path, "queryParams", findings);
        }
    }

    /** Whether Gateway API has words for spec.service.match; without them no route can be made. */
    static void checkService(Subject subject, CanaryService service, Findings findings) {
        var match = list(service.match());
        for (var i = 0; i < match.size() && subject.mesh() == Mesh.GATEWAY_API; i++) {
            var path = "spec.service.match[" + i + "]";
            var method = match.get(i).path("method");
            findings.when(
                    method.isObject() && !method.has("exact"),
                    path + ".method",
                    "Gateway API can match a method by exact only");
            var uri = match.get(i).path("uri");
            findings.when(
                    uri.isObject() && uri.isEmpty(),
                    path + ".uri",
                    "must have one of exact, prefix and regex");
            exactOrRegex(match.get(i), path, "headers", findings);
            exactOrRegex(match.get(i), path, "queryParams", findings);
        }
    }

    private static void exactOrRegex(
            JsonNode entry, String path, String condition, Findings findings) {
        for (var matcher : entry.path(condition).properties()) {
            findings.when(
                    !matcher.getValue().has("exact") && !matcher.getValue().has("regex"),
                    path + "." + condition + "." + matcher.getKey(),
                    "Gateway API can match by exact or regex only");
        }
    }
}
