package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.Router.Found;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the parents of a route, its gateways, say of it. */
final class Parents {

    private Parents() {}

    private static final String ACCEPTED = "Accepted";
    private static final String RESOLVED = "ResolvedRefs";
    private static final List<String> OBJECT = List.of("group", "kind", "namespace", "name");
    private static final List<String> LISTENER =
            List.of("group", "kind", "namespace", "name", "sectionName", "port");

    /**
     * What every parent made of it; the first that has not seen it counts before all others. One
     * may accept a route and not find what it leads to: for that share it answers 500.
     *
     * @param gateways of which those are looked at that have said nothing
     * @param looked what else is there
     */
    static Acceptance accepted(ClusterObject route, Gateways gateways, Found looked) {
        Acceptance found = Acceptance.TAKEN;
        for (JsonNode parent : route.at("/spec/parentRefs")) {
            var said = said(route, parent);
            if (said.isEmpty()) {
                var silent = gateways.silent(route, parent, looked);
                if (silent.state() == Acceptance.State.UNSEEN) {
                    return silent;
                }
                found = found.equals(Acceptance.TAKEN) ? silent : found;
            }
            for (JsonNode condition : said) {
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
        return found;
    }

    /**
     * The conditions that a parent has written; where it names another of its listeners, those
     * count.
     */
    private static List<JsonNode> said(ClusterObject route, JsonNode parent) {
        var exactly = said(route, parent, LISTENER);
        return exactly.isEmpty() ? said(route, parent, OBJECT) : exactly;
    }

    /** True where some parent that is the same object has written of the route. */
    static boolean isSaidBy(ClusterObject route, Ref gateway) {
        return route.at("/status/parents")
                .valueStream()
                .anyMatch(
                        it ->
                                !it.path("conditions").isEmpty()
                                        && OBJECT.stream()
                                                .map(
                                                        field ->
                                                                field(
                                                                        route,
                                                                        it.path("parentRef"),
                                                                        field))
                                                .toList()
                                                .equals(
                                                        List.of(
                                                                gateway.kind().group(),
                                                                gateway.kind().name(),
                                                                gateway.namespace(),
                                                                gateway.name())));
    }

    private static List<JsonNode> said(ClusterObject route, JsonNode parent, List<String> fields) {
        return route.at("/status/parents")
                .valueStream()
                .filter(it -> isSame(route, it.path("parentRef"), parent, fields))
                .flatMap(it -> it.path("conditions").valueStream())
                .toList();
    }

    private static String unresolved(ClusterObject route, JsonNode parent, JsonNode condition) {
        return "%s %s parent %s does not find what the route leads to, or cannot use it (ResolvedRefs: False)%s"
                .formatted(
                        route.ref().kind().name(),
                        route.ref().dotted(),
                        parent.path("name").asText(),
                        reason(condition));
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
                        reason(condition));
    }

    /** What the parent says about itself; nothing when it says nothing. */
    private static String reason(JsonNode condition) {
        String said =
                Stream.of("reason", "message")
                        .map(field -> condition.path(field).asText())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(": "));
        return said.isEmpty() ? "" : ": " + said;
    }

    /** Compared with what the API's documentation fills in; each side may leave it out. */
    private static boolean isSame(
            ClusterObject route, JsonNode one, JsonNode other, List<String> fields) {
        return fields.stream()
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
