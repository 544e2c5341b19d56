package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.BuiltinQueries;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.ProviderName;
import dev.serinus.schemas.mesh.Requirement;
import dev.serinus.schemas.mesh.RetryEvents;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A mesh of the tests' own that has everything a mesh can have: an object of the user's that is
 * copied, an object that the primary's pods wait for, a route with a status, and a route of the
 * whole cluster where it is asked for.
 */
public final class InMemoryRouter implements Router {

    public static final Kind ENTRY = new Kind("mesh.test", "v1", "Entry", "entrys");
    public static final Kind NODE = new Kind("mesh.test", "v1", "Node", "nodes");
    public static final Kind ROUTE = new Kind("mesh.test", "v1", "Route", "routes");
    public static final Kind CLUSTER_ROUTE =
            Kind.ofCluster("mesh.test", "v1", "ClusterRoute", "clusterroutes");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Kind route;

    private InMemoryRouter(Kind route) {
        this.route = route;
    }

    public static InMemoryRouter ofNamespaces() {
        return new InMemoryRouter(ROUTE);
    }

    public static InMemoryRouter ofTheCluster() {
        return new InMemoryRouter(CLUSTER_ROUTE);
    }

    @Override
    public Mesh mesh() {
        return new Mesh(
                "In memory",
                List.of(new ProviderName("in-memory", false)),
                List.of(),
                List.of(ENTRY),
                List.of(),
                List.of(NODE, route),
                List.of(),
                EnumSet.of(Ability.WEIGHTS, Ability.MIRROR_BEFORE_WEIGHTS, Ability.MIRROR),
                List.of(),
                List.of(),
                Set.of(),
                RetryEvents.ANY,
                EnumSet.of(Requirement.SERVICE),
                BuiltinQueries.HTTP,
                Duration.ZERO,
                true,
                true);
    }

    @Override
    public List<Ref> reads(Canary canary) {
        return List.of(ENTRY.named(canary.getMetadata().getNamespace(), canary.apex()));
    }

    @Override
    public List<Ref> writes(Canary canary) {
        return List.of(node(canary), routeOf(canary));
    }

    private static Ref node(Canary canary) {
        return NODE.named(canary.getMetadata().getNamespace(), canary.apex() + "-primary");
    }

    private Ref routeOf(Canary canary) {
        return route.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(routeOf(canary));
    }

    @Override
    public List<Ref> beforePrimary(Canary canary) {
        return List.of(node(canary));
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var canary = routing.canary();
        var entry = live.find(reads(canary).getFirst());
        if (entry == null) {
            throw Refusal.missing(reads(canary).getFirst());
        }
        var host = entry.at("/spec/host");
        return List.of(
                new RouteObject(
                        node(canary),
                        null,
                        (edit, _) -> edit.spec("pods", JSON.textNode(routing.primary())),
                        (edit, _) -> edit.spec("pods", JSON.textNode(routing.primary())),
                        _ -> false),
                new RouteObject(
                        routeOf(canary),
                        Decoration.ofApex(routing),
                        (edit, _) -> split(routing, host, edit),
                        (edit, _) -> split(routing, host, edit),
                        found -> found.at("/spec").has("primary")));
    }

    private static void split(Routing routing, JsonNode host, Edit edit) {
        edit.spec("host", host)
                .spec("primary", JSON.numberNode(routing.split().shares().primary()))
                .spec("canary", JSON.numberNode(routing.split().shares().canary()))
                .spec("mirrored", JSON.booleanNode(routing.split().mirrored()));
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return object.at("/spec").has("canary")
                ? Optional.of(
                        Split.ofWeights(
                                        object.at("/spec/primary").asLong(),
                                        object.at("/spec/canary").asLong())
                                .mirroring(object.at("/spec/mirrored").asBoolean()))
                : Optional.empty();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject found) {
        return edit ->
                edit.spec("primary", JSON.numberNode(100))
                        .spec("canary", JSON.numberNode(0))
                        .spec("mirrored", JSON.booleanNode(false));
    }

    @Override
    public Acceptance accepted(ClusterObject found, Found looked) {
        return switch (found.at("/status/accepted").asText()) {
            case "no" -> Acceptance.refused("the mesh refuses " + found.ref().dotted());
            case "unseen" -> Acceptance.unseen("the mesh has not seen " + found.ref().dotted());
            default -> Acceptance.TAKEN;
        };
    }

    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject found) {
        return Optional.of(
                edit -> {
                    edit.spec().removeAll();
                    edit.spec("apex", JSON.textNode(canary.apex()));
                });
    }
}
