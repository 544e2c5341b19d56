package dev.serinus.router.route.gloo;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.router.route.Silence;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Gloo;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gloo: a RouteTable, to which the user's VirtualService delegates, that weighs an Upstream of the
 * primary against one of the canary. Shapes are Flagger's (pkg/router/gloo.go), except that what
 * was there before is kept and that requests that do not match an A/B test have a route too.
 */
public final class GlooRouter implements Router {

    private static final String ROUTES = "/spec/routes";

    /** As a word and, in older versions, as a number. */
    private static final Set<String> REJECTED = Set.of("Rejected", "2");

    @Override
    public Mesh mesh() {
        return Gloo.MESH;
    }

    @Override
    public List<Ref> reads(Canary canary) {
        return new Upstreams(canary, 0).settings().stream().toList();
    }

    @Override
    public List<Ref> writes(Canary canary) {
        var service = canary.getSpec().service();
        if (service == null) {
            return List.of(table(canary));
        }
        var upstreams = new Upstreams(canary, service.port());
        return List.of(upstreams.primary(), upstreams.candidate(), table(canary));
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(table(canary));
    }

    private static Ref table(Canary canary) {
        return Gloo.ROUTE_TABLE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    /** Upstreams of another port: the port is part of their names. */
    @Override
    public List<Kind> discards() {
        return List.of(Gloo.UPSTREAM);
    }

    /** A RouteTable of another name stays, and leads by its own. */
    @Override
    public boolean isDiscarded(Canary canary, Ref made) {
        return new Upstreams(canary, 0).isOfSide(made);
    }

    @Override
    public boolean refusesFound() {
        return true;
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var canary = routing.canary();
        var upstreams = new Upstreams(canary, routing.service().port());
        var rendering = new TableRoutes(routing, upstreams);
        var made = rendering.made();
        var found = live.find(table(canary));
        var subsets =
                found == null || found.isOwnedBy(canary)
                        ? List.<List<String>>of()
                        : rendering.subsets(found.at(ROUTES));
        List<RouteObject> wanted =
                new ArrayList<>(upstreams.wanted(settings(upstreams, live), subsets));
        wanted.add(
                new RouteObject(
                        table(canary),
                        Decoration.ofApex(routing),
                        (edit, _) -> edit.spec("routes", made),
                        (edit, before) -> adopted(rendering, edit, before),
                        before -> rendering.isTakenOver(before.at(ROUTES))));
        return List.copyOf(wanted);
    }

    private static void adopted(TableRoutes rendering, Edit edit, ClusterObject before) {
        var shared = new SharedLists(before, !rendering.isTakenOver(before.at(ROUTES)));
        edit.spec("routes", rendering.adopted(before.at(ROUTES), shared.noted(SharedLists.MATCH)));
        shared.added(SharedLists.MATCH, rendering.routing().match());
        shared.note(edit);
    }

    @Override
    public void refuseUnfit(Routing routing, ClusterObject found) {
        var upstreams = new Upstreams(routing.canary(), routing.service().port());
        new TableRoutes(routing, upstreams).refuseUnfit(found);
    }

    private static @Nullable ClusterObject settings(Upstreams upstreams, Live live) {
        var ref = upstreams.settings();
        if (ref.isEmpty()) {
            return null;
        }
        var settings = live.find(ref.get());
        // Without it ours keep what they have: a release has to be taken back all the same.
        boolean areMade =
                live.find(upstreams.primary()) != null && live.find(upstreams.candidate()) != null;
        if (settings == null && !areMade) {
            throw Refusal.missing("config upstream", ref.get());
        }
        return settings;
    }

    /** With matching requests and others, those that match are weighed and all others are not. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Gloo.ROUTE_TABLE)) {
            return Optional.empty();
        }
        String name = object.ref().name();
        String namespace = object.ref().namespace();
        return object.at(ROUTES)
                .valueStream()
                .map(route -> route.at("/routeAction/multi/destinations"))
                .filter(it -> Upstreams.weight(it, name, namespace, true) >= 0)
                .map(
                        it ->
                                Split.ofWeights(
                                        Upstreams.weight(it, name, namespace, false),
                                        Upstreams.weight(it, name, namespace, true)))
                .reduce(Split::ofMatchingAndOthers);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String name = canary.apex();
        String namespace = canary.getMetadata().getNamespace();
        return edit -> {
            for (JsonNode one : edit.spec().path("routes")) {
                Backends.withdraw(
                        one.at("/routeAction/multi/destinations"),
                        it -> Upstreams.isOf(it, name, namespace, false),
                        it -> Upstreams.isOf(it, name, namespace, true),
                        0);
            }
        };
    }

    /** Gloo says whose status it is since 1.10, and nothing of what it has seen. */
    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        if (!isSaid(route)) {
            return Silence.of(route, looked, GlooRouter::isSaid, "", "Gloo");
        }
        var status = route.at("/status");
        return Stream.concat(Stream.of(status), status.path("statuses").valueStream())
                .filter(it -> REJECTED.contains(it.path("state").asText()))
                .findFirst()
                .map(it -> Acceptance.refused(rejected(route, it)))
                .orElse(Acceptance.TAKEN);
    }

    private static boolean isSaid(ClusterObject table) {
        return !table.at("/status/state").isMissingNode()
                || !table.at("/status/statuses").isEmpty();
    }

    private static String rejected(ClusterObject route, JsonNode status) {
        return "RouteTable %s is rejected by Gloo: %s"
                .formatted(route.ref().dotted(), status.path("reason").asText("no reason given"));
    }

    /** By it requests come in, from the VirtualService that delegates to it. */
    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var routing = new Routing(canary, Split.PRIMARY, 0, "");
        var upstreams = new Upstreams(canary, routing.service().port());
        var routes = new TableRoutes(routing, upstreams).toApex();
        return Optional.of(edit -> edit.spec("routes", routes));
    }
}
