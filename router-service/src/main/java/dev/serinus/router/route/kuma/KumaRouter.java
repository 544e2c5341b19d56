package dev.serinus.router.route.kuma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.ApexSettings;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Kuma;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Kuma: a TrafficRoute that splits whatever is meant for the apex between the Services of both
 * sides. It is the whole cluster's and has no namespace in its name; so one that is about another
 * namespace's Service is left alone. Shapes are Flagger's (pkg/router/kuma.go).
 */
public final class KumaRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** On the Canary: the mesh that its pods are in. */
    private static final String MESH = "kuma.io/mesh";

    private static final String DEFAULT_MESH = "default";

    /** In annotations of a Service, after a port's number. */
    private static final String PORT_SETTING = ".service.kuma.io/";

    private static final String SERVICE = "kuma.io/service";

    @Override
    public Mesh mesh() {
        return Kuma.MESH;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(trafficRoute(canary));
    }

    private static Ref trafficRoute(Canary canary) {
        return Kuma.TRAFFIC_ROUTE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var canary = routing.canary();
        var ref = trafficRoute(canary);
        var found = live.find(ref);
        if (found != null && !found.isOwnedBy(canary)) {
            refuseElsewhere(routing, found);
        }
        return List.of(
                new RouteObject(
                        ref,
                        Decoration.ofApex(routing),
                        (edit, object) -> made(routing, edit, object),
                        (edit, object) -> adopted(routing, edit, object),
                        object -> leadsTo(object, tag(routing, routing.primary()))));
    }

    /**
     * Kuma from 2.6 on makes no TrafficRoute for a new Mesh, and as soon as there is one of any
     * service, what has none is routed no more. A Mesh that is not there has no services.
     */
    @Override
    public void check(Routing atRest, Found live) {
        if (live.find(trafficRoute(atRest.canary())) == null) {
            withoutOneForAll(atRest, live)
                    .ifPresent(
                            because -> {
                                throw Refusal.invalid(because);
                            });
        }
    }

    /** Whoever took that away since then has harmed the others already, and not this release. */
    @Override
    public List<String> warnings(Routing atRest, Found live) {
        return withoutOneForAll(atRest, live).stream().toList();
    }

    private static Optional<String> withoutOneForAll(Routing atRest, Found live) {
        var canary = atRest.canary();
        String mesh = mesh(canary);
        return live.find(Kuma.MESHES.named("", mesh)) == null
                        || live
                                .all(Kuma.TRAFFIC_ROUTE, canary.getMetadata().getNamespace())
                                .stream()
                                .anyMatch(it -> mesh(it).equals(mesh) && isForAll(it))
                ? Optional.empty()
                : Optional.of(
                        "Mesh %1$s has no TrafficRoute for all of its services, so that with one for %2$s Kuma would route requests to no other of them any more; first make one in the Mesh (kind: TrafficRoute, mesh: %1$s, with kuma.io/service: \"*\" in sources, destinations and conf.destination), as Kuma did itself before version 2.6"
                                .formatted(mesh, tag(atRest, canary.apex())));
    }

    /** The protocol of a Service's port is read from its own annotations. */
    @Override
    public List<String> lost(Routing atRest, Found live) {
        return new ApexSettings(atRest, live).annotations(it -> it.contains(PORT_SETTING));
    }

    private static String mesh(ClusterObject route) {
        return route.at("/mesh").asText(DEFAULT_MESH);
    }

    private static boolean isForAll(ClusterObject route) {
        return Stream.of("/spec/sources", "/spec/destinations")
                .allMatch(end -> route.at(end).valueStream().anyMatch(match("*")::equals));
    }

    @Override
    public boolean refusesFound() {
        return true;
    }

    /** Two Services of one name in two namespaces would be split by the last that wrote. */
    private static void refuseElsewhere(Routing routing, ClusterObject found) {
        String ours = tag(routing, routing.canary().apex());
        boolean isOurs =
                found.at("/spec/destinations")
                        .valueStream()
                        .anyMatch(it -> it.path("match").path(SERVICE).asText().equals(ours));
        if (!isOurs) {
            throw Refusal.invalid(
                    "TrafficRoute %s of the whole cluster is about %s, not about %s; give this Canary another spec.service.name, or delete the TrafficRoute"
                            .formatted(
                                    found.ref().name(),
                                    found.at("/spec/destinations/0/match")
                                            .path(SERVICE)
                                            .asText("no service"),
                                    ours));
        }
    }

    private static void made(Routing routing, Edit edit, @Nullable ClusterObject found) {
        if (found == null) {
            // Kuma lets nobody move a route from mesh to mesh.
            edit.put("mesh", JSON.textNode(mesh(routing.canary())));
        }
        edit.spec("sources", JSON.arrayNode().add(match("*")))
                .spec(
                        "destinations",
                        JSON.arrayNode().add(match(tag(routing, routing.canary().apex()))));
        split(routing, edit);
    }

    /** Who is routed stays; where to is ours. */
    private static void adopted(Routing routing, Edit edit, ClusterObject found) {
        if (found.annotation(RouteMetadata.ORIGINAL) == null
                && leadsTo(found, tag(routing, routing.primary()))) {
            // Flagger's, which can give what is the cluster's no owner: it goes with the Canary.
            edit.ownedBy(routing.canary());
        }
        split(routing, edit);
    }

    /** Conditions and load balancing of an operator's stay beside it. */
    private static void split(Routing routing, Edit edit) {
        ArrayNode split = JSON.arrayNode();
        split.add(share(routing, routing.primary(), routing.split().shares().primary()));
        split.add(share(routing, routing.candidate(), routing.split().shares().canary()));
        ObjectNode conf = edit.spec().withObjectProperty("conf");
        conf.remove("destination");
        conf.set("split", split);
    }

    private static ObjectNode share(Routing routing, String service, int weight) {
        var share = JSON.objectNode().put("weight", weight);
        share.putObject("destination").put(SERVICE, tag(routing, service));
        return share;
    }

    private static ObjectNode match(String service) {
        var selector = JSON.objectNode();
        selector.putObject("match").put(SERVICE, service);
        return selector;
    }

    /** How Kuma calls a port of a Service. */
    private static String tag(Routing routing, String service) {
        return "%s_%s_svc_%d"
                .formatted(
                        service,
                        routing.canary().getMetadata().getNamespace(),
                        routing.service().port());
    }

    private static String mesh(Canary canary) {
        var annotations = canary.getMetadata().getAnnotations();
        String mesh = annotations == null ? null : annotations.get(MESH);
        return mesh == null || mesh.isEmpty() ? DEFAULT_MESH : mesh;
    }

    private static boolean leadsTo(ClusterObject object, String tag) {
        return shares(object).anyMatch(it -> service(it).equals(tag));
    }

    private static Stream<JsonNode> shares(ClusterObject object) {
        return object.at("/spec/conf/split").valueStream();
    }

    private static String service(JsonNode share) {
        return share.path("destination").path(SERVICE).asText();
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Kuma.TRAFFIC_ROUTE)) {
            return Optional.empty();
        }
        String apex = object.ref().name();
        Optional<Long> primary = weight(object, apex + "-primary_");
        Optional<Long> canary = weight(object, apex + "-canary_");
        return primary.isPresent() && canary.isPresent()
                ? Optional.of(Split.ofWeights(primary.get(), canary.get()))
                : Optional.empty();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String apex = canary.apex();
        return edit ->
                Backends.withdraw(
                        edit.spec().at("/conf/split"),
                        it -> service(it).startsWith(apex + "-primary_"),
                        it -> service(it).startsWith(apex + "-canary_"),
                        1);
    }

    private static Optional<Long> weight(ClusterObject route, String service) {
        return shares(route)
                .filter(it -> service(it).startsWith(service))
                .map(it -> it.path("weight").asLong())
                .findFirst();
    }
}
