package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.Router.Found;
import dev.serinus.router.route.Router.Live;
import dev.serinus.router.route.Silence;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The Gateways of the cluster: one that does not exist says nothing of a route, and serves nobody.
 * That is a mistake where others exist; Flagger looks for none, and a cluster may do without any.
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
     * @param found knows of others
     */
    void refuseAbsent(List<JsonNode> named, String namespace, Found found) {
        var absent = absent(named, namespace, List.of());
        var all = refs(named, namespace);
        if (!absent.isEmpty() && (isAnyThere(all) || hasAny(all, found))) {
            refuse(absent);
        }
    }

    /**
     * The same for a route as it is to be: one must not lose who serves it to one that does not
     * exist. A Gateway that went later keeps it from no other.
     *
     * @param route as it is
     */
    void refuseAbsent(List<JsonNode> named, String namespace, ClusterObject route) {
        var present = parents(route);
        var absent = absent(named, namespace, present);
        if (!absent.isEmpty() && (isAnyThere(present) || isAnyThere(refs(named, namespace)))) {
            refuse(absent);
        }
    }

    /**
     * True where one of their namespaces has another one, which may be what was meant. A Gateway
     * that somebody has elsewhere says nothing of these.
     */
    private boolean hasAny(List<Ref> named, Found found) {
        try {
            return named.stream()
                    .map(Ref::namespace)
                    .distinct()
                    .anyMatch(it -> !found.all(kind, it).isEmpty());
        } catch (Refusal unreadable) {
            return false;
        }
    }

    private boolean isAnyThere(List<Ref> gateways) {
        return gateways.stream().anyMatch(it -> !isAbsent(it));
    }

    private List<Ref> refs(Iterable<JsonNode> parents, String namespace) {
        return StreamSupport.stream(parents.spliterator(), false)
                .flatMap(it -> ref(it, namespace).stream())
                .toList();
    }

    private List<Ref> parents(ClusterObject route) {
        return refs(route.at("/spec/parentRefs"), route.ref().namespace());
    }

    private static void refuse(List<String> absent) {
        if (!absent.isEmpty()) {
            throw Refusal.retry(
                    String.join("; ", absent)
                            + ", so that nobody would be served by it; name one that does, or make"
                            + " it");
        }
    }

    /** A sentence for each of them that does not exist, but for those that a route has already. */
    private List<String> absent(List<JsonNode> named, String namespace, List<Ref> present) {
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            var ref = ref(named.get(i), namespace);
            if (ref.isPresent() && !present.contains(ref.get()) && isAbsent(ref.get())) {
                absent.add(
                        "spec.service.gatewayRefs[%d]: Gateway %s does not exist"
                                .formatted(i, ref.get().dotted()));
            }
        }
        return absent;
    }

    /**
     * What is to be said of a route's parent that has said nothing of the route.
     *
     * @param looked what else is there
     */
    Acceptance silent(ClusterObject route, JsonNode parent, Found looked) {
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
        if (gateway == null && !isAnyThere(parents(route))) {
            return Acceptance.TAKEN;
        }
        if (gateway == null) {
            return Acceptance.refused(
                    sentence
                            + "does not exist (Gateway %s): name one that does, or make it"
                                    .formatted(ref.dotted()));
        }
        var stated = isTaken(gateway) ? Optional.of(gateway) : otherRouteOf(ref, route, looked);
        if (stated.isPresent()) {
            return Acceptance.unseen(
                    sentence
                            + "has said nothing of the route (status.parents of the route): does the controller of Gateway %s run, and does it take routes of namespace %s? %s"
                                    .formatted(
                                            ref.dotted(),
                                            route.ref().namespace(),
                                            Silence.wayOut(stated.get().ref())));
        }
        if (!gateway.at("/status/conditions").isEmpty()) {
            return Acceptance.refused(
                    sentence
                            + "is taken by no controller (status of Gateway %s): does its spec.gatewayClassName name a class of one that runs?"
                                    .formatted(ref.dotted()));
        }
        // Definitions without a status that waits for a controller: others tell of one.
        return Silence.other(gateway, looked, "", Gateways::isTaken, "/spec/gatewayClassName")
                .map(
                        other ->
                                Acceptance.unseen(
                                        sentence
                                                + "has no status (Gateway %s), as Gateway %s of the same class has: does the controller of its spec.gatewayClassName run? %s"
                                                        .formatted(
                                                                ref.dotted(),
                                                                other.ref().dotted(),
                                                                Silence.wayOut(other.ref()))))
                .orElse(Acceptance.TAKEN);
    }

    private static Optional<ClusterObject> otherRouteOf(
            Ref gateway, ClusterObject route, Found looked) {
        return Silence.other(
                route, looked, route.ref().namespace(), it -> Parents.isSaidBy(it, gateway), "");
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
