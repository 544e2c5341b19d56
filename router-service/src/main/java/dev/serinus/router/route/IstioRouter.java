package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Istio: a VirtualService that weighs the primary against the canary, and a DestinationRule for
 * each. Shapes are Flagger's (pkg/router/istio.go), except that what was there before is kept.
 */
public final class IstioRouter implements Router {

    static final Kind VIRTUAL_SERVICE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    static final Kind DESTINATION_RULE =
            new Kind("networking.istio.io", "v1beta1", "DestinationRule", "destinationrules");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public boolean serves(String provider) {
        return provider.equals("istio");
    }

    @Override
    public List<Ref> objects(Canary canary) {
        String namespace = canary.getMetadata().getNamespace();
        return List.of(
                DESTINATION_RULE.named(namespace, canary.apex() + "-canary"),
                DESTINATION_RULE.named(namespace, canary.apex() + "-primary"),
                route(canary));
    }

    @Override
    public List<Change> plan(Routing routing, Live live) {
        var rendering = new IstioRoutes(routing);
        rendering.check();
        return objects(routing.canary()).stream()
                .map(
                        ref -> {
                            var found = live.find(ref);
                            return new Change(
                                    found,
                                    ref.kind().equals(VIRTUAL_SERVICE)
                                            ? virtualService(rendering, ref, found)
                                            : destinationRule(routing, ref, found));
                        })
                .toList();
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(VIRTUAL_SERVICE)) {
            return Optional.empty();
        }
        String candidate = object.ref().name() + "-canary";
        Optional<Integer> weight = Optional.empty();
        boolean mirrored = false;
        var routes =
                Stream.of("/spec/http", "/spec/tcp").flatMap(it -> object.at(it).valueStream());
        for (JsonNode rule : (Iterable<JsonNode>) routes::iterator) {
            mirrored |= rule.path("mirror").path("host").asText().equals(candidate);
            for (JsonNode destination : rule.path("route")) {
                if (destination.path("destination").path("host").asText().equals(candidate)) {
                    // Rules for cookies come first, the one that weighs last.
                    weight = Optional.of(destination.path("weight").asInt());
                }
            }
        }
        boolean copies = mirrored;
        return weight.map(it -> new Split(it, copies, false));
    }

    @Override
    public Optional<Affinity.Shown> cookies(Canary canary, Live live) {
        return Optional.ofNullable(live.find(route(canary)))
                .flatMap(it -> Affinity.shown(canary, IstioRoutes.cookies(it.at("/spec/http"))));
    }

    @Override
    public List<Change> restored(Canary canary, Live live) {
        List<Change> changes = new ArrayList<>();
        for (Ref ref : objects(canary)) {
            var found = live.find(ref);
            if (found != null && !found.isOwnedBy(canary) && RouteMetadata.isInHand(found)) {
                RouteMetadata.original(found)
                        .ifPresent(original -> changes.add(new Change(found, original)));
            }
        }
        return changes;
    }

    @Override
    public List<Change> left(Canary canary, ClusterObject target, Live live) {
        var found = live.find(route(canary));
        var rendering = new IstioRoutes(new Routing(canary, Split.PRIMARY, 0, ""));
        if (found == null || !found.isOwnedBy(canary) || !rendering.isEntry()) {
            return List.of();
        }
        return List.of(
                new Change(
                        found,
                        found.edited(
                                edit ->
                                        edit.spec(
                                                        rendering.isTcp() ? "tcp" : "http",
                                                        JSON.arrayNode().add(rendering.toApex()))
                                                .withoutAnnotations(RouteMetadata::isNote)
                                                .leftTo(target))));
    }

    private static Ref route(Canary canary) {
        return VIRTUAL_SERVICE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    private static ClusterObject destinationRule(
            Routing routing, Ref ref, @Nullable ClusterObject found) {
        var policy = routing.service().trafficPolicy();
        if (found == null) {
            return ClusterObject.blank(ref)
                    .edited(
                            edit ->
                                    edit.ownedBy(routing.canary())
                                            .spec("host", JSON.textNode(ref.name()))
                                            .spec("trafficPolicy", policy));
        }
        boolean adopted = !found.isOwnedBy(routing.canary());
        return found.edited(
                edit -> {
                    if (adopted && !found.at("/spec/host").asText().isEmpty()) {
                        RouteMetadata.keepOriginal(found, edit);
                    }
                    edit.spec("host", JSON.textNode(ref.name()));
                    if (policy != null || !adopted) {
                        edit.spec("trafficPolicy", policy);
                    }
                });
    }

    private static ClusterObject virtualService(
            IstioRoutes rendering, Ref ref, @Nullable ClusterObject found) {
        var routing = rendering.routing();
        var canary = routing.canary();
        boolean adopted = found != null && !found.isOwnedBy(canary);
        var before = found == null ? ClusterObject.blank(ref) : found;
        String field = rendering.isTcp() ? "tcp" : "http";
        JsonNode live = before.at("/spec/" + field);
        // The cookies of a Canary that is gone are not this one's.
        boolean left = found != null && found.isLeftByAnotherThan(canary);
        List<ObjectNode> rules = rendering.rules(left ? JSON.missingNode() : live);
        ArrayNode merged;
        if (adopted) {
            Adopted.keepUnknown(live, rules, rendering::isOurs, IstioRoutes.KNOWN);
            merged = Adopted.rules(live, rules, rendering::isOurs, it -> !it.has("match"));
        } else {
            merged = JSON.arrayNode().addAll(rules);
        }
        return before.edited(
                edit -> {
                    if (found == null) {
                        edit.ownedBy(canary);
                    } else if (adopted && !rendering.isTakenOver(found)) {
                        keepOriginal(found, edit);
                    } else if (!adopted) {
                        edit.withoutLabels(key -> true);
                    }
                    edit.label(RouteMetadata.labels(canary, routing.selectorLabel()));
                    edit.annotate(RouteMetadata.annotations(canary));
                    JsonNode spec = before.at("/spec");
                    edit.spec(
                            "hosts",
                            adopted
                                    ? Adopted.union(rendering.hosts(), spec.path("hosts"))
                                    : rendering.hosts());
                    var gateways = rendering.gateways();
                    edit.spec(
                            "gateways",
                            adopted && gateways != null
                                    ? Adopted.union(gateways, spec.path("gateways"))
                                    : gateways);
                    edit.spec(field, merged);
                    if (!adopted) {
                        edit.spec(rendering.isTcp() ? "http" : "tcp", null);
                    }
                });
    }

    private static void keepOriginal(ClusterObject found, Edit edit) {
        RouteMetadata.keepOriginal(found, edit);
        if (found.annotation(RouteMetadata.KUBECTL_APPLIED) == null
                && found.annotation(RouteMetadata.FLAGGER_ORIGINAL) == null) {
            // So that Flagger, should it take over again, finds what it looks for.
            edit.annotate(RouteMetadata.FLAGGER_ORIGINAL, found.at("/spec").toString());
        }
    }

    /** Refuses what Istio cannot do before anything is written. */
    static Refusal delegationWithHosts(Ref ref) {
        return Refusal.invalid(
                "reconcileVirtualService failed: VirtualService %s cannot have hosts and gateways"
                                .formatted(ref.dotted())
                        + " when delegation enabled");
    }
}
