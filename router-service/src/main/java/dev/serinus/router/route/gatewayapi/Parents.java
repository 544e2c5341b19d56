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

    /** What every parent made of it; the first that has not seen it counts before all others. */
    static Acceptance accepted(ClusterObject route) {
        Acceptance found = Acceptance.TAKEN;
        for (JsonNode parent : route.at("/spec/parentRefs")) {
            for (JsonNode status : route.at("/status/parents")) {
                if (!isSame(route, status.path("parentRef"), parent)) {
                    continue;
                }
                for (JsonNode condition : status.path("conditions")) {
                    if (!condition.path("type").asText().equals("Accepted")) {
                        continue;
                    }
                    long observed = condition.path("observedGeneration").asLong();
                    long generation = route.at("/metadata/generation").asLong();
                    boolean isAccepted = condition.path("status").asText().equals("True");
                    if (observed < generation) {
                        return Acceptance.unseen(notReady(route, parent, condition));
                    }
                    if (!isAccepted && found.equals(Acceptance.TAKEN)) {
                        found = Acceptance.refused(notReady(route, parent, condition));
                    }
                }
            }
        }
        return found;
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

    private static String field(ClusterObject route, JsonNode parent, String field) {
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
