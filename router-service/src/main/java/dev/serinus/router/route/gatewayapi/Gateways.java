package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.Router.Live;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Gateways of the cluster: one that does not exist says nothing of a route, and serves nobody.
 *
 * @param kind in the version that the routes have
 * @param live of which it is asked for them; what it may not read counts as not known
 */
record Gateways(Kind kind, Live live) {

    private static final Set<String> DECIDED = Set.of("True", "False");

    /**
     * Refuses a Canary that names one which does not exist, all of them at once.
     *
     * @param named {@code spec.service.gatewayRefs}
     * @param namespace of the Canary
     */
    void refuseAbsent(List<JsonNode> named, String namespace) {
        refuse(absent(named, namespace, null));
    }

    /**
     * The same for a route as it is to be: one must not lose who serves it to one that does not
     * exist. A Gateway that went later keeps it from no other.
     *
     * @param found as it is; null where it is to be made
     */
    void refuseAbsent(List<JsonNode> named, String namespace, @Nullable ClusterObject found) {
        var absent = absent(named, namespace, found);
        if (found != null || absent.size() == named.size()) {
            refuse(absent);
        }
    }

    private static void refuse(List<String> absent) {
        if (!absent.isEmpty()) {
            throw Refusal.retry(
                    String.join("; ", absent)
                            + ", so that nobody would be served by it; name one that does, or make"
                            + " it");
        }
    }

    private List<String> absent(
            List<JsonNode> named, String namespace, @Nullable ClusterObject found) {
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            var ref = ref(named.get(i), namespace);
            if (ref.isPresent() && !names(found, ref.get()) && isAbsent(ref.get())) {
                absent.add(
                        "spec.service.gatewayRefs[%d]: Gateway %s does not exist"
                                .formatted(i, ref.get().dotted()));
            }
        }
        return absent;
    }

    private boolean names(@Nullable ClusterObject route, Ref gateway) {
        return route != null
                && route.at("/spec/parentRefs")
                        .valueStream()
                        .flatMap(it -> ref(it, route.ref().namespace()).stream())
                        .anyMatch(gateway::equals);
    }

    /** What is to be said of a route's parent that has said nothing of the route. */
    Acceptance silent(ClusterObject route, JsonNode parent) {
        var ref = ref(parent, route.ref().namespace()).orElse(null);
        if (ref == null) {
            return Acceptance.TAKEN;
        }
        String sentence =
                "%s %s parent %s "
                        .formatted(route.ref().kind().name(), route.ref().dotted(), ref.name());
        @Nullable ClusterObject gateway;
        try {
            gateway = live.find(ref);
        } catch (Refusal unreadable) {
            return Acceptance.unseen(
                    sentence
                            + "has said nothing of the route, and whether it exists cannot be"
                            + " looked at: "
                            + unreadable.because());
        }
        if (gateway == null) {
            return Acceptance.refused(
                    sentence
                            + "does not exist (Gateway %s): name one that does, or make it"
                                    .formatted(ref.dotted()));
        }
        if (!route.at("/status/parents").isEmpty() || isTaken(gateway)) {
            return Acceptance.unseen(
                    sentence
                            + "has said nothing of the route (status.parents of the route): does the controller of Gateway %s run?"
                                    .formatted(ref.dotted()));
        }
        if (!gateway.at("/status/conditions").isEmpty()) {
            return Acceptance.refused(
                    sentence
                            + "is taken by no controller (status of Gateway %s): does its spec.gatewayClassName name a class of one that runs?"
                                    .formatted(ref.dotted()));
        }
        // Definitions without a status that waits for a controller: nothing is known.
        return Acceptance.TAKEN;
    }

    private static boolean isTaken(ClusterObject gateway) {
        return gateway.at("/status/conditions")
                .valueStream()
                .anyMatch(it -> DECIDED.contains(it.path("status").asText()));
    }

    private boolean isAbsent(Ref ref) {
        try {
            return live.find(ref) == null;
        } catch (Refusal unreadable) {
            return false;
        }
    }

    /** Empty for a parent that is no Gateway. */
    private Optional<Ref> ref(JsonNode parent, String namespace) {
        return parent.path("group").asText(GatewayApi.GROUP).equals(kind.group())
                        && parent.path("kind").asText(kind.name()).equals(kind.name())
                ? Optional.of(
                        kind.named(
                                parent.path("namespace").asText(namespace),
                                parent.path("name").asText()))
                : Optional.empty();
    }
}
