package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.AppMesh;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * App Mesh by the resources of its first controller: virtual nodes for the apex and for each side,
 * and a virtual service that holds its routes itself. Shapes are Flagger's (pkg/router/appmesh.go),
 * except that what was there before is kept.
 */
public final class AppMeshV1Beta1Router implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Version VERSION = Version.V1BETA1;

    @Override
    public Mesh mesh() {
        return AppMesh.V1BETA1;
    }

    @Override
    public List<Ref> writes(Canary canary) {
        return List.of(
                node(canary, ""),
                node(canary, "-primary"),
                node(canary, "-canary"),
                service(canary, ""),
                service(canary, "-canary"));
    }

    /** Nodes tell of each request, or do not. */
    @Override
    public Set<String> followedAnnotations() {
        return Set.of(VirtualNodes.ACCESS_LOG);
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(service(canary, ""));
    }

    @Override
    public List<Ref> beforePrimary(Canary canary) {
        return List.of(node(canary, ""), node(canary, "-primary"), node(canary, "-canary"));
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        if (routing.service().meshName() == null || routing.service().meshName().isEmpty()) {
            throw Refusal.invalid("spec.service.meshName: mesh name cannot be empty");
        }
        var canary = routing.canary();
        var nodes = new VirtualNodes(routing, VERSION);
        var routes = new AppMeshRoutes(routing, VERSION);
        return List.of(
                nodes.node(node(canary, ""), routing.primary(), null),
                nodes.node(node(canary, "-primary"), routing.primary(), null),
                nodes.node(node(canary, "-canary"), routing.candidate(), null),
                new RouteObject(
                        service(canary, ""),
                        null,
                        (edit, _) -> {
                            router(routing, canary.apex(), edit);
                            edit.spec("routes", JSON.arrayNode().addAll(routes.split()));
                            Gateway.exposeMade(routing.service(), edit);
                        },
                        (edit, found) -> {
                            router(routing, canary.apex(), edit);
                            edit.spec("routes", routes.among(found));
                            Gateway.exposeAdopted(routing.service(), edit);
                        },
                        routes::isTakenOver),
                new RouteObject(
                        service(canary, "-canary"),
                        null,
                        (edit, _) -> direct(routing, routes, edit),
                        (edit, _) -> direct(routing, routes, edit),
                        _ -> false));
    }

    private static void direct(Routing routing, AppMeshRoutes routes, Edit edit) {
        router(routing, routing.candidate(), edit);
        edit.spec("routes", JSON.arrayNode().addAll(routes.direct()));
    }

    private static void router(Routing routing, String name, Edit edit) {
        ObjectNode router = JSON.objectNode().put("name", name);
        router.putArray("listeners")
                .addObject()
                .set("portMapping", VirtualNodes.portMapping(routing, VERSION));
        edit.spec("meshName", VirtualNodes.meshName(routing.service()))
                .spec("virtualRouter", router);
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return object.ref().kind().equals(AppMesh.VIRTUAL_SERVICE_V1BETA1)
                ? AppMeshRoutes.shown(object.at("/spec/routes"), apex(object.ref()))
                : Optional.empty();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> AppMeshRoutes.withdraw(edit.spec().path("routes"), canary.apex());
    }

    /** A virtual service is called by the apex and its namespace. */
    private static String apex(Ref service) {
        String suffix = "." + service.namespace();
        return service.name().endsWith(suffix)
                ? service.name().substring(0, service.name().length() - suffix.length())
                : service.name();
    }

    /**
     * Whoever calls the application by its virtual service has no other way to it: a mesh drops
     * what is no backend. The target's pods are members of the node that is called like them.
     */
    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var routes = new AppMeshRoutes(new Routing(canary, Split.PRIMARY, 0, ""), VERSION);
        return Optional.of(
                edit ->
                        edit.spec(
                                "routes",
                                routes.leadingTo(canary.apex(), route.at("/spec/routes"))));
    }

    @Override
    public Map<Ref, Consumer<Edit>> stayingWith(Routing atRest, Found live) {
        var canary = atRest.canary();
        return Map.of(
                node(canary, ""),
                edit ->
                        edit.spec(
                                "serviceDiscovery",
                                VirtualNodes.discovery(
                                        VERSION,
                                        canary.apex(),
                                        canary.getMetadata().getNamespace())));
    }

    private static Ref node(Canary canary, String side) {
        return AppMesh.VIRTUAL_NODE_V1BETA1.named(
                canary.getMetadata().getNamespace(), canary.apex() + side);
    }

    private static Ref service(Canary canary, String side) {
        String namespace = canary.getMetadata().getNamespace();
        return AppMesh.VIRTUAL_SERVICE_V1BETA1.named(
                namespace, canary.apex() + side + "." + namespace);
    }
}
