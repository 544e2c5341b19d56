package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.router.route.Silence;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.AppMesh;
import dev.serinus.schemas.mesh.Mesh;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * App Mesh as its controller has it today: a virtual node for each side, and two virtual services
 * with a virtual router each, of which one weighs the nodes and the other leads to the canary
 * alone. Shapes are Flagger's (pkg/router/appmesh_v1beta2.go), except that what was there before is
 * kept.
 */
public final class AppMeshV1Beta2Router implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Version VERSION = Version.V1BETA2;
    private static final String POD_SELECTOR = "/spec/podSelector";
    private static final String ACTIVE = "VirtualRouterActive";

    @Override
    public Mesh mesh() {
        return AppMesh.V1BETA2;
    }

    @Override
    public List<Ref> writes(Canary canary) {
        return List.of(
                node(canary, "-primary"),
                node(canary, "-canary"),
                router(canary, ""),
                service(canary, ""),
                router(canary, "-canary"),
                service(canary, "-canary"));
    }

    /** Nodes tell of each request, or do not. */
    @Override
    public Set<String> followedAnnotations() {
        return Set.of(VirtualNodes.ACCESS_LOG);
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(router(canary, ""));
    }

    @Override
    public List<Ref> beforePrimary(Canary canary) {
        return List.of(node(canary, "-primary"), node(canary, "-canary"));
    }

    /** App Mesh's controller lets no pod start that two nodes select. */
    @Override
    public void check(Routing atRest, Found live) {
        var others = others(atRest, live);
        if (!others.isEmpty()) {
            throw Refusal.invalid(
                    "VirtualNode %1$s selects pods of %2$s too (spec.podSelector), and App Mesh lets no pod start that is selected by two nodes; give that node the name %3$s-canary and lead its VirtualRouter there, so that it is taken over and given back, or delete it"
                            .formatted(
                                    String.join(", ", others.stream().map(Ref::dotted).toList()),
                                    atRest.canary().getSpec().targetRef().name(),
                                    atRest.canary().apex()));
        }
    }

    @Override
    public void checkRelease(Routing atRest, Found live) {
        check(atRest, live);
    }

    /** Nodes of the user's own of which pods of the target would be members too. */
    private List<Ref> others(Routing atRest, Found live) {
        var canary = atRest.canary();
        var ours = beforePrimary(canary);
        return live.all(AppMesh.VIRTUAL_NODE, canary.getMetadata().getNamespace()).stream()
                .filter(it -> !ours.contains(it.ref()) && !it.isOwnedBy(canary))
                .filter(it -> atRest.pods().areSelectedBy(it.at(POD_SELECTOR)))
                .map(ClusterObject::ref)
                .sorted(Comparator.comparing(Ref::name))
                .toList();
    }

    /** A pod that two nodes select does not start; one without a selector has its members still. */
    @Override
    public Optional<Consumer<Edit>> retired(ClusterObject former) {
        return former.ref().kind().equals(AppMesh.VIRTUAL_NODE)
                        && !former.at(POD_SELECTOR).isMissingNode()
                ? Optional.of(edit -> edit.spec("podSelector", null))
                : Optional.empty();
    }

    /** A route without its path is for every path. */
    @Override
    public Map<String, String> younger() {
        return Map.of(
                "match.path",
                "for uri.exact or uri.regex of spec.service.match; later App Mesh controllers have"
                        + " it");
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var canary = routing.canary();
        var nodes = new VirtualNodes(routing, VERSION);
        var routes = new AppMeshRoutes(routing, VERSION);
        return List.of(
                nodes.node(node(canary, "-primary"), routing.primary(), routing.pods().primary()),
                nodes.node(node(canary, "-canary"), routing.candidate(), routing.pods().canary()),
                new RouteObject(
                        router(canary, ""),
                        null,
                        (edit, _) ->
                                listening(routing, edit)
                                        .spec("routes", JSON.arrayNode().addAll(routes.split())),
                        (edit, found) -> {
                            listeningToo(routing, found, edit);
                            edit.spec("routes", routes.among(found));
                        },
                        routes::isTakenOver),
                new RouteObject(
                        service(canary, ""),
                        null,
                        (edit, _) -> {
                            edit.spec("provider", provider(canary.apex()));
                            Gateway.exposeMade(routing.service(), edit);
                        },
                        (edit, _) -> {
                            edit.spec("provider", provider(canary.apex()));
                            Gateway.exposeAdopted(routing.service(), edit);
                        },
                        _ -> false),
                new RouteObject(
                        router(canary, "-canary"),
                        null,
                        (edit, _) -> direct(routing, routes, edit),
                        (edit, _) -> direct(routing, routes, edit),
                        _ -> false),
                new RouteObject(
                        service(canary, "-canary"),
                        null,
                        (edit, _) -> edit.spec("provider", provider(routing.candidate())),
                        (edit, _) -> edit.spec("provider", provider(routing.candidate())),
                        _ -> false));
    }

    private static void direct(Routing routing, AppMeshRoutes routes, Edit edit) {
        listening(routing, edit).spec("routes", JSON.arrayNode().addAll(routes.direct()));
    }

    private static Edit listening(Routing routing, Edit edit) {
        var listeners = JSON.arrayNode();
        listeners.addObject().set("portMapping", VirtualNodes.portMapping(routing, VERSION));
        return edit.spec("listeners", listeners);
    }

    /** On our port, and on the others of a router that was there. */
    private static void listeningToo(Routing routing, ClusterObject found, Edit edit) {
        listening(routing, edit);
        var ours = edit.spec().withArrayProperty("listeners").deepCopy();
        var port = ours.path(0).at("/portMapping/port");
        var lists = new SharedLists(found, found.annotation(RouteMetadata.ORIGINAL) == null);
        var others =
                lists.users("listeners", ours).stream()
                        .filter(other -> !other.at("/portMapping/port").equals(port))
                        .toList();
        edit.spec("listeners", lists.merged("listeners", ours, others));
        lists.note(edit);
    }

    private static JsonNode provider(String router) {
        var provider = JSON.objectNode();
        provider.putObject("virtualRouter").putObject("virtualRouterRef").put("name", router);
        return provider;
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return object.ref().kind().equals(AppMesh.VIRTUAL_ROUTER)
                ? AppMeshRoutes.shown(object.at("/spec/routes"), object.ref().name())
                : Optional.empty();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> AppMeshRoutes.withdraw(edit.spec().path("routes"), canary.apex());
    }

    /** What App Mesh's controller notes on the virtual router; an old one notes no generation. */
    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        if (!isSaid(route)) {
            return Silence.of(
                    route, looked, AppMeshV1Beta2Router::isSaid, "/spec/meshRef/name", "App Mesh");
        }
        JsonNode status = route.at("/status");
        long generation = route.at("/metadata/generation").asLong();
        if (status.has("observedGeneration")
                && status.path("observedGeneration").asLong() < generation) {
            return Acceptance.unseen(
                    "App Mesh has not taken VirtualRouter %s yet (observed generation: %d, current generation: %d)"
                            .formatted(
                                    route.ref().dotted(),
                                    status.path("observedGeneration").asLong(),
                                    generation));
        }
        return status.path("conditions")
                .valueStream()
                .filter(it -> it.path("type").asText().equals(ACTIVE))
                .filter(it -> it.path("status").asText().equals("False"))
                .findFirst()
                .map(
                        it ->
                                Acceptance.refused(
                                        "VirtualRouter %s is not active in App Mesh%s"
                                                .formatted(
                                                        route.ref().dotted(),
                                                        said(it.path("message").asText()))))
                .orElse(Acceptance.TAKEN);
    }

    private static boolean isSaid(ClusterObject router) {
        return router.at("/status").has("observedGeneration")
                || !router.at("/status/conditions").isEmpty();
    }

    private static String said(String message) {
        return message.isEmpty() ? "" : ": " + message;
    }

    /**
     * Whoever calls the application by its virtual service has no other way to it: a mesh drops
     * what is no backend. The target's pods are members of the canary's node, which stays for that.
     */
    @Override
    public Optional<Consumer<Edit>> leadingToApex(Routing atRest, ClusterObject route, Found live) {
        String node =
                others(atRest, live).stream().findFirst().map(Ref::name).orElse(atRest.candidate());
        var routes = new AppMeshRoutes(atRest, VERSION);
        return Optional.of(
                edit -> edit.spec("routes", routes.leadingTo(node, route.at("/spec/routes"))));
    }

    /** Where a node of the user's has the pods, a second one would let none of them start. */
    @Override
    public Map<Ref, Consumer<Edit>> stayingWith(Routing atRest, Found live) {
        var canary = atRest.canary();
        Map<Ref, Consumer<Edit>> staying = new HashMap<>();
        staying.put(service(canary, ""), _ -> {});
        if (others(atRest, live).isEmpty()) {
            staying.put(
                    node(canary, "-canary"),
                    edit ->
                            edit.spec(
                                    "serviceDiscovery",
                                    VirtualNodes.discovery(
                                            VERSION,
                                            canary.apex(),
                                            canary.getMetadata().getNamespace())));
        }
        return staying;
    }

    private static Ref node(Canary canary, String side) {
        return named(AppMesh.VIRTUAL_NODE, canary, side);
    }

    private static Ref router(Canary canary, String side) {
        return named(AppMesh.VIRTUAL_ROUTER, canary, side);
    }

    private static Ref service(Canary canary, String side) {
        return named(AppMesh.VIRTUAL_SERVICE, canary, side);
    }

    private static Ref named(Kind kind, Canary canary, String side) {
        return kind.named(canary.getMetadata().getNamespace(), canary.apex() + side);
    }
}
