package dev.serinus.router.route.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.Affinity;
import dev.serinus.router.route.ApexSettings;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Istio;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Istio: a VirtualService that weighs the primary against the canary, and a DestinationRule for
 * each. Shapes are Flagger's (pkg/router/istio.go), except that what was there before is kept.
 */
public final class IstioRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public Mesh mesh() {
        return Istio.MESH;
    }

    @Override
    public List<Ref> writes(Canary canary) {
        List<Ref> writes = new ArrayList<>(destinationRules(canary));
        writes.add(virtualService(canary));
        return writes;
    }

    /** That of a baseline which is asked for no more. */
    @Override
    public List<Kind> discards() {
        return List.of(Istio.DESTINATION_RULE);
    }

    @Override
    public boolean isDiscarded(Canary canary, Ref made) {
        return made.isSameObject(destinationRule(canary, "-baseline"));
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(virtualService(canary));
    }

    /** A policy that the Canary has itself holds for both sides. */
    @Override
    public List<String> lost(Routing atRest, Found live) {
        String namespace = atRest.canary().getMetadata().getNamespace();
        return atRest.service().trafficPolicy() != null
                ? List.of()
                : new ApexSettings(atRest, live)
                        .objects(
                                Istio.DESTINATION_RULE,
                                (rule, service) ->
                                        rule.at("/spec").has("trafficPolicy")
                                                && isHost(
                                                        rule.at("/spec/host").asText(),
                                                        service,
                                                        namespace),
                                "write its trafficPolicy in spec.service.trafficPolicy");
    }

    private static boolean isHost(String host, String service, String namespace) {
        String full = service + "." + namespace + ".svc.cluster.local";
        return host.equals(service)
                || (host.startsWith(service + "." + namespace) && full.startsWith(host));
    }

    /** Without its percentage a mirror copies all requests, and without a condition all match. */
    @Override
    public Map<String, String> younger() {
        String later = "; later Istio has it";
        return Map.of(
                "mirrorPercentage", "for spec.analysis.mirrorWeight" + later,
                "match.queryParams", "for queryParams of a match" + later,
                "match.withoutHeaders", "for withoutHeaders of a match" + later,
                "match.sourceNamespace", "for sourceNamespace of a match" + later);
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var rendering = new IstioRoutes(routing);
        rendering.check();
        var canary = routing.canary();
        List<RouteObject> wanted = new ArrayList<>();
        destinationRules(canary).forEach(ref -> wanted.add(destinationRule(routing, ref)));
        wanted.add(
                new RouteObject(
                        virtualService(canary),
                        Decoration.ofApex(routing),
                        (edit, found) -> made(rendering, edit, found),
                        (edit, found) -> adopted(rendering, edit, found),
                        rendering::isTakenOver));
        return wanted;
    }

    private static RouteObject destinationRule(Routing routing, Ref ref) {
        var policy = routing.service().trafficPolicy();
        return new RouteObject(
                ref,
                null,
                (edit, _) ->
                        edit.spec("host", JSON.textNode(ref.name())).spec("trafficPolicy", policy),
                (edit, _) -> {
                    edit.spec("host", JSON.textNode(ref.name()));
                    if (policy != null) {
                        edit.spec("trafficPolicy", policy);
                    }
                },
                found -> found.at("/spec/host").asText().isEmpty());
    }

    private static void made(IstioRoutes rendering, Edit edit, @Nullable ClusterObject found) {
        String field = field(rendering);
        JsonNode live = rendering.routing().live(found, "/spec/" + field);
        edit.spec("hosts", rendering.hosts())
                .spec("gateways", rendering.gateways())
                .spec(field, JSON.arrayNode().addAll(rendering.rules(live)))
                .spec(rendering.isTcp() ? "http" : "tcp", null);
    }

    private static void adopted(IstioRoutes rendering, Edit edit, ClusterObject found) {
        if (!rendering.isTakenOver(found)
                && found.annotation(RouteMetadata.KUBECTL_APPLIED) == null
                && found.annotation(RouteMetadata.FLAGGER_ORIGINAL) == null) {
            // So that Flagger, should it take over again, finds what it looks for.
            edit.annotate(RouteMetadata.FLAGGER_ORIGINAL, found.at("/spec").toString());
        }
        String field = field(rendering);
        JsonNode live = found.at("/spec/" + field);
        List<ObjectNode> rules = rendering.rules(rendering.routing().live(found, "/spec/" + field));
        AdoptedRules.keepUnknown(live, rules, rendering::isOurs, IstioRoutes.KNOWN);
        ArrayNode merged =
                AdoptedRules.merged(live, rules, rendering::isOurs, it -> !it.has("match"));
        names(rendering, edit, found);
        edit.spec(field, merged);
    }

    /** Those of the Canary and of its user; a delegate has none, and works with none alone. */
    private static void names(IstioRoutes rendering, Edit edit, ClusterObject found) {
        var gateways = rendering.gateways();
        if (gateways == null) {
            edit.spec("hosts", JSON.arrayNode()).spec("gateways", null);
            edit.withoutAnnotations(SharedLists.ADDED::equals);
            return;
        }
        boolean isOfTheUser = !rendering.isTakenOver(found);
        boolean wasDelegate = !isOfTheUser && found.at("/spec/hosts").isEmpty();
        var lists =
                wasDelegate
                        ? new SharedLists(RouteMetadata.original(found).orElse(found), true)
                        : new SharedLists(found, isOfTheUser);
        // None means the mesh, whose callers would lose all that it says.
        var theirs =
                lists.isAbsent("gateways", gateways)
                        ? List.<JsonNode>of(JSON.textNode(IstioRoutes.MESH))
                        : lists.users("gateways", gateways);
        edit.spec("hosts", lists.merged("hosts", rendering.hosts()))
                .spec("gateways", lists.merged("gateways", gateways, theirs));
        lists.note(edit);
    }

    private static String field(IstioRoutes rendering) {
        return rendering.isTcp() ? "tcp" : "http";
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Istio.VIRTUAL_SERVICE)) {
            return Optional.empty();
        }
        String primary = object.ref().name() + "-primary";
        String candidate = object.ref().name() + "-canary";
        String baseline = object.ref().name() + "-baseline";
        Optional<Split> split = Optional.empty();
        boolean mirrored = false;
        @Nullable Weight share = null;
        boolean matched = false;
        var routes =
                Stream.of("/spec/http", "/spec/tcp").flatMap(it -> object.at(it).valueStream());
        for (JsonNode rule : (Iterable<JsonNode>) routes::iterator) {
            if (rule.path("mirror").path("host").asText().equals(candidate)) {
                mirrored = true;
                share = Split.percentOf(rule.at("/mirrorPercentage/value"));
            }
            // Who does not match has a rule of the primary's alone.
            matched |= leadsTo(rule, primary) && !leadsTo(rule, candidate);
            var before = split;
            // Rules for cookies come first, the one that weighs last.
            split =
                    Split.ofBackends(
                                    rule.path("route"),
                                    it -> host(it).equals(candidate),
                                    it -> host(it).equals(baseline),
                                    0)
                            .or(() -> before);
        }
        boolean copies = mirrored;
        var copied = share;
        boolean conditional = matched;
        return split.map(it -> it.mirroring(copies).copying(copied).matching(conditional));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String primary = canary.apex() + "-primary";
        String candidate = canary.apex() + "-canary";
        var others = Set.of(candidate, canary.apex() + "-baseline");
        return edit -> {
            for (String field : List.of("http", "tcp")) {
                for (JsonNode rule : edit.spec().path(field)) {
                    Backends.withdraw(
                            rule.path("route"),
                            it -> host(it).equals(primary),
                            it -> others.contains(host(it)),
                            0);
                    if (rule.path("mirror").path("host").asText().equals(candidate)) {
                        ((ObjectNode) rule).remove(List.of("mirror", "mirrorPercentage"));
                    }
                }
            }
        };
    }

    private static boolean leadsTo(JsonNode rule, String host) {
        return rule.path("route").valueStream().anyMatch(it -> host(it).equals(host));
    }

    private static String host(JsonNode destination) {
        return destination.path("destination").path("host").asText();
    }

    @Override
    public Optional<Affinity.Shown> cookies(Canary canary, ClusterObject route) {
        return Affinity.shown(canary, IstioRoutes.cookies(route.at("/spec/http")));
    }

    @Override
    public List<NamedAhead> namedAhead() {
        return IstioRoutes.NAMED_AHEAD;
    }

    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var rendering = new IstioRoutes(new Routing(canary, Split.PRIMARY, 0, ""));
        return rendering.isEntry()
                ? Optional.of(
                        edit ->
                                edit.spec(
                                        field(rendering), JSON.arrayNode().add(rendering.toApex())))
                : Optional.empty();
    }

    private static Ref virtualService(Canary canary) {
        return Istio.VIRTUAL_SERVICE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    /** One for each side that a route may name. */
    private static List<Ref> destinationRules(Canary canary) {
        var sides =
                canary.hasBaseline()
                        ? List.of("-canary", "-primary", "-baseline")
                        : List.of("-canary", "-primary");
        return sides.stream().map(side -> destinationRule(canary, side)).toList();
    }

    private static Ref destinationRule(Canary canary, String side) {
        return Istio.DESTINATION_RULE.named(
                canary.getMetadata().getNamespace(), canary.apex() + side);
    }
}
