package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Acceptance;
import dev.serinus.schemas.mesh.GatewayApi;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the parents of a route, its gateways, say of it. */
final class Parents {

    private Parents() {}

    private static final String ACCEPTED = "Accepted";
    private static final String RESOLVED = "ResolvedRefs";

    /**
     * What every parent made of it; the first that has not seen it counts before all others. One
     * may accept a route and not find what it leads to: for that share it answers 500.
     */
    static Acceptance accepted(ClusterObject route) {
        Acceptance found = Acceptance.TAKEN;
        for (JsonNode parent : route.at("/spec/parentRefs")) {
            for (JsonNode status : route.at("/status/parents")) {
                if (!isSame(route, status.path("parentRef"), parent)) {
                    continue;
                }
                for (JsonNode condition : status.path("conditions")) {
                    String type = condition.path("type").asText();
                    String is = condition.path("status").asText();
                    long observed = condition.path("observedGeneration").asLong();
                    boolean isSeen = observed >= route.at("/metadata/generation").asLong();
                    if (type.equals(ACCEPTED) && !isSeen) {
                        return Acceptance.unseen(notReady(route, parent, condition));
                    }
                    if (!found.equals(Acceptance.TAKEN)) {
                        continue;
                    }
                    if (type.equals(ACCEPTED) && !is.equals("True")) {
                        found = Acceptance.refused(notReady(route, parent, condition));
                    } else if (type.equals(RESOLVED) && isSeen && is.equals("False")) {
                        found = Acceptance.refused(unresolved(route, parent, condition));
                    }
                }
            }
        }
        return found;
    }

    private static String unresolved(ClusterObject route, JsonNode parent, JsonNode condition) {
        return "%s %s parent %s does not find what the route leads to, or cannot use it (ResolvedRefs: False)%s"
                .formatted(
                        route.ref().kind().name(),
                        route.ref().dotted(),
                        parent.path("name").asText(),
                        said(condition));
    }

    private static String notReady(ClusterObject route, JsonNode parent, JsonNode condition) {
        return "%s %s parent %s is not ready (status: %s, observed generation: %d, current generation: %d)%s"
                .formatted(
                        route.ref().kind().name(),
                        route.ref().dotted(),
                        parent.path("name").asText(),
                        condition.path("status").asText(),
                        condition.path("observedGeneration").asLong(),
                        route.at("/metadata/generation").asLong(),
                        said(condition));
    }

    /** What the parent says about itself; nothing when it says nothing. */
    private static String said(JsonNode condition) {
        String said =
                Stream.of("reason", "message")
                        .map(field -> condition.path(field).asText())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(": "));
        return said.isEmpty() ? "" : ": " + said;
    }

    /** Compared with what the API's documentation fills in; each side may leave it out. */
    private static boolean isSame(ClusterObject route, JsonNode one, JsonNode other) {
        return Stream.of("group", "kind", "namespace", "name", "sectionName", "port")
                .allMatch(field -> field(route, one, field).equals(field(route, other, field)));
    }

    /** What a parent says, or what the API fills in. */
    static String field(ClusterObject route, JsonNode parent, String field) {
        return parent.path(field)
                .asText(
                        switch (field) {
                            case "group" -> GatewayApi.GROUP;
                            case "kind" -> "Gateway";
                            case "namespace" -> route.ref().namespace();
                            default -> "";
                        });
    }
}
